// SPDX-License-Identifier: MIT
/// compared.c: probes, and footprints of the same traces, added up.
#include "harness/cli/compare.h"
#include "harness/cli/progress.h"

struct hd_compared hd_compared;

enum hd_status hd_compared_begin(const struct hd_roster *roster,
                                 const struct hd_conditions *conditions, struct hd_message *message)
{
    enum hd_status status = HD_OK;
    for (size_t i = 0; status == HD_OK && i < roster->count; i++) {
        hd_progress_show(i + 1, roster->count, "asking", roster->names[i]);
        status = hd_probe_run(roster->names[i], conditions, &hd_compared.probes[i], message);
    }
    hd_progress_clear();
    return status;
}

void hd_compared_answers(size_t count, enum hd_question question,
                         struct hd_side sides[HD_CONTESTANTS_MAX])
{
    for (size_t i = 0; i < count; i++)
        (void)hd_told_text(&hd_compared.probes[i], question, sides[i].text, sizeof sides[i].text);
}

static void add_footprint(struct hd_footprint *sum, const struct hd_footprint *one)
{
    sum->tapped = true;
    for (size_t id = 0; id < HD_SYSCALLS; id++)
        sum->calls[id] += one->calls[id];
    for (size_t kind = 0; kind < HD_OP_KINDS; kind++)
        sum->by_operation[kind] += one->by_operation[kind];
    sum->refused += one->refused;
    if (one->calls_max > sum->calls_max) sum->calls_max = one->calls_max;
    sum->demand += one->demand;
    sum->blocks += one->blocks;
    sum->mapped_peak += one->mapped_peak;
    sum->mapped_end += one->mapped_end;
    sum->mapped_after += one->mapped_after;
    sum->resident_end += one->resident_end;
    sum->resident_after += one->resident_after;
}

static bool all_seen(const struct hd_trace_results *trace)
{
    for (size_t i = 0; i < trace->roster->count; i++) {
        const struct hd_run *run = trace->results[i].run;
        if (run->finding_count != 0 || !run->footprint.tapped) return false;
    }
    return true;
}

void hd_compared_add(const struct hd_trace_results *trace, bool verbose)
{
    (void)verbose;
    hd_compared.steps += trace->input->trace.count;
    if (!all_seen(trace)) {
        hd_compared.left_out++;
        return;
    }
    hd_compared.traces++;
    for (size_t i = 0; i < trace->roster->count; i++) {
        const struct hd_run *run = trace->results[i].run;
        hd_compared.of[i].operations += run->operations;
        add_footprint(&hd_compared.of[i].footprint, &run->footprint);
    }
}
