// SPDX-License-Identifier: MIT
/// minimize_report.h: what `heapduel minimize` says.
#ifndef HD_MINIMIZE_REPORT_H
#define HD_MINIMIZE_REPORT_H

#include "harness/reduce/minimized.h"

#include <stdio.h>

/// As text: what was found, before it is made smaller; and what came of it.
void hd_minimized_text_found(const struct hd_minimized *minimized, FILE *file);
void hd_minimized_text(const struct hd_minimized *minimized, FILE *file);

/// All of it as one JSON document.
void hd_minimized_json(const struct hd_minimized *minimized, FILE *file);

#endif
