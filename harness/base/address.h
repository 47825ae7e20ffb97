// SPDX-License-Identifier: MIT
/// address.h: the addresses that memory of a process can have.
#ifndef HD_ADDRESS_H
#define HD_ADDRESS_H

#include <stdint.h>

/// No block and no mapping starts at or past this address: more than the 47 bits that user space
/// has on x86-64, and what aarch64 has with pages of 4 KiB.
#define HD_ADDRESS_END (UINT64_C(1) << 48)

#endif
