// SPDX-License-Identifier: MIT
/// samples.c: sorted for the middle one, gone through for the rest.
#include "harness/bench/samples.h"

#include "allocators/status.h"

#include <stdlib.h>

void hd_samples_add(struct hd_samples *samples, uint64_t ns)
{
    HD_ASSERT(samples->count < HD_SAMPLES_MAX);
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

uint64_t hd_samples_best(const struct hd_samples *samples)
{
    uint64_t best = samples->count == 0 ? 0 : UINT64_MAX;
    for (unsigned i = 0; i < samples->count; i++)
        if (samples->ns[i] < best) best = samples->ns[i];
    return best;
}

double hd_samples_spread(const struct hd_samples *samples)
{
    const uint64_t best = hd_samples_best(samples);
    uint64_t worst = 0;
    for (unsigned i = 0; i < samples->count; i++)
        if (samples->ns[i] > worst) worst = samples->ns[i];
    return best == 0 ? 0 : (double)(worst - best) / (double)best;
}
