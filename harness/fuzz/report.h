// SPDX-License-Identifier: MIT
/// report.h: a fuzz target's findings and statistics, on the terminal and in files.
#ifndef HD_REPORT_H
#define HD_REPORT_H

#include "harness/fuzz/target.h"

/// Where findings (NULL: the working folder) and statistics (stats.h; NULL: nowhere) go. Ends the
/// process with status 3 when there can be no such file of statistics. `quiet_if_known`: nothing is
/// printed of findings of which there is a trace already.
void hd_report_start(const char *findings, const char *stats, bool quiet_if_known);

/// Room in the statistics for what was ever hit of the HD_COUNTERS counters of behaviour.h.
uint8_t *hd_report_behaviours(void);

/// How the heap is made fresh for each input, for the statistics.
void hd_report_fresh(const char *way);

/// Counts the operations of a run that came to its end.
void hd_report_count_run(const struct hd_run *run);

/// Prints the finding and keeps its trace (finding_file.h), unless one of that signature is there:
/// that one gets the time of now. Beside a new one what was run before it is kept, if it is kept at
/// all (history.h). Allocates nothing, so that it can be called from a signal handler.
void hd_report_finding(const struct hd_target_run *run, const struct hd_finding *finding);

#endif
