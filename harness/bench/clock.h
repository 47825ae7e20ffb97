// SPDX-License-Identifier: MIT
/// clock.h: processor time, medians of it, and what else is said of samples.
#ifndef HD_CLOCK_H
#define HD_CLOCK_H

#include <stdint.h>

#define HD_CLOCK_SAMPLES_MAX 64

/// Processor time of this process so far, ns.
uint64_t hd_clock_ns(void);

/// Time as it passes, since some moment, ns.
uint64_t hd_clock_wall_ns(void);

/// Samples of one thing.
struct hd_samples {
    uint64_t ns[HD_CLOCK_SAMPLES_MAX];
    unsigned count;
};

/// pre: fewer than HD_CLOCK_SAMPLES_MAX yet.
void hd_samples_add(struct hd_samples *samples, uint64_t ns);

/// Sorts them. 0: there are none.
uint64_t hd_samples_median(struct hd_samples *samples);

/// The least. 0: there are none.
uint64_t hd_samples_best(const struct hd_samples *samples);

/// How far the worst lies above the best, as a share of that. 0: the best is 0, or there is none.
double hd_samples_spread(const struct hd_samples *samples);

#endif
