// SPDX-License-Identifier: MIT
/// malloc_counter.h: how often this process has called malloc and its family so far.
#ifndef HD_TEST_MALLOC_COUNTER_H
#define HD_TEST_MALLOC_COUNTER_H

/// Begins counting, once in a process.
void malloc_counter_start(void);

/// Calls since then, from this program and every library.
unsigned long malloc_counter_calls(void);

#endif
