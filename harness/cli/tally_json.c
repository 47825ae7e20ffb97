// SPDX-License-Identifier: MIT
/// tally_json.c: the end of the report, for a program.
#include "harness/cli/json.h"
#include "harness/cli/tally.h"

static json_t *verdicts_json(const struct hd_tally *tally)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < HD_ORACLES; i++) {
        json_t *row = json_object();
        json_object_set_new(row, "oracle", json_string(hd_oracles[i]->name));
        json_object_set_new(row, "holds", hd_json_count(tally->verdicts[i][HD_HOLDS]));
        json_object_set_new(row, "broken", hd_json_count(tally->verdicts[i][HD_BROKEN]));
        json_object_set_new(row, "not_judged", hd_json_count(tally->verdicts[i][HD_NOT_JUDGED]));
        json_array_append_new(rows, row);
    }
    return rows;
}

static json_t *answers_json(const uint64_t counts[HD_ANSWERS])
{
    json_t *answers = json_object();
    for (size_t answer = 0; answer < HD_ANSWERS; answer++)
        if (counts[answer] != 0)
            json_object_set_new(answers, hd_answer_texts[answer], hd_json_count(counts[answer]));
    return answers;
}

static json_t *choice_json(const struct hd_tally *tally, size_t id)
{
    json_t *allocators = json_array();
    for (size_t i = 0; i < tally->roster->count; i++) {
        json_t *one = json_object();
        json_object_set_new(one, "name", hd_json_text(tally->roster->names[i]));
        json_object_set_new(one, "answers", answers_json(tally->choices[id].counts[i]));
        json_array_append_new(allocators, one);
    }
    char operation[HD_OP_TEXT_MAX];
    (void)hd_op_format(&tally->choice_ops[id], operation);
    json_t *row = json_object();
    json_object_set_new(row, "choice", json_string(hd_choice_labels[id]));
    json_object_set_new(row, "differs", json_boolean(tally->choices[id].differs != 0));
    json_object_set_new(row, "differing_steps", hd_json_count(tally->choices[id].differs));
    json_object_set_new(row, "first", hd_json_text(tally->choice_paths[id]));
    json_object_set_new(row, "step", hd_json_count(tally->choices[id].step));
    json_object_set_new(row, "operation", json_string(operation));
    json_object_set_new(row, "allocators", allocators);
    return row;
}

/// All rows that anything stands in: whether they differ stands there too.
static json_t *choices_json(const struct hd_tally *tally)
{
    json_t *rows = json_array();
    for (size_t id = 0; id < HD_CHOICES; id++)
        if (tally->choices[id].step != 0) json_array_append_new(rows, choice_json(tally, id));
    return rows;
}

static json_t *list_json(const struct hd_tally *tally, const struct hd_tally_list *list)
{
    json_t *lines = json_array();
    for (size_t i = 0; i < list->count; i++) {
        const struct hd_tally_line *line = &list->lines[i];
        json_t *object = json_object();
        json_object_set_new(object, "signature", json_string(line->signature));
        json_object_set_new(object, "allocators", hd_json_names(tally->roster, line->allocators));
        json_object_set_new(object, "traces", hd_json_count(line->traces));
        json_object_set_new(object, "first", hd_json_text(line->first));
        json_array_append_new(lines, object);
    }
    return lines;
}

void hd_tally_json(const struct hd_tally *tally, struct json_t *document)
{
    json_t *summary = json_object();
    json_object_set_new(summary, "traces", hd_json_count(tally->traces));
    json_object_set_new(summary, "allocators", hd_json_count(tally->roster->count));
    json_object_set_new(summary, "findings", hd_json_count(tally->findings.count));
    json_object_set_new(summary, "differences", hd_json_count(tally->differences.count));
    if (tally->growths != 0)
        json_object_set_new(summary, "growths", hd_json_count(tally->growths));

    json_object_set_new(document, "verdicts", verdicts_json(tally));
    json_object_set_new(document, "choices", choices_json(tally));
    json_object_set_new(document, "findings", list_json(tally, &tally->findings));
    json_object_set_new(document, "differences", list_json(tally, &tally->differences));
    json_object_set_new(document, "summary", summary);
}
