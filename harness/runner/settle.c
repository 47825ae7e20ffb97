// SPDX-License-Identifier: MIT
/// settle.c: a record that was written over is replaced, one that breaks off completed.
#include "harness/runner/settle.h"

#include "harness/runner/record.h"

#include <string.h>

// ---------------------------------------------------------------------------- written over

static bool outcomes_plausible(const struct hd_trace *trace, const struct hd_outcome *outcomes)
{
    for (struct hd_window window = {0}; hd_trace_walk(trace, &window);) {
        if (!hd_outcomes_plausible(outcomes + window.from, window.to - window.from)) return false;
        hd_trace_let_go(trace, &window, outcomes, sizeof outcomes[0]);
    }
    return true;
}

static bool job_plausible(struct hd_job *job, const struct hd_job_shape *shape)
{
    const enum hd_status status = job->status;
    const struct hd_snapshot *snapshot = hd_job_snapshot(job, shape);
    return (status == HD_OK || status == HD_BAD_INPUT || status == HD_UNAVAILABLE) &&
           hd_bool_plausible(&job->loaded) && job->tap < HD_TAP_WAYS &&
           memchr(job->message.text, '\0', sizeof job->message.text) != NULL &&
           job->call_count <= shape->calls_max &&
           hd_calls_plausible(hd_job_calls(job, shape), job->call_count) &&
           job->end_count <= shape->end_max &&
           hd_end_steps_plausible(hd_job_end_steps(job, shape), job->end_count) &&
           (snapshot == NULL || hd_snapshot_plausible(snapshot)) &&
           hd_moments_plausible(hd_job_moments(job, shape), shape->moment_count) &&
           hd_use_plausible(&job->use) && hd_run_plausible(&job->run);
}

/// What stands where the record was, after an allocator wrote over it.
static void replace_record(const struct hd_order *order)
{
    struct hd_job *job = order->job;
    const struct hd_job_shape *shape = &order->shape;
    struct hd_run *run = &job->run;
    const struct hd_op op = hd_op_well_formed(&run->op) ? run->op : (struct hd_op){0};
    const enum hd_tap_way tap = job->tap < HD_TAP_WAYS ? job->tap : HD_TAP_OFF;
    memset(job, 0, sizeof *job);
    job->tap = tap;
    memset(order->outcomes, 0, hd_order_outcome_bytes(shape));
    memset(hd_job_moments(job, shape), 0, shape->moment_count * sizeof(struct hd_moment));
    if (shape->has_snapshot) hd_job_snapshot(job, shape)->complete = false;
    job->loaded = true;
    run->op = op;
    run->phase = HD_PHASE_DONE;
    run->at_end = true; // or before: nobody knows any more
    struct hd_finding finding;
    hd_run_begin_finding(run, &finding);
    (void)hd_finding_set(&finding, "record-overwritten",
                         "the allocator, or a write into a block it gave, overwrote memory of the"
                         " harness: the record of this run");
    hd_run_add_finding(run, HD_ORACLE_progress, &finding);
}

void hd_settle_record(const struct hd_order *order)
{
    if (!job_plausible(order->job, &order->shape) ||
        !outcomes_plausible(order->trace, order->outcomes))
        replace_record(order);
    order->job->shape = order->shape; // by which the result is given back
}

// ---------------------------------------------------------------------------- broken off

/// The operation under way as one that followed the trace.
static bool add_end_step(const struct hd_order *order)
{
    struct hd_job *job = order->job;
    const struct hd_job_shape *shape = &order->shape;
    struct hd_end_record *steps = hd_job_end_steps(job, shape);
    if (job->end_count == shape->end_max) return false;
    steps[job->end_count++] = (struct hd_end_record){.step = job->run.step, .op = job->run.op};
    if (hd_end_steps_plausible(steps, job->end_count)) return true;
    job->end_count--;
    return false;
}

/// The calls of a step that did not come to its end are in the tap's log still. In other phases the
/// log may be of the step before.
static void record_last_calls(const struct hd_order *order)
{
    struct hd_job *job = order->job;
    const struct hd_job_shape *shape = &order->shape;
    const struct hd_run *run = &job->run;
    const struct hd_tap_log *log = hd_job_log(job, shape);
    struct hd_call_record *records = hd_job_calls(job, shape);
    if (run->phase != HD_PHASE_CALLING && run->phase != HD_PHASE_WALKING) return;
    if (job->call_count > 0 && records[job->call_count - 1].step >= run->step) return;
    if (run->step > shape->op_count && !add_end_step(order)) return;
    for (size_t i = 0; i < log->count && i < HD_TAP_LOG_MAX; i++) {
        if (job->call_count == shape->calls_max) return;
        if (!hd_bool_plausible(&log->calls[i].refused)) return;
        records[job->call_count++] =
            (struct hd_call_record){.step = run->step, .call = log->calls[i]};
    }
}

void hd_settle_ending(const struct hd_order *order, const struct hd_ending *ending)
{
    struct hd_job *job = order->job;
    struct hd_run *run = &job->run;
    const struct hd_job_shape *shape = &order->shape;
    if (run->phase == HD_PHASE_DONE) return;
    hd_ending_add_finding(ending, run);
    if (shape->calls_max != 0) record_last_calls(order);
    if (run->at_end || run->step == 0 || run->step > shape->op_count) return;
    order->outcomes[run->step - 1] = (struct hd_outcome){.kind = HD_OUTCOME_LOST, .broken = true};
}
