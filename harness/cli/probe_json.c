// SPDX-License-Identifier: MIT
/// probe_json.c: what was found, for a program.
#include "harness/cli/json.h"
#include "harness/cli/probe.h"

#include <stdio.h>

static json_t *rows_json(const struct hd_probe *probe, const struct hd_told *told)
{
    json_t *rows = json_array();
    for (unsigned i = 0; i < told->row_count; i++) {
        const struct hd_told_row *row = &probe->rows[told->row_first + i];
        json_t *object = json_object();
        json_object_set_new(object, "from", hd_json_count(row->from));
        json_object_set_new(object, "to", hd_json_count(row->to));
        json_object_set_new(object, "value", hd_json_count(row->value));
        json_array_append_new(rows, object);
    }
    return rows;
}

static json_t *answer_json(const struct hd_probe *probe, enum hd_question question)
{
    const struct hd_told *told = &probe->told[question];
    json_t *object = json_object();
    json_object_set_new(object, "question", json_string(hd_question_ids[question]));
    json_object_set_new(object, "kind", json_string(hd_told_kinds[told->kind]));
    json_object_set_new(object, "later", json_boolean(told->later));
    json_object_set_new(object, "text", hd_json_text(told->text));
    if (told->kind == HD_TOLD_BYTES)
        json_object_set_new(object, "bytes", hd_json_count(told->number));
    if (told->kind == HD_TOLD_TABLE) json_object_set_new(object, "rows", rows_json(probe, told));
    return object;
}

static json_t *calls_json(const struct hd_told_calls *calls)
{
    if (!calls->seen) return json_null();
    json_t *object = json_object();
    json_t *most = json_object();
    for (unsigned id = 0; id < HD_SYSCALLS; id++)
        if (calls->most[id] != 0)
            json_object_set_new(most, hd_syscall_names[id], hd_json_count(calls->most[id]));
    json_object_set_new(object, "most", most);
    json_object_set_new(object, "most_in_one", hd_json_count(calls->most_in_one));
    return object;
}

static json_t *held_json(const struct hd_choice_policy *choices)
{
    static const char *const requests[HD_ZERO_REQUESTS] = {
#define HD_ZERO_REQUEST(id, word, name) [HD_ZERO_##id] = #word,
#include "allocators/zero_requests.def"
#undef HD_ZERO_REQUEST
    };
    json_t *object = json_object();
    json_t *alignments = json_array();
    for (unsigned i = 0; i < HD_ZERO_REQUESTS; i++) {
        const uint8_t answer = choices->zero[i];
        json_object_set_new(object, requests[i],
                            answer == HD_ZERO_OPEN
                                ? json_null()
                                : json_string(answer == HD_ZERO_NULL ? "null" : "block"));
    }
    for (unsigned i = 0; i < HD_TINY_RANGES; i++)
        json_array_append_new(alignments, json_integer(choices->alignment[i]));
    json_object_set_new(object, "alignments", alignments);
    return object;
}

static json_t *probe_json(const char *name, const struct hd_probe *probe)
{
    json_t *object = json_object();
    json_t *answers = json_array();
    for (enum hd_question question = 0; question < HD_QUESTIONS; question++)
        json_array_append_new(answers, answer_json(probe, question));
    json_object_set_new(object, "name", hd_json_text(name));
    json_object_set_new(object, "answers", answers);
    json_object_set_new(object, "calls", calls_json(&probe->calls));
    json_object_set_new(object, "held", held_json(&probe->choices));
    return object;
}

void hd_probes_json(const struct hd_probes *probes)
{
    json_t *root = json_object();
    json_t *allocators = json_array();
    for (size_t i = 0; i < probes->roster.count; i++)
        json_array_append_new(allocators, probe_json(probes->roster.names[i], &probes->of[i]));
    json_object_set_new(root, "heapduel", json_string(HEAPDUEL_VERSION));
    json_object_set_new(root, "allocators", allocators);
    (void)json_dumpf(root, stdout, JSON_INDENT(2));
    (void)printf("\n");
    json_decref(root);
}
