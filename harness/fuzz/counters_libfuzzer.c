// SPDX-License-Identifier: MIT
/// counters_libfuzzer.c: libFuzzer's extra counters.
#include "harness/fuzz/counters.h"

// libFuzzer looks for this section by its name, zeroes it before each input and reads it after.
__attribute__((section("__libfuzzer_extra_counters"), used)) struct hd_counters hd_counters;

void hd_counters_show(void) {} // it looks by itself
