// SPDX-License-Identifier: MIT
/// handler.h: the handler of SIGSYS, for the ways in which the kernel hands calls over (x86-64).
#ifndef HD_TAP_HANDLER_H
#define HD_TAP_HANDLER_H

#include <stdbool.h>

/// Installs the handler of SIGSYS, past libc and any sanitizer. False: the kernel refused.
bool hd_handler_install(void);

#endif
