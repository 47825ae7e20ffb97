// SPDX-License-Identifier: MIT
/// steps.c: from a run's records to steps, and their text.
#include "harness/cli/steps.h"

#include "harness/cli/grow.h"
#include "harness/notation/notation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// ---------------------------------------------------------------------------- going through

/// The calls of the step, which are the next ones recorded.
static void take_calls(struct hd_stage_cursor *cursor, struct hd_stage_step *step)
{
    const struct hd_result *result = cursor->result;
    step->calls = result->calls + cursor->calls_used;
    while (cursor->calls_used < result->call_count &&
           result->calls[cursor->calls_used].step <= step->number) {
        cursor->calls_used++;
        step->call_count++;
    }
}

bool hd_stage_next(struct hd_stage_cursor *cursor, struct hd_stage_step *step)
{
    const struct hd_result *result = cursor->result;
    const uint64_t number = cursor->next++;
    if (number == 0) {
        *step = (struct hd_stage_step){.stage = HD_STAGE_LOADING};
    } else if (number <= cursor->trace->count) {
        *step = (struct hd_stage_step){.stage = HD_STAGE_TRACE,
                                       .number = number,
                                       .op = cursor->trace->ops[number - 1],
                                       .outcome = &result->outcomes[number - 1]};
    } else if (cursor->ends_used < result->end_count) {
        const struct hd_end_record *end = &result->end_steps[cursor->ends_used++];
        *step = (struct hd_stage_step){
            .stage = HD_STAGE_END, .number = end->step, .op = end->op, .trims = end->trims};
    } else {
        return false;
    }
    take_calls(cursor, step);
    return true;
}

// ---------------------------------------------------------------------------- titles

const char *hd_stage_failure(const struct hd_outcome *outcome)
{
    switch ((enum hd_outcome_kind)outcome->kind) {
    case HD_OUTCOME_NONE: return "not reached";
    case HD_OUTCOME_SKIPPED: return "skipped";
    case HD_OUTCOME_NOT_OFFERED: return "not offered";
    case HD_OUTCOME_LOST: return "came no further";
    case HD_OUTCOME_NULL: return "NULL";
    case HD_OUTCOME_BLOCK:
    case HD_OUTCOME_DONE: return NULL;
    }
    return NULL;
}

void hd_stage_title(const struct hd_stage_step *step, char title[HD_STAGE_TITLE_MAX])
{
    if (step->stage == HD_STAGE_LOADING) {
        (void)strcpy(title, "(loading)");
        return;
    }
    char text[HD_OP_TEXT_MAX];
    (void)hd_op_format(&step->op, text);
    if (step->stage == HD_STAGE_END) {
        (void)snprintf(title, HD_STAGE_TITLE_MAX, "(at the end) %s%s", text,
                       step->trims ? ", malloc_trim 0" : "");
        return;
    }
    const char *failure = hd_stage_failure(step->outcome);
    const char *error = step->outcome->error != 0 ? strerrorname_np(step->outcome->error) : NULL;
    (void)snprintf(title, HD_STAGE_TITLE_MAX, "%s%s%s%s%s", text, failure != NULL ? "  -> " : "",
                   failure != NULL ? failure : "", error != NULL ? " " : "",
                   error != NULL ? error : "");
}

// ---------------------------------------------------------------------------- telling

static void tell_calls(struct hd_told_step *told, struct hd_notation_names *names)
{
    const struct hd_notation_style style = {.names = names};
    size_t capacity = 0;
    for (size_t i = 0; i < told->step.call_count; i++) {
        const struct hd_syscall *call = &told->step.calls[i].call;
        char line[1024];
        if (names != NULL) hd_notation_learn(names, call);
        (void)hd_notation_format(call, &style, line, sizeof line);
        told->lines = hd_grow(told->lines, i, &capacity, sizeof *told->lines);
        told->lines[i] = hd_copy_string(line);
    }
}

/// `proofs` counts the steps that follow the ends of threads and the frees of what the trace left.
static uint64_t rank_of(const struct hd_stage_step *step, uint64_t *proofs)
{
    const uint64_t threads = HD_THREAD_MAX + 1;
    if (step->stage != HD_STAGE_END) return step->number;
    if (step->op.kind == HD_OP_THREAD_END) return step->op.thread;
    if (step->op.kind == HD_OP_FREE && *proofs == 0) return threads + step->op.slot;
    return threads + HD_SLOT_MAX + ++*proofs;
}

void hd_told_open(struct hd_told *told, const struct hd_result *result,
                  const struct hd_trace *trace, bool relative)
{
    struct hd_notation_names names;
    if (relative) hd_notation_names_open(&names, (uintptr_t)sysconf(_SC_PAGESIZE));
    struct hd_stage_cursor cursor = {.result = result, .trace = trace};
    struct hd_stage_step step;
    uint64_t proofs = 0;
    *told = (struct hd_told){0};
    while (hd_stage_next(&cursor, &step)) {
        if (step.stage == HD_STAGE_LOADING && step.call_count == 0) continue;
        told->steps = hd_grow(told->steps, told->count, &told->capacity, sizeof *told->steps);
        struct hd_told_step *one = &told->steps[told->count++];
        char title[HD_STAGE_TITLE_MAX];
        hd_stage_title(&step, title);
        *one = (struct hd_told_step){.step = step,
                                     .title = hd_copy_string(title),
                                     .rank = rank_of(&step, &proofs)};
        tell_calls(one, relative ? &names : NULL);
    }
    if (relative) hd_notation_names_close(&names);
}

void hd_told_close(struct hd_told *told)
{
    for (size_t i = 0; i < told->count; i++) {
        for (size_t k = 0; k < told->steps[i].step.call_count; k++)
            free(told->steps[i].lines[k]);
        free((void *)told->steps[i].lines);
        free(told->steps[i].title);
    }
    free(told->steps);
    *told = (struct hd_told){0};
}
