// SPDX-License-Identifier: MIT
/// report.h: a fuzz target's findings and statistics, on the terminal and in files.
#ifndef HD_REPORT_H
#define HD_REPORT_H

#include "harness/fuzz/target.h"

/// Where findings (NULL: the working folder) and statistics (NULL: nowhere) go. The statistics are
/// written when the process exits or reports a finding: lines of a word and a number.
void hd_report_start(const char *findings, const char *stats);

/// How the heap of this allocator is made fresh, for the statistics.
void hd_report_fresh(const char *allocator, const char *way);

/// Counts the operations of a run that came to its end.
void hd_report_count_run(const struct hd_run *run);

/// Prints the finding and keeps its trace as `DIR/NAME-SIGNATURE.trace`, unless one of that
/// signature is there. Allocates nothing, so that it can be called from a signal handler.
void hd_report_finding(const struct hd_target_run *run, const struct hd_finding *finding);

#endif
