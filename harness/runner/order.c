// SPDX-License-Identifier: MIT
/// order.c: files that are mapped here and handed on by their descriptors.
#include "harness/runner/order.h"

#include "harness/runner/watched.h"
#include "harness/trace/spool.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// Steps at the end beside a free for each block, of which an operation makes one at most: the ends
// of threads, and what is asked of the empty heap.
#define PROOFS_MAX (HD_THREAD_MAX + 8)

size_t hd_order_outcome_bytes(const struct hd_job_shape *shape)
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

static void write_job(struct hd_order *order, const char *spec, const struct hd_trace *trace,
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
static enum hd_status hand_operations(struct hd_order *order, const struct hd_trace *trace,
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

void hd_order_close_files(struct hd_order *order)
{
    for (size_t i = 0; i < HD_JOB_FILES; i++)
        if (order->files[i] >= 0 && (i != HD_JOB_OPERATIONS || order->copied))
            (void)close(order->files[i]);
}

void hd_order_unmap(struct hd_job *job, struct hd_outcome *outcomes,
                    const struct hd_job_shape *shape)
{
    if (outcomes != NULL) (void)munmap(outcomes, hd_order_outcome_bytes(shape));
    if (job != NULL) (void)munmap(job, hd_job_bytes(shape));
}

enum hd_status hd_order_make(const char *spec, const struct hd_trace *trace,
                             const struct hd_conditions *conditions, struct hd_order *order,
                             struct hd_message *message)
{
    if (strlen(spec) >= HD_JOB_SPEC_MAX)
        return hd_fail(message, HD_UNAVAILABLE, "%.60s...: the path is too long", spec);
    *order = (struct hd_order){
        .files = {-1, -1, -1}, .shape = shape_of(trace, conditions), .trace = trace};
    void *memory = NULL;
    enum hd_status status =
        hd_watched_map(hd_job_bytes(&order->shape), &order->files[HD_JOB_FILE], &memory, message);
    order->job = memory;
    if (status == HD_OK) status = hand_operations(order, trace, message);
    if (status == HD_OK)
        status = hd_watched_map_filled(hd_order_outcome_bytes(&order->shape),
                                       &order->files[HD_JOB_OUTCOMES], &memory, message);
    if (status != HD_OK) {
        hd_order_unmap(order->job, NULL, &order->shape);
        hd_order_close_files(order);
        return status;
    }
    order->outcomes = memory;
    write_job(order, spec, trace, conditions);
    return HD_OK;
}
