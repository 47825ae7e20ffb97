// SPDX-License-Identifier: MIT
/// stats.c: what is counted by a fuzz target, and by whoever finds it dead.
#include "harness/fuzz/stats.h"

#include <stdio.h>
#include <time.h>

void hd_stats_count_finding(struct hd_stats *stats, const char *signature)
{
    struct timespec now;
    if (stats->findings++ != 0) return;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    stats->first_inputs = stats->inputs;
    stats->first_ns = (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
    (void)snprintf(stats->first_signature, sizeof stats->first_signature, "%s", signature);
}

void hd_stats_count_death(struct hd_stats *stats)
{
    stats->died = stats->input;
    stats->in_run = 0;
    stats->deaths++;
}
