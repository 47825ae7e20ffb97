// SPDX-License-Identifier: MIT
/// counters_libfuzzer.c: libFuzzer's extra counters.
#include "harness/fuzz/counters.h"

#include <stdint.h>

// libFuzzer looks for this section by its name, zeroes it before each input and reads it after.
__attribute__((section("__libfuzzer_extra_counters"), used)) static uint8_t counters[HD_COUNTERS];

void hd_counters_hit(size_t counter)
{
    if (counters[counter] < UINT8_MAX) counters[counter]++;
}
