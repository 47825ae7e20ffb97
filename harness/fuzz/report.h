// SPDX-License-Identifier: MIT
/// report.h: a fuzz target's findings, on the terminal and in files.
#ifndef HD_REPORT_H
#define HD_REPORT_H

#include "harness/fuzz/target.h"

/// Where findings go; NULL: the working folder. `quiet_if_known`: nothing is printed of findings of
/// which there is a trace already.
void hd_report_start(const char *findings, bool quiet_if_known);

/// Prints the finding and keeps its trace (finding_file.h), unless one of that signature is there:
/// that one gets the time of now. Beside a new one what was run before it is kept, if it is kept at
/// all (history.h). Allocates nothing, so that it can be called from a signal handler.
void hd_report_finding(const struct hd_target_run *run, const struct hd_finding *finding);

#endif
