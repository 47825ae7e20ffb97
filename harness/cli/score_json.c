// SPDX-License-Identifier: MIT
/// score_json.c: what was found by what, for a program.
#include "harness/cli/finding_json.h"
#include "harness/cli/json.h"
#include "harness/cli/score.h"

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

static json_t *replayed_json(const struct hd_replayed *replayed)
{
    json_t *object = json_object();
    json_t *oracles = json_object();
    json_object_set_new(object, "traces", hd_json_count(replayed->traces));
    json_object_set_new(object, "found", json_boolean(replayed->any));
    json_object_set_new(object, "by_oracle", json_boolean(replayed->by_oracle));
    json_object_set_new(object, "oracles", oracles);
    json_object_set_new(object, "trace", name_or_null(replayed->trace));
    json_object_set_new(object, "finding",
                        replayed->any ? hd_finding_json(&replayed->finding) : json_null());
    json_object_set_new(object, "seconds",
                        replayed->any ? json_real(replayed->seconds) : json_null());
    for (size_t i = 0; i < HD_ORACLES; i++)
        if (replayed->found[i] > 0)
            json_object_set_new(oracles, hd_oracles[i]->name, hd_json_count(replayed->found[i]));
    return object;
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

static json_t *settings_json(const struct hd_score *score, const struct hd_score_row *row)
{
    json_t *object = json_object();
    for (size_t i = 0; i < HD_HUNT_SETTINGS; i++)
        if (score->options.settings[i])
            json_object_set_new(object, hd_hunt_settings[i].name, found_json(&row->found[i]));
    return object;
}

static json_t *row_json(const struct hd_score *score, const struct hd_score_row *row)
{
    json_t *object = json_object();
    json_object_set_new(object, "allocator", hd_json_text(row->suspect.name));
    json_object_set_new(object, "correct", json_boolean(row->suspect.correct));
    json_object_set_new(object, "oracle", name_or_null(row->suspect.oracle));
    if (score->options.replays)
        json_object_set_new(object, "replayed", replayed_json(&row->replayed));
    if (score->options.fuzzes) json_object_set_new(object, "fuzzed", settings_json(score, row));
    return object;
}

static json_t *sum_json(const struct hd_score *score, size_t setting)
{
    struct hd_score_sum sum;
    json_t *object = json_object();
    hd_score_sum(score, setting, &sum);
    json_object_set_new(object, "faults", hd_json_count(sum.faults));
    json_object_set_new(object, "reliable", hd_json_count(sum.reliable));
    json_object_set_new(object, "inputs", number(sum.inputs));
    json_object_set_new(object, "inputs_of", hd_json_count(sum.inputs_of));
    return object;
}

static json_t *fuzzing_json(const struct hd_score *score)
{
    const struct hd_score_options *options = &score->options;
    json_t *object = json_object();
    json_t *sums = json_object();
    json_object_set_new(object, "time", json_real(options->time));
    json_object_set_new(object, "inputs",
                        options->inputs > 0 ? hd_json_count(options->inputs) : json_null());
    json_object_set_new(object, "rounds", hd_json_count(options->rounds));
    json_object_set_new(object, "sums", sums);
    for (size_t i = 0; i < HD_HUNT_SETTINGS; i++)
        if (options->settings[i])
            json_object_set_new(sums, hd_hunt_settings[i].name, sum_json(score, i));
    return object;
}

json_t *hd_score_json(const struct hd_score *score)
{
    json_t *object = json_object();
    json_t *rows = json_array();
    json_object_set_new(object, "heapduel", json_string(HEAPDUEL_VERSION));
    if (score->options.replays)
        json_object_set_new(object, "traces", hd_json_count(score->inputs->count));
    if (score->options.fuzzes) json_object_set_new(object, "fuzzing", fuzzing_json(score));
    json_object_set_new(object, "allocators", rows);
    for (size_t i = 0; i < score->count; i++)
        json_array_append_new(rows, row_json(score, &score->rows[i]));
    return object;
}
