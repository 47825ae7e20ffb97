// SPDX-License-Identifier: MIT
/// tally.c: adding up, and telling that a bug is one that was seen before.
#include "harness/cli/tally.h"

#include "harness/cli/grow.h"

#include <stdlib.h>
#include <string.h>

static void add_line(struct hd_tally_list *list, uint32_t allocators,
                     const struct hd_finding *finding, const char *path)
{
    char signature[HD_SIGNATURE_MAX];
    hd_finding_signature(finding, signature);
    for (size_t i = 0; i < list->count; i++) {
        struct hd_tally_line *line = &list->lines[i];
        if (line->allocators != allocators || strcmp(line->signature, signature) != 0) continue;
        line->traces++;
        return;
    }
    list->lines = hd_grow(list->lines, list->count, &list->capacity, sizeof *list->lines);
    struct hd_tally_line *line = &list->lines[list->count++];
    *line = (struct hd_tally_line){
        .allocators = allocators, .traces = 1, .first = path, .finding = *finding};
    memcpy(line->signature, signature, sizeof signature);
}

static void add_run(struct hd_tally *tally, const struct hd_run *run, size_t allocator,
                    const char *path)
{
    for (size_t oracle = 0; oracle < HD_ORACLES; oracle++)
        for (size_t verdict = 0; verdict < HD_VERDICTS; verdict++)
            tally->verdicts[oracle][verdict] += run->verdicts[oracle][verdict];
    for (uint32_t i = 0; i < run->finding_count; i++)
        add_line(&tally->findings, UINT32_C(1) << allocator, &run->findings[i], path);
}

static void add_choices(struct hd_tally *tally, const struct hd_choice *choices,
                        const struct hd_input *input)
{
    for (size_t id = 0; id < HD_CHOICES; id++) {
        if (!hd_choice_is_first(&tally->choices[id], &choices[id])) continue;
        tally->choice_paths[id] = input->path;
        tally->choice_ops[id] = input->trace.ops[choices[id].step - 1];
    }
    hd_choices_add(tally->choices, choices);
}

void hd_tally_add(struct hd_tally *tally, const struct hd_trace_results *trace)
{
    const char *path = trace->input->path;
    tally->traces++;
    for (size_t i = 0; i < trace->roster->count; i++)
        add_run(tally, trace->results[i].run, i, path);
    const struct hd_comparison *comparison = trace->comparison;
    for (uint32_t i = 0; i < comparison->difference_count; i++)
        add_line(&tally->differences, comparison->differences[i].deviators,
                 &comparison->differences[i].finding, path);
    add_choices(tally, comparison->choices, trace->input);
}

void hd_tally_close(struct hd_tally *tally)
{
    free(tally->findings.lines);
    free(tally->differences.lines);
}

bool hd_trace_results_found(const struct hd_trace_results *trace)
{
    if (trace->comparison->difference_count != 0) return true;
    for (size_t i = 0; i < trace->roster->count; i++)
        if (trace->results[i].run->finding_count != 0) return true;
    return false;
}
