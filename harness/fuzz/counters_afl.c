// SPDX-License-Identifier: MIT
/// counters_afl.c: more edges in AFL++'s map, beside those of instrumented code.
///
/// AFL++ does not read libFuzzer's extra counters. Its runtime gives each guard it is shown a place
/// in the map, whether the guard stands for an edge or not.
#include "harness/fuzz/counters.h"

#include <stdint.h>

// Clang's interface for -fsanitize-coverage=trace-pc-guard, which AFL++'s runtime answers.
void __sanitizer_cov_trace_pc_guard_init(uint32_t *start, uint32_t *stop);
void __sanitizer_cov_trace_pc_guard(uint32_t *guard);

static uint32_t guards[HD_COUNTERS];

/// Before main, as instrumented code does it: the fork server tells AFL++ how large the map is.
__attribute__((constructor)) static void place_guards(void)
{
    __sanitizer_cov_trace_pc_guard_init(guards, guards + HD_COUNTERS);
}

void hd_counters_hit(size_t counter) { __sanitizer_cov_trace_pc_guard(&guards[counter]); }
