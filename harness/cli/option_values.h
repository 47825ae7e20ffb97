// SPDX-License-Identifier: MIT
/// option_values.h: what options of several commands take. What is wrong ends as argp_error does.
#ifndef HD_OPTION_VALUES_H
#define HD_OPTION_VALUES_H

#include "harness/fresh/fresh.h"
#include "harness/tap/tap.h"

#include <argp.h>

/// A whole number from `least` to `most`, at most UINT_MAX; `what` is its name in the message.
unsigned hd_option_number(const char *text, unsigned long least, unsigned long most,
                          const char *what, const struct argp_state *state);

/// Seconds: 90, 90s, 15m, 8h, 2d.
double hd_option_duration(const char *text, const struct argp_state *state);

/// By name, `auto` among them.
enum hd_tap_way hd_option_tap_way(const char *text, const struct argp_state *state);
enum hd_fresh_way hd_option_fresh_way(const char *text, const struct argp_state *state);

#endif
