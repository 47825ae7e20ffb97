// SPDX-License-Identifier: MIT
/// json.h: strings and counts as JSON values.
#ifndef HD_JSON_H
#define HD_JSON_H

#include <jansson.h>
#include <stdint.h>

/// A JSON string of `text`, in which bytes that are not UTF-8 (paths may hold them) become '?'.
json_t *hd_json_text(const char *text);

/// A count as a JSON number.
json_t *hd_json_count(uint64_t count);

/// One number to another; null where that is 0.
json_t *hd_json_ratio(double number, double to);

#endif
