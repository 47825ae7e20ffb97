// SPDX-License-Identifier: MIT
/// json.c: JSON holds UTF-8 and nothing else.
#include "harness/cli/json.h"

#include "harness/cli/grow.h"

#include <stdlib.h>

json_t *hd_json_text(const char *text)
{
    json_t *string = json_string(text);
    if (string != NULL) return string;
    // Not UTF-8 somewhere: all that is not ASCII goes, which is always right.
    char *copy = hd_copy_string(text);
    for (char *at = copy; *at != '\0'; at++)
        if ((unsigned char)*at >= 0x80) *at = '?';
    string = json_string(copy);
    free(copy);
    return string;
}

json_t *hd_json_count(uint64_t count)
{
    return json_integer((json_int_t)count);
}

json_t *hd_json_ratio(double number, double to)
{
    return to > 0 ? json_real(number / to) : json_null();
}

json_t *hd_json_names(const struct hd_roster *roster, uint32_t set)
{
    json_t *names = json_array();
    for (size_t i = 0; i < roster->count; i++)
        if ((set >> i & 1) != 0) json_array_append_new(names, hd_json_text(roster->names[i]));
    return names;
}

json_t *hd_json_all_names(const struct hd_roster *roster)
{
    return hd_json_names(roster, UINT32_MAX);
}
