// SPDX-License-Identifier: MIT
/// runner.c: an order is made, a child carries it out, and what came of it becomes a result.
#include "harness/runner/runner.h"

#include "allocators/known.h"
#include "harness/runner/ending.h"
#include "harness/runner/job.h"
#include "harness/runner/order.h"
#include "harness/runner/settle.h"
#include "harness/runner/watched.h"

#include <limits.h>

/// What the allocator was held to.
static struct hd_policy policy_of(const char *spec, const struct hd_held_policy *held)
{
    struct hd_policy policy = hd_allocator_policy(spec);
    if (held != NULL) hd_policy_hold(&policy, held);
    return policy;
}

static struct hd_result result_of(const char *spec, const struct hd_held_policy *held,
                                  const struct hd_order *order, const struct hd_ending *ending)
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
    const struct hd_order *order;
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

static enum hd_status watch(const struct hd_order *order, const struct hd_conditions *conditions,
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
static enum hd_status status_of_loading(const struct hd_order *order,
                                        const struct hd_ending *ending, const char *spec,
                                        struct hd_message *message)
{
    const struct hd_job *job = order->job;
    if (job->loaded) return HD_OK;
    *message = job->message;
    return job->status != HD_OK ? job->status : hd_ending_while_loading(ending, spec, message);
}

/// Has the order carried out. HD_OK: what came of it can be believed.
static enum hd_status carry_out(const struct hd_order *order, const char *spec,
                                const struct hd_conditions *conditions, struct hd_ending *ending,
                                struct hd_message *message)
{
    enum hd_status status = watch(order, conditions, ending, message);
    if (status != HD_OK) return status;
    hd_settle_record(order);
    status = status_of_loading(order, ending, spec, message);
    if (status == HD_OK) hd_settle_ending(order, ending);
    return status;
}

enum hd_status hd_runner_run(const char *spec, const struct hd_trace *trace,
                             const struct hd_conditions *conditions, struct hd_result *result,
                             struct hd_message *message)
{
    struct hd_order order;
    enum hd_status status = hd_order_make(spec, trace, conditions, &order, message);
    if (status != HD_OK) return status;
    struct hd_ending ending = {0};
    status = carry_out(&order, spec, conditions, &ending, message);
    hd_order_close_files(&order);
    if (status == HD_OK)
        *result = result_of(spec, conditions->held, &order, &ending);
    else
        hd_order_unmap(order.job, order.outcomes, &order.shape);
    return status;
}

void hd_result_release(struct hd_result *result)
{
    const struct hd_job_shape shape = result->job->shape;
    hd_order_unmap(result->job, result->outcomes, &shape);
    *result = (struct hd_result){0};
}

enum hd_status hd_runner_probe(const char *spec, struct hd_message *message)
{
    static const struct hd_trace nothing = {0};
    struct hd_order order;
    enum hd_status status = hd_order_make(spec, &nothing, &HD_CONDITIONS_DEFAULT, &order, message);
    if (status != HD_OK) return status;
    order.job->loads_only = true;
    struct hd_ending ending = {0};
    status = carry_out(&order, spec, &HD_CONDITIONS_DEFAULT, &ending, message);
    hd_order_close_files(&order);
    hd_order_unmap(order.job, order.outcomes, &order.shape);
    return status;
}
