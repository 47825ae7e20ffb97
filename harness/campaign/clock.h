// SPDX-License-Identifier: MIT
/// clock.h: seconds.
#ifndef HD_CAMPAIGN_CLOCK_H
#define HD_CAMPAIGN_CLOCK_H

#include <time.h>

/// Since some point in the past.
static inline double hd_campaign_now(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

#endif
