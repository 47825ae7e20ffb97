// SPDX-License-Identifier: MIT
/// runner.c: write a job down, have a child carry it out, believe what is plausible.
#include "harness/runner/runner.h"

#include "allocators/known.h"
#include "harness/runner/ending.h"
#include "harness/runner/job.h"
#include "harness/runner/record.h"
#include "harness/runner/watched.h"
#include "harness/trace/spool.h"

#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// ---------------------------------------------------------------------------- the job

// Steps at the end beside a free for each block, of which an operation makes one at most: the ends
// of threads, and what is asked of the empty heap.
#define PROOFS_MAX (HD_THREAD_MAX + 8)

/// What a child is handed. The parent looks for the parts by its own shape.
struct order {
    int files[HD_JOB_FILES];
    struct hd_job_shape shape;
    struct hd_job *job;
    struct hd_outcome *outcomes;
    bool copied; // the file of the operations is ours
    const struct hd_trace *trace;
};

static size_t outcome_bytes(const struct hd_job_shape *shape)
{
    return (shape->op_count + 1) * sizeof(struct hd_outcome); // nothing cannot be mapped
}

static struct hd_job_shape shape_of(const struct hd_trace *trace,
                                    const struct hd_conditions *conditions)
{
    const size_t count = trace->count;
    return (struct hd_job_shape){
        .op_count = count,
        .ops_offset = trace->spool != NULL ? hd_spool_offset(trace) : 0,
        .moment_count = conditions->records_timeline ? count : 0,
        .calls_max = conditions->records_calls ? HD_JOB_CALLS_MAX : 0,
        .end_max = conditions->records_calls ? count + PROOFS_MAX : 0,
        .has_snapshot = conditions->records_snapshot,
    };
}

static void write_job(struct order *order, const char *spec, const struct hd_trace *trace,
                      const struct hd_conditions *conditions)
{
    struct hd_job *job = order->job;
    job->shape = order->shape;
    (void)strcpy(job->spec, spec);
    job->conditions = *conditions;
    if (conditions->held != NULL) job->held = *conditions->held;
    job->slot_count = trace->slot_count;
    job->parent = getpid();
}

/// The spool's file, or a copy of what lies in memory.
static enum hd_status hand_operations(struct order *order, const struct hd_trace *trace,
                                      struct hd_message *message)
{
    int *file = &order->files[HD_JOB_OPERATIONS];
    order->copied = trace->spool == NULL;
    if (!order->copied) {
        *file = trace->spool->file;
        return HD_OK;
    }
    const size_t bytes = trace->count * sizeof trace->ops[0];
    void *memory;
    const enum hd_status status = hd_watched_map(bytes + 1, file, &memory, message);
    if (status != HD_OK) return status;
    if (bytes != 0) memcpy(memory, trace->ops, bytes);
    (void)munmap(memory, bytes + 1);
    return HD_OK;
}

/// The child has its own descriptors of them.
static void close_files(struct order *order)
{
    for (size_t i = 0; i < HD_JOB_FILES; i++)
        if (order->files[i] >= 0 && (i != HD_JOB_OPERATIONS || order->copied))
            (void)close(order->files[i]);
}

static void unmap(struct hd_job *job, struct hd_outcome *outcomes, const struct hd_job_shape *shape)
{
    if (outcomes != NULL) (void)munmap(outcomes, outcome_bytes(shape));
    if (job != NULL) (void)munmap(job, hd_job_bytes(shape));
}

/// Writes the job down in files of its own. After failure there is nothing to give back.
static enum hd_status make_order(const char *spec, const struct hd_trace *trace,
                                 const struct hd_conditions *conditions, struct order *order,
                                 struct hd_message *message)
{
    if (strlen(spec) >= HD_JOB_SPEC_MAX)
        return hd_fail(message, HD_UNAVAILABLE, "%.60s...: the path is too long", spec);
    *order = (struct order){.files = {-1, -1, -1}, .shape = shape_of(trace, conditions), .trace = trace};
    void *memory = NULL;
    enum hd_status status =
        hd_watched_map(hd_job_bytes(&order->shape), &order->files[HD_JOB_FILE], &memory, message);
    order->job = memory;
    if (status == HD_OK) status = hand_operations(order, trace, message);
    if (status == HD_OK)
        status = hd_watched_map_filled(outcome_bytes(&order->shape),
                                       &order->files[HD_JOB_OUTCOMES], &memory, message);
    if (status != HD_OK) {
        unmap(order->job, NULL, &order->shape);
        close_files(order);
        return status;
    }
    order->outcomes = memory;
    write_job(order, spec, trace, conditions);
    return HD_OK;
}

// ---------------------------------------------------------------------------- what came of it

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
static void replace_record(const struct order *order)
{
    struct hd_job *job = order->job;
    const struct hd_job_shape *shape = &order->shape;
    struct hd_run *run = &job->run;
    const struct hd_op op = hd_op_well_formed(&run->op) ? run->op : (struct hd_op){0};
    const enum hd_tap_way tap = job->tap < HD_TAP_WAYS ? job->tap : HD_TAP_OFF;
    memset(job, 0, sizeof *job);
    job->tap = tap;
    memset(order->outcomes, 0, outcome_bytes(shape));
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

/// The operation under way as one that followed the trace.
static bool add_end_step(const struct order *order)
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
static void record_last_calls(const struct order *order)
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

/// The run did not come to its end: says so as a finding, and as the outcome of the step that it
/// was at.
static void record_ending(const struct hd_ending *ending, const struct order *order)
{
    struct hd_job *job = order->job;
    struct hd_run *run = &job->run;
    const struct hd_job_shape *shape = &order->shape;
    hd_ending_add_finding(ending, run);
    if (shape->calls_max != 0) record_last_calls(order);
    if (run->at_end || run->step == 0 || run->step > shape->op_count) return;
    order->outcomes[run->step - 1] = (struct hd_outcome){.kind = HD_OUTCOME_LOST, .broken = true};
}

/// What the allocator was held to.
static struct hd_policy policy_of(const char *spec, const struct hd_held_policy *held)
{
    struct hd_policy policy = hd_allocator_policy(spec);
    if (held != NULL) hd_policy_hold(&policy, held);
    return policy;
}

static struct hd_result result_of(const char *spec, const struct hd_held_policy *held,
                                  const struct order *order, const struct hd_ending *ending)
{
    struct hd_job *job = order->job;
    const struct hd_job_shape *shape = &order->shape;
    const struct hd_snapshot *snapshot = hd_job_snapshot(job, shape);
    return (struct hd_result){
        .run = &job->run,
        .outcomes = order->outcomes,
        .count = shape->op_count,
        .policy = policy_of(spec, held),
        .tap = job->tap,
        .calls = hd_job_calls(job, shape),
        .call_count = job->call_count,
        .calls_dropped = job->calls_dropped,
        .end_steps = hd_job_end_steps(job, shape),
        .end_count = job->end_count,
        .snapshot = snapshot != NULL && snapshot->complete ? snapshot : NULL,
        .moments = shape->moment_count != 0 ? hd_job_moments(job, shape) : NULL,
        .use = job->use,
        .stuck = ending->stuck,
        .job = job,
    };
}

/// For whoever wants to know how far the child has come.
struct watcher {
    const struct order *order;
    void (*tell)(uint64_t done, size_t count);
};

static void tell_step(void *context)
{
    const struct watcher *watcher = context;
    const uint64_t step = watcher->order->job->run.step;
    const size_t count = watcher->order->shape.op_count;
    watcher->tell(step < count ? step : count, count);
}

/// As hd_watch has it.
static uint32_t deadline_of(const struct hd_conditions *conditions, size_t op_count)
{
    if (conditions->deadline_ms == 0 || !conditions->deadline_grows) return conditions->deadline_ms;
    const uint64_t grown =
        conditions->deadline_ms + (uint64_t)op_count / 1000 * HD_DEADLINE_GROWTH_MS / 1000;
    return grown < INT_MAX ? (uint32_t)grown : INT_MAX;
}

static enum hd_status watch(const struct order *order, const struct hd_conditions *conditions,
                            struct hd_ending *ending, struct hd_message *message)
{
    struct watcher watcher = {.order = order, .tell = conditions->tell};
    const struct hd_watch watch = {
        .name = HD_CHILD_NAME,
        .files = {order->files[0], order->files[1], order->files[2]},
        .file_count = HD_JOB_FILES,
        .deadline_ms = deadline_of(conditions, order->shape.op_count),
        .tell = conditions->tell != NULL ? tell_step : NULL,
        .context = &watcher,
    };
    return hd_watched_run(&watch, ending, message);
}

/// The child was made and ended: what it says of itself, or how it ended.
static enum hd_status status_of_loading(const struct order *order, const struct hd_ending *ending,
                                        const char *spec, struct hd_message *message)
{
    const struct hd_job *job = order->job;
    if (job->loaded) return HD_OK;
    *message = job->message;
    return job->status != HD_OK ? job->status : hd_ending_while_loading(ending, spec, message);
}

/// Has the order carried out. HD_OK: what came of it can be believed.
static enum hd_status carry_out(const struct order *order, const char *spec,
                                const struct hd_trace *trace,
                                const struct hd_conditions *conditions, struct hd_ending *ending,
                                struct hd_message *message)
{
    enum hd_status status = watch(order, conditions, ending, message);
    if (status != HD_OK) return status;
    if (!job_plausible(order->job, &order->shape) || !outcomes_plausible(trace, order->outcomes))
        replace_record(order);
    status = status_of_loading(order, ending, spec, message);
    if (status != HD_OK) return status;
    if (order->job->run.phase != HD_PHASE_DONE) record_ending(ending, order);
    order->job->shape = order->shape;
    return HD_OK;
}

enum hd_status hd_runner_run(const char *spec, const struct hd_trace *trace,
                             const struct hd_conditions *conditions, struct hd_result *result,
                             struct hd_message *message)
{
    struct order order;
    enum hd_status status = make_order(spec, trace, conditions, &order, message);
    if (status != HD_OK) return status;
    struct hd_ending ending = {0};
    status = carry_out(&order, spec, trace, conditions, &ending, message);
    close_files(&order);
    if (status == HD_OK)
        *result = result_of(spec, conditions->held, &order, &ending);
    else
        unmap(order.job, order.outcomes, &order.shape);
    return status;
}

void hd_result_release(struct hd_result *result)
{
    const struct hd_job_shape shape = result->job->shape;
    unmap(result->job, result->outcomes, &shape);
    *result = (struct hd_result){0};
}

enum hd_status hd_runner_probe(const char *spec, struct hd_message *message)
{
    static const struct hd_trace nothing = {0};
    struct order order;
    enum hd_status status = make_order(spec, &nothing, &HD_CONDITIONS_DEFAULT, &order, message);
    if (status != HD_OK) return status;
    order.job->loads_only = true;
    struct hd_ending ending = {0};
    status = carry_out(&order, spec, &nothing, &HD_CONDITIONS_DEFAULT, &ending, message);
    close_files(&order);
    unmap(order.job, order.outcomes, &order.shape);
    return status;
}
