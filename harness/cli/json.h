// SPDX-License-Identifier: MIT
/// json.h: strings, counts and names of allocators as JSON values.
#ifndef HD_JSON_H
#define HD_JSON_H

#include "harness/cli/roster.h"

#include <jansson.h>
#include <stdint.h>

/// A JSON string of `text`, in which bytes that are not UTF-8 (paths may hold them) become '?'.
json_t *hd_json_text(const char *text);

/// A count as a JSON number.
json_t *hd_json_count(uint64_t count);

/// One number to another; null where that is 0.
json_t *hd_json_ratio(double number, double to);

/// An array of the names of the allocators in `set`, in which bit i stands for the i-th.
json_t *hd_json_names(const struct hd_roster *roster, uint32_t set);

/// Of all of them.
json_t *hd_json_all_names(const struct hd_roster *roster);

#endif
