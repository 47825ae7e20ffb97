// SPDX-License-Identifier: MIT
/// report_columns.h: the long lists of a report's page.
///
/// Members of a JSON object that has one before: `,"NAME":"COLUMN"` each (harness/report/column.h).
/// Those of steps and addresses hold differences.
#ifndef HD_REPORT_COLUMNS_H
#define HD_REPORT_COLUMNS_H

#include "harness/runner/runner.h"

#include <stdio.h>

/// The operations: kind, thread, slot, size, extra.
void hd_report_columns_of_trace(FILE *file, const struct hd_trace *trace);

/// Blocks: birth, span (of operations), address, usable. What was mapped: extent_from, _span,
/// _start, _size. Where mapped memory changed and where resident memory was looked at: mapped_step,
/// mapped, resident_step, resident. System calls: call_step, call_name.
/// pre: the result has moments, and its calls were recorded.
void hd_report_columns_of_run(FILE *file, const struct hd_trace *trace,
                              const struct hd_result *result);

#endif
