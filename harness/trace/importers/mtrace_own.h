// SPDX-License-Identifier: MIT
/// mtrace_own.h: how heapduel itself writes the mtrace format, so that it reads the same slots
/// back.
#ifndef HD_MTRACE_OWN_H
#define HD_MTRACE_OWN_H

#include <stdint.h>

/// Stands where the caller stands.
#define HD_MTRACE_CALLER "heapduel"

/// The address that a slot's block has, and back.
static inline uint64_t hd_mtrace_address(uint32_t slot)
{
    return ((uint64_t)slot + 1) * 16;
}

static inline uint64_t hd_mtrace_slot(uint64_t address)
{
    return address / 16 - 1;
}

#endif
