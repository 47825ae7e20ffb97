// SPDX-License-Identifier: MIT
/// compared.c: probes, footprints and times of the same traces, added up.
#include "harness/bench/measure.h"
#include "harness/cli/compare.h"
#include "harness/cli/progress.h"
#include "harness/engine/call.h"

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

static void add_use(struct hd_timeline_use *sum, const struct hd_timeline_use *one)
{
    sum->mapped += one->mapped;
    sum->live += one->live;
    sum->resident_peak += one->resident_peak;
}

#define ROUNDS 3

/// Whether a bare run makes the same calls and gets the same: nothing was refused, by an event or
/// by the memory limit, which it does not have.
static bool can_be_bare(const struct hd_trace_results *results)
{
    const struct hd_trace *trace = &results->input->trace;
    for (struct hd_window window = {0}; hd_trace_walk(trace, &window);) {
        for (size_t i = window.from; i < window.to; i++)
            if (hd_call_is_event(trace->ops[i].kind)) return false;
        for (size_t k = 0; k < results->roster->count; k++) {
            const struct hd_outcome *outcomes = results->results[k].outcomes;
            for (size_t i = window.from; i < window.to; i++)
                if (outcomes[i].kind == HD_OUTCOME_NULL) return false;
            hd_trace_let_go(trace, &window, outcomes, sizeof outcomes[0]);
        }
    }
    return true;
}

static void add_times(const struct hd_trace_results *trace)
{
    if (!can_be_bare(trace)) return;
    hd_compared.timed++;
    for (size_t i = 0; i < trace->roster->count; i++) {
        uint64_t ns = 0;
        struct hd_message message;
        // One that does not end: a policy says that a call must not be made, which a bare run makes.
        const enum hd_status status = hd_measure_bare(
            trace->roster->names[i], &trace->input->trace, ROUNDS, &ns, &message);
        hd_compared.of[i].bare_ns += ns;
        hd_compared.of[i].bare_operations += trace->results[i].run->operations;
        hd_compared.of[i].not_timed |= status != HD_OK || ns == 0;
    }
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
        add_use(&hd_compared.of[i].use, &trace->results[i].use);
    }
    if (hd_compared.times) add_times(trace);
}
