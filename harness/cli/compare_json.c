// SPDX-License-Identifier: MIT
/// compare_json.c: the same as one document: what a tally has, and the footprints.
#include "harness/cli/compare.h"
#include "harness/cli/json.h"

#include <stdio.h>

static json_t *policies_json(const struct hd_roster *roster)
{
    static struct hd_side sides[HD_CONTESTANTS_MAX];
    json_t *rows = json_array();
    for (enum hd_question question = 0; question < HD_QUESTIONS; question++) {
        hd_compared_answers(roster->count, question, sides);
        json_t *allocators = json_array();
        for (size_t i = 0; i < roster->count; i++) {
            json_t *one = json_object();
            json_object_set_new(one, "name", hd_json_text(roster->names[i]));
            json_object_set_new(one, "answer", hd_json_text(sides[i].text));
            json_array_append_new(allocators, one);
        }
        json_t *row = json_object();
        json_object_set_new(row, "question", json_string(hd_question_ids[question]));
        json_object_set_new(row, "differs",
                            json_boolean(hd_sides_agree(sides, roster->count) == NULL));
        json_object_set_new(row, "allocators", allocators);
        json_array_append_new(rows, row);
    }
    return rows;
}

static json_t *footprints_json(const struct hd_roster *roster)
{
    json_t *allocators = json_array();
    for (size_t i = 0; i < roster->count && hd_compared.traces != 0; i++) {
        json_t *one = json_object();
        json_object_set_new(one, "name", hd_json_text(roster->names[i]));
        json_object_set_new(one, "carried_out", hd_json_count(hd_compared.of[i].operations));
        json_object_set_new(one, "footprint", hd_footprint_json(&hd_compared.of[i].footprint));
        const struct hd_timeline_use *use = &hd_compared.of[i].use;
        json_object_set_new(one, "resident_peak", hd_json_count(use->resident_peak));
        json_object_set_new(one, "mapped_to_live", hd_json_ratio(use->mapped, use->live));
        if (hd_compared.times)
            json_object_set_new(one, "bare_ns",
                                hd_compared.of[i].not_timed
                                    ? json_null()
                                    : hd_json_count(hd_compared.of[i].bare_ns));
        json_array_append_new(allocators, one);
    }
    json_t *object = json_object();
    json_object_set_new(object, "traces", hd_json_count(hd_compared.traces));
    json_object_set_new(object, "left_out", hd_json_count(hd_compared.left_out));
    if (hd_compared.times) json_object_set_new(object, "timed", hd_json_count(hd_compared.timed));
    json_object_set_new(object, "allocators", allocators);
    return object;
}

static void end(const struct hd_tally *tally, const struct hd_footprint_book *book, bool verbose)
{
    (void)book;
    (void)verbose;
    json_t *document = json_object();
    json_object_set_new(document, "heapduel", json_string(HEAPDUEL_VERSION));
    json_object_set_new(document, "allocators", hd_json_all_names(tally->roster));
    json_object_set_new(document, "steps", hd_json_count(hd_compared.steps));
    json_object_set_new(document, "policies", policies_json(tally->roster));
    hd_tally_json(tally, document);
    json_object_set_new(document, "footprints", footprints_json(tally->roster));
    (void)json_dumpf(document, stdout, JSON_INDENT(2));
    (void)putchar('\n');
    json_decref(document);
}

const struct hd_reporter hd_reporter_compare_json = {
    .begin = hd_compared_begin, .trace = hd_compared_add, .end = end};
