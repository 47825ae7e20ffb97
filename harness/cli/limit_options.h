// SPDX-License-Identifier: MIT
/// limit_options.h: `--timeout` and `--memory-limit`: what a trace may use on an allocator.
#ifndef HD_LIMIT_OPTIONS_H
#define HD_LIMIT_OPTIONS_H

#include <argp.h>

/// A child parser; its input is a struct hd_conditions, holding the defaults.
extern const struct argp hd_limit_argp;

#endif
