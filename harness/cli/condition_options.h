// SPDX-License-Identifier: MIT
/// condition_options.h: `--timeout`, `--memory-limit` and `--tap`: under what a trace runs on an
/// allocator.
#ifndef HD_CONDITION_OPTIONS_H
#define HD_CONDITION_OPTIONS_H

#include <argp.h>

/// A child parser; its input is a struct hd_conditions, holding the defaults.
extern const struct argp hd_condition_argp;

#endif
