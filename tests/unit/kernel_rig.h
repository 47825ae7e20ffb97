// SPDX-License-Identifier: MIT
/// kernel_rig.h: the engine rig with the tap open, and the allocator that really asks the kernel.
#ifndef HD_TEST_KERNEL_RIG_H
#define HD_TEST_KERNEL_RIG_H

#include "tests/unit/engine_rig.h"
#include "tests/unit/mapper.h"

extern struct mapper mapper;

/// To be called once, before the tests. False: there is no way here that sees the calls of libc,
/// and the test is to be skipped; it has been said.
bool open_tap(void);

/// To be called in each test: cmocka takes SIGSYS, which is the tap's, at the start of each.
void take_signal(void);

#endif
