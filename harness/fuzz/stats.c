// SPDX-License-Identifier: MIT
/// stats.c: what is counted by a fuzz target, and by whoever finds it dead.
#include "harness/fuzz/stats.h"

#include "harness/base/clock.h"

#include <stdio.h>

void hd_stats_count_finding(struct hd_stats *stats, const char *signature)
{
    if (stats->findings++ != 0) return;
    stats->first_inputs = stats->inputs;
    stats->first_ns = hd_now_ns();
    (void)snprintf(stats->first_signature, sizeof stats->first_signature, "%s", signature);
}

void hd_stats_count_death(struct hd_stats *stats)
{
    stats->died = stats->input;
    stats->in_run = 0;
    stats->deaths++;
}
