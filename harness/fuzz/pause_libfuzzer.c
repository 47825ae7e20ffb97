// SPDX-License-Identifier: MIT
/// pause_libfuzzer.c: the program's counters as they were. Without an engine there are none.
#include "harness/fuzz/pause.h"

#include "allocators/status.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// The linker's names for the section of -fsanitize-coverage=inline-8bit-counters.
extern uint8_t __start___sancov_cntrs[] __attribute__((weak));
extern uint8_t __stop___sancov_cntrs[] __attribute__((weak));

static uint8_t kept[(size_t)1 << 20];

static size_t count(void)
{
    const size_t counters = (size_t)(__stop___sancov_cntrs - __start___sancov_cntrs);
    HD_ASSERT(counters <= sizeof kept);
    return counters;
}

void hd_coverage_pause(void)
{
    if (count() > 0) memcpy(kept, __start___sancov_cntrs, count());
}

void hd_coverage_resume(void)
{
    if (count() > 0) memcpy(__start___sancov_cntrs, kept, count());
}
