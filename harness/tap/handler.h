// SPDX-License-Identifier: MIT
/// handler.h: what becomes of one system call, for the ways that get it by SIGSYS.
#ifndef HD_TAP_HANDLER_H
#define HD_TAP_HANDLER_H

#include "harness/tap/tap.h"

#include <stdbool.h>
#include <stdint.h>

/// Installs the handler of SIGSYS, past libc and any sanitizer. False: the kernel refused.
bool hd_handler_install(void);

/// Answers one call, of an armed thread, made from `from`: refuses it, or makes it; writes it down.
int64_t hd_handler_answer(long number, const uint64_t args[6], uintptr_t from);

#endif
