// SPDX-License-Identifier: MIT
/// own_stats.h: the statistics of this fuzz target (stats.h).
#ifndef HD_OWN_STATS_H
#define HD_OWN_STATS_H

#include "harness/engine/run.h"
#include "harness/fuzz/stats.h"

#include <stddef.h>
#include <stdint.h>

/// The file that they are kept in from now on; NULL: none. Ends the process with status 3 when
/// there can be no such file.
void hd_own_stats_open(const char *path);

/// They themselves.
struct hd_stats *hd_own_stats(void);

/// Counts an input. Where a process before this one died in its run, that is counted too.
void hd_own_stats_count_input(const uint8_t *data, size_t size);

/// Around each run of the input: whoever finds that the process died meanwhile knows by it. A run
/// that was reported is over.
void hd_own_stats_run_begins(void);
void hd_own_stats_run_is_over(void);

/// Counts the operations of a run that came to its end.
void hd_own_stats_count_run(const struct hd_run *run);

/// How the heap is made fresh for each input.
void hd_own_stats_fresh(const char *way);

#endif
