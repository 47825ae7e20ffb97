// SPDX-License-Identifier: MIT
/// clock.h: time as it passes, and processor time.
///
/// Inline and no call but clock_gettime, so that the library that is preloaded into any program can
/// have it too.
#ifndef HD_CLOCK_H
#define HD_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline uint64_t hd_clock_read_ns(clockid_t clock)
{
    struct timespec now = {0};
    (void)clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

/// Since some moment in the past, the same for all processes, and never set back.
static inline uint64_t hd_now_ns(void)
{
    return hd_clock_read_ns(CLOCK_MONOTONIC);
}
static inline uint64_t hd_now_ms(void)
{
    return hd_now_ns() / 1000000;
}
static inline double hd_now_s(void)
{
    return (double)hd_now_ns() / 1e9;
}

/// Processor time of this process so far.
static inline uint64_t hd_processor_ns(void)
{
    return hd_clock_read_ns(CLOCK_PROCESS_CPUTIME_ID);
}

#endif
