// SPDX-License-Identifier: MIT
/// usage.h: wrong usage and other bad news, on stderr.
#ifndef HD_USAGE_H
#define HD_USAGE_H

#include "allocators/status.h"

/// Sets argp up: its exit status for wrong usage, the version.
void hd_usage_setup(void);

/// Prints the message and returns `status`, so that a command can end with it. A malformed trace
/// (`located`) begins with its place, as editors want it; everything else with the program's name.
HD_MUST_USE int hd_complain(enum hd_status status, const struct hd_message *message);
HD_MUST_USE int hd_complain_located(enum hd_status status, const struct hd_message *message);

#endif
