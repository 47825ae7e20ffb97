// SPDX-License-Identifier: MIT
/// clock.c: CLOCK_PROCESS_CPUTIME_ID, and the middle one.
#include "harness/bench/clock.h"

#include "allocators/status.h"

#include <stdlib.h>
#include <time.h>

uint64_t hd_clock_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

void hd_samples_add(struct hd_samples *samples, uint64_t ns)
{
    HD_ASSERT(samples->count < HD_CLOCK_SAMPLES_MAX);
    samples->ns[samples->count++] = ns;
}

static int compare_ns(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a;
    const uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

uint64_t hd_samples_median(struct hd_samples *samples)
{
    if (samples->count == 0) return 0;
    qsort(samples->ns, samples->count, sizeof samples->ns[0], compare_ns);
    return samples->ns[samples->count / 2];
}
