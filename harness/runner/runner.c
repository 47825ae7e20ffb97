// SPDX-License-Identifier: MIT
/// runner.c: write a job down, have a child carry it out, believe what is plausible.
#include "harness/runner/runner.h"

#include "allocators/known.h"
#include "harness/runner/ending.h"
#include "harness/runner/job.h"
#include "harness/runner/record.h"
#include "harness/runner/watched.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// ---------------------------------------------------------------------------- the job

// Steps at the end beside a free for each block, of which an operation makes one at most.
#define PROOFS_MAX 8

/// Writes the job down in a file of its own.
static enum hd_status make_job(const char *spec, const struct hd_trace *trace,
                               const struct hd_conditions *conditions, int *file,
                               struct hd_job **made, struct hd_message *message)
{
    if (strlen(spec) >= HD_JOB_SPEC_MAX)
        return hd_fail(message, HD_UNAVAILABLE, "%.60s...: the path is too long", spec);
    const struct hd_job_shape shape = {
        .op_count = trace != NULL ? trace->count : 0,
        .calls_max = conditions->records_calls ? HD_JOB_CALLS_MAX : 0,
        .end_max = conditions->records_calls && trace != NULL ? trace->count + PROOFS_MAX : 0,
        .has_snapshot = conditions->records_snapshot,
    };
    void *memory;
    const enum hd_status status = hd_watched_map(hd_job_bytes(&shape), file, &memory, message);
    if (status != HD_OK) return status;
    struct hd_job *job = *made = memory;
    job->shape = shape;
    (void)strcpy(job->spec, spec);
    job->conditions = *conditions;
    if (conditions->held != NULL) job->held = *conditions->held;
    job->slot_count = trace != NULL ? trace->slot_count : 0;
    job->loads_only = trace == NULL;
    job->parent = getpid();
    if (trace != NULL)
        memcpy(hd_job_ops(job, &shape), trace->ops, trace->count * sizeof trace->ops[0]);
    return HD_OK;
}

// ---------------------------------------------------------------------------- what came of it

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
           hd_record_plausible(&job->run, hd_job_outcomes(job, shape), shape->op_count);
}

/// What stands where the record was, after an allocator wrote over it.
static void replace_record(struct hd_job *job, const struct hd_job_shape *shape)
{
    struct hd_run *run = &job->run;
    const struct hd_op op = hd_op_well_formed(&run->op) ? run->op : (struct hd_op){0};
    const enum hd_tap_way tap = job->tap < HD_TAP_WAYS ? job->tap : HD_TAP_OFF;
    memset(job, 0, sizeof *job);
    job->tap = tap;
    memset(hd_job_outcomes(job, shape), 0, shape->op_count * sizeof(struct hd_outcome));
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

/// The operation under way as one that followed the trace.
static bool add_end_step(struct hd_job *job, const struct hd_job_shape *shape)
{
    struct hd_end_record *steps = hd_job_end_steps(job, shape);
    if (job->end_count == shape->end_max) return false;
    steps[job->end_count++] = (struct hd_end_record){.step = job->run.step, .op = job->run.op};
    if (hd_end_steps_plausible(steps, job->end_count)) return true;
    job->end_count--;
    return false;
}

/// The calls of a step that did not come to its end are in the tap's log still. In other phases the
/// log may be of the step before.
static void record_last_calls(struct hd_job *job, const struct hd_job_shape *shape)
{
    const struct hd_run *run = &job->run;
    const struct hd_tap_log *log = hd_job_log(job, shape);
    struct hd_call_record *records = hd_job_calls(job, shape);
    if (run->phase != HD_PHASE_CALLING && run->phase != HD_PHASE_WALKING) return;
    if (job->call_count > 0 && records[job->call_count - 1].step >= run->step) return;
    if (run->step > shape->op_count && !add_end_step(job, shape)) return;
    for (size_t i = 0; i < log->count && i < HD_TAP_LOG_MAX; i++) {
        if (job->call_count == shape->calls_max) return;
        if (!hd_bool_plausible(&log->calls[i].refused)) return;
        records[job->call_count++] =
            (struct hd_call_record){.step = run->step, .call = log->calls[i]};
    }
}

/// The run did not come to its end: says so as a finding, and as the outcome of the step that it
/// was at.
static void record_ending(const struct hd_ending *ending, struct hd_job *job,
                          const struct hd_job_shape *shape)
{
    struct hd_run *run = &job->run;
    hd_ending_add_finding(ending, run);
    if (shape->calls_max != 0) record_last_calls(job, shape);
    if (run->at_end || run->step == 0 || run->step > shape->op_count) return;
    hd_job_outcomes(job, shape)[run->step - 1] =
        (struct hd_outcome){.kind = HD_OUTCOME_LOST, .broken = true};
}

/// What the allocator was held to.
static struct hd_policy policy_of(const char *spec, const struct hd_held_policy *held)
{
    struct hd_policy policy = hd_allocator_policy(spec);
    if (held != NULL) hd_policy_hold(&policy, held);
    return policy;
}

static struct hd_result result_of(const char *spec, const struct hd_held_policy *held,
                                  struct hd_job *job, const struct hd_job_shape *shape)
{
    const struct hd_snapshot *snapshot = hd_job_snapshot(job, shape);
    return (struct hd_result){
        .run = &job->run,
        .outcomes = hd_job_outcomes(job, shape),
        .count = shape->op_count,
        .policy = policy_of(spec, held),
        .tap = job->tap,
        .calls = hd_job_calls(job, shape),
        .call_count = job->call_count,
        .calls_dropped = job->calls_dropped,
        .end_steps = hd_job_end_steps(job, shape),
        .end_count = job->end_count,
        .snapshot = snapshot != NULL && snapshot->complete ? snapshot : NULL,
        .job = job,
    };
}

enum hd_status hd_runner_run(const char *spec, const struct hd_trace *trace,
                             const struct hd_conditions *conditions, struct hd_result *result,
                             struct hd_message *message)
{
    int file;
    struct hd_job *job = NULL;
    enum hd_status status = make_job(spec, trace, conditions, &file, &job, message);
    if (status != HD_OK) return status;
    const struct hd_job_shape shape = job->shape; // the child cannot change this one
    struct hd_ending ending = {0};
    status = hd_watched_run(HD_CHILD_NAME, file, conditions->deadline_ms, &ending, message);
    (void)close(file);
    if (status == HD_OK && !job_plausible(job, &shape)) replace_record(job, &shape);
    if (status == HD_OK && !job->loaded) {
        status = job->status;
        *message = job->message;
        if (status == HD_OK) status = hd_ending_while_loading(&ending, spec, message);
    }
    if (status != HD_OK || trace == NULL) {
        (void)munmap(job, hd_job_bytes(&shape));
        return status;
    }
    if (job->run.phase != HD_PHASE_DONE) record_ending(&ending, job, &shape);
    job->shape = shape;
    *result = result_of(spec, conditions->held, job, &shape);
    result->stuck = ending.stuck;
    return HD_OK;
}

void hd_result_release(struct hd_result *result)
{
    (void)munmap(result->job, hd_job_bytes(&result->job->shape));
    *result = (struct hd_result){0};
}

enum hd_status hd_runner_probe(const char *spec, struct hd_message *message)
{
    return hd_runner_run(spec, NULL, &HD_CONDITIONS_DEFAULT, NULL, message);
}
