// SPDX-License-Identifier: MIT
/// report_data.h: the data of a report's page, each trace as soon as it is done.
///
/// An element `<script type="application/json">` a trace, of class `trace`, and one of all, with
/// the id `all`. Long lists of numbers are columns (harness/report/column.h).
#ifndef HD_REPORT_DATA_H
#define HD_REPORT_DATA_H

#include "harness/cli/reporter.h"

#include <stdbool.h>
#include <stdio.h>

/// To be set before a session with the reporter.
struct hd_report_page {
    FILE *file; // where the page goes; the caller asks ferror
    bool tells; // what came of all, in a line on standard output
};
extern struct hd_report_page hd_report_page;

/// Needs what conditions.records_timeline and records_calls give.
extern const struct hd_reporter hd_reporter_page;

#endif
