// SPDX-License-Identifier: MIT
/// syscalls_json.c: all that was recorded, as one document.
#include "harness/cli/finding_json.h"
#include "harness/cli/json.h"
#include "harness/cli/steps.h"
#include "harness/cli/syscalls.h"
#include "harness/notation/answer.h"
#include "harness/notation/notation.h"
#include "harness/notation/summary.h"

#include <string.h>
#include <unistd.h>

static json_t *error_json(int error)
{
    const char *name = error != 0 ? strerrorname_np(error) : NULL;
    return name != NULL ? json_string(name) : json_null();
}

static json_t *call_json(const struct hd_syscall *call, const struct hd_notation_style *style)
{
    char text[1024];
    json_t *arguments = json_array();
    for (size_t i = 0; hd_notation_argument(call, style, i, text, sizeof text); i++)
        json_array_append_new(arguments, json_string(text));
    json_t *object = json_object();
    hd_notation_call_name(call->number, text);
    json_object_set_new(object, "name", json_string(text));
    json_object_set_new(object, "args", arguments);
    hd_notation_result(call, style, text, sizeof text);
    json_object_set_new(object, "result", json_string(text));
    json_object_set_new(object, "errno", error_json(hd_answer_error(call)));
    json_object_set_new(object, "refused", json_boolean(call->refused));
    return object;
}

static json_t *calls_json(const struct hd_stage_step *step, struct hd_notation_names *names)
{
    const struct hd_notation_style style = {.names = names};
    json_t *calls = json_array();
    for (size_t i = 0; i < step->call_count; i++) {
        const struct hd_syscall *call = &step->calls[i].call;
        if (names != NULL) hd_notation_learn(names, call);
        json_array_append_new(calls, call_json(call, &style));
    }
    return calls;
}

static json_t *step_json(const struct hd_stage_step *step, struct hd_notation_names *names)
{
    char operation[HD_OP_TEXT_MAX];
    (void)hd_op_format(&step->op, operation);
    const char *failure = step->outcome != NULL ? hd_stage_failure(step->outcome) : NULL;
    json_t *object = json_object();
    json_object_set_new(object, "step", hd_json_count(step->number));
    json_object_set_new(object, "operation", json_string(operation));
    json_object_set_new(object, "at_end", json_boolean(step->stage == HD_STAGE_END));
    json_object_set_new(object, "trims", json_boolean(step->trims));
    json_object_set_new(object, "failure", failure != NULL ? json_string(failure) : json_null());
    json_object_set_new(object, "errno",
                        error_json(step->outcome != NULL ? step->outcome->error : 0));
    json_object_set_new(object, "calls", calls_json(step, names));
    return object;
}

/// `loading` and `operations`.
static void add_steps(json_t *object, const struct hd_result *result, const struct hd_trace *trace,
                      struct hd_notation_names *names)
{
    struct hd_stage_cursor cursor = {.result = result, .trace = trace};
    struct hd_stage_step step;
    json_t *operations = json_array();
    while (hd_stage_next(&cursor, &step)) {
        if (step.stage == HD_STAGE_LOADING)
            json_object_set_new(object, "loading", calls_json(&step, names));
        else
            json_array_append_new(operations, step_json(&step, names));
    }
    json_object_set_new(object, "operations", operations);
}

static json_t *summary_json(const struct hd_result *result)
{
    static struct hd_summary summary;
    summary = (struct hd_summary){0};
    for (size_t i = 0; i < result->call_count; i++)
        hd_summary_add(&summary, &result->calls[i].call, 1);
    json_t *rows = json_array();
    for (size_t i = 0; i < summary.count; i++) {
        const struct hd_summary_row *row = &summary.rows[i];
        json_t *object = json_object();
        json_object_set_new(object, "name", json_string(row->name));
        json_object_set_new(object, "calls", hd_json_count(row->calls));
        json_object_set_new(object, "errors", hd_json_count(row->errors));
        json_object_set_new(object, "refused", hd_json_count(row->refused));
        json_object_set_new(object, "mapped", hd_json_count(row->mapped));
        json_object_set_new(object, "unmapped", hd_json_count(row->unmapped));
        json_array_append_new(rows, object);
    }
    return rows;
}

static json_t *allocator_json(const struct hd_syscalls_view *view, size_t i)
{
    const struct hd_result *result = &view->trials->results[i];
    struct hd_notation_names names;
    if (view->relative) hd_notation_names_open(&names, (uintptr_t)sysconf(_SC_PAGESIZE));
    json_t *object = json_object();
    json_object_set_new(object, "name", hd_json_text(view->trials->roster.names[i]));
    json_object_set_new(object, "tap", json_string(hd_tap_names[result->tap]));
    json_object_set_new(object, "findings", hd_findings_json(result->run));
    add_steps(object, result, view->trials->trace, view->relative ? &names : NULL);
    json_object_set_new(object, "calls_dropped", hd_json_count(result->calls_dropped));
    json_object_set_new(object, "summary", summary_json(result));
    if (view->relative) hd_notation_names_close(&names);
    return object;
}

void hd_syscalls_json(const struct hd_syscalls_view *view)
{
    json_t *allocators = json_array();
    for (size_t i = 0; i < view->trials->result_count; i++)
        json_array_append_new(allocators, allocator_json(view, i));
    json_t *document = json_object();
    json_object_set_new(document, "heapduel", json_string(HEAPDUEL_VERSION));
    json_object_set_new(document, "trace", hd_json_text(view->trials->inputs.items[0].path));
    json_object_set_new(document, "allocators", allocators);
    (void)json_dumpf(document, stdout, JSON_INDENT(2));
    (void)putchar('\n');
    json_decref(document);
}
