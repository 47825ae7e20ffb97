// SPDX-License-Identifier: MIT
/// samples.h: what was measured several times: the middle one, the least, the spread.
#ifndef HD_SAMPLES_H
#define HD_SAMPLES_H

#include <stdint.h>

#define HD_SAMPLES_MAX 64

struct hd_samples {
    uint64_t ns[HD_SAMPLES_MAX];
    unsigned count;
};

/// pre: fewer than HD_SAMPLES_MAX yet.
void hd_samples_add(struct hd_samples *samples, uint64_t ns);

/// Sorts them. 0: there are none.
uint64_t hd_samples_median(struct hd_samples *samples);

/// The least. 0: there are none.
uint64_t hd_samples_best(const struct hd_samples *samples);

/// How far the worst lies above the best, as a share of that. 0: the best is 0, or there is none.
double hd_samples_spread(const struct hd_samples *samples);

#endif
