// SPDX-License-Identifier: MIT
/// counters_afl.c: more edges in AFL++'s map, beside those of instrumented code.
///
/// AFL++ does not read libFuzzer's extra counters. Its runtime gives each guard it is shown a place
/// in the map, whether the guard stands for an edge or not.
#include "harness/fuzz/counters.h"

#include <string.h>

// Clang's interface for -fsanitize-coverage=trace-pc-guard, which AFL++'s runtime answers.
void __sanitizer_cov_trace_pc_guard_init(uint32_t *start, uint32_t *stop);

extern uint8_t *__afl_area_ptr; // AFL++'s map of the input under way

struct hd_counters hd_counters;
static uint32_t guards[HD_COUNTERS];

/// Before main, as instrumented code does it: the fork server tells AFL++ how large the map is.
__attribute__((constructor)) static void place_guards(void)
{
    __sanitizer_cov_trace_pc_guard_init(guards, guards + HD_COUNTERS);
}

void hd_counters_show(void)
{
    const uint8_t *counters = (const uint8_t *)&hd_counters;
    for (size_t i = 0; i < HD_COUNTERS; i++)
        if (counters[i] != 0) __afl_area_ptr[guards[i]] = counters[i];
    memset(&hd_counters, 0, sizeof hd_counters);
}
