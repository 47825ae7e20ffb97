// SPDX-License-Identifier: MIT
/// bench_find_json.c: how long it took to find what, for a program.
#include "harness/cli/bench_find.h"
#include "harness/cli/json.h"

#include <math.h>

/// null where there is no such number.
static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *name_or_null(const char *text)
{
    return text != NULL && *text != '\0' ? hd_json_text(text) : json_null();
}

static json_t *found_json(const struct hd_time_to_find *found)
{
    json_t *object = json_object();
    json_object_set_new(object, "rounds", hd_json_count(found->rounds));
    json_object_set_new(object, "found", hd_json_count(found->found));
    json_object_set_new(object, "by_oracle", hd_json_count(found->by_oracle));
    json_object_set_new(object, "seconds", number(found->seconds));
    json_object_set_new(object, "inputs", number(found->inputs));
    json_object_set_new(object, "signature", name_or_null(found->signature));
    json_object_set_new(object, "same_signature", hd_json_count(found->same));
    return object;
}

static json_t *row_json(const struct hd_bench_find *find, const struct hd_bench_find_row *row)
{
    json_t *object = json_object();
    json_t *settings = json_object();
    json_object_set_new(object, "allocator", hd_json_text(row->spec));
    json_object_set_new(object, "correct", json_boolean(row->correct));
    json_object_set_new(object, "oracle", name_or_null(row->oracle));
    json_object_set_new(object, "settings", settings);
    for (size_t i = 0; i < HD_HUNT_SETTINGS; i++)
        if (find->options.settings[i])
            json_object_set_new(settings, hd_hunt_settings[i].name, found_json(&row->found[i]));
    return object;
}

static json_t *sum_json(const struct hd_bench_find *find, size_t setting)
{
    struct hd_bench_find_sum sum;
    json_t *object = json_object();
    hd_bench_find_sum(find, setting, &sum);
    json_object_set_new(object, "faults", hd_json_count(sum.faults));
    json_object_set_new(object, "reliable", hd_json_count(sum.reliable));
    json_object_set_new(object, "inputs", number(sum.inputs));
    json_object_set_new(object, "inputs_of", hd_json_count(sum.inputs_of));
    return object;
}

json_t *hd_bench_find_json(const struct hd_bench_find *find)
{
    json_t *object = json_object();
    json_t *rows = json_array();
    json_t *sums = json_object();
    json_object_set_new(object, "time", json_real(find->options.time));
    json_object_set_new(object, "rounds", hd_json_count(find->options.rounds));
    json_object_set_new(object, "allocators", rows);
    json_object_set_new(object, "sums", sums);
    for (size_t i = 0; i < find->count; i++)
        json_array_append_new(rows, row_json(find, &find->rows[i]));
    for (size_t i = 0; i < HD_HUNT_SETTINGS; i++)
        if (find->options.settings[i])
            json_object_set_new(sums, hd_hunt_settings[i].name, sum_json(find, i));
    return object;
}
