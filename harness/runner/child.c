// SPDX-License-Identifier: MIT
/// child.c: the child's part: tap, load, carry out. Calls no malloc of libc's.
#include "allocators/known.h"
#include "harness/base/arena.h"
#include "harness/engine/engine.h"
#include "harness/engine/loading.h"
#include "harness/runner/job.h"
#include "harness/runner/watched.h"
#include "harness/trace/spool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// ---------------------------------------------------------------------------- what is recorded

static void record_calls(struct hd_job *job, uint64_t step, const struct hd_syscall *calls,
                         size_t count)
{
    struct hd_call_record *records = hd_job_calls(job, &job->shape);
    for (size_t i = 0; i < count; i++) {
        if (job->call_count == job->shape.calls_max) {
            job->calls_dropped++;
            continue;
        }
        records[job->call_count++] = (struct hd_call_record){.step = step, .call = calls[i]};
    }
}

struct recorder {
    struct hd_job *job;
    const struct hd_engine *engine;
    bool offers_trim;
};

static void record_end_step(const struct recorder *recorder, const struct hd_step *step)
{
    struct hd_job *job = recorder->job;
    if (job->end_count == job->shape.end_max) return; // never, unless the record was written over
    hd_job_end_steps(job, &job->shape)[job->end_count++] = (struct hd_end_record){
        .step = step->number,
        .op = *step->op,
        .trims = recorder->offers_trim && step->proof == HD_PROOF_EMPTY};
}

/// What the step of the trace left behind, as far as that is wanted.
static void record_moment(const struct recorder *recorder, const struct hd_step *step)
{
    struct hd_job *job = recorder->job;
    const bool kept = step->number <= job->shape.moment_count;
    if (!kept && !job->conditions.sums_timeline) return;
    struct hd_moment moment;
    hd_moment_take(&moment, recorder->engine, step,
                   hd_timeline_looks(step->number, job->shape.op_count));
    if (kept) hd_job_moments(job, &job->shape)[step->number - 1] = moment;
    if (job->conditions.sums_timeline) hd_timeline_add(&job->use, &moment);
}

static void record_step(void *context, const struct hd_step *step)
{
    const struct recorder *recorder = context;
    struct hd_job *job = recorder->job;
    if (step->number <= job->shape.op_count) record_moment(recorder, step);
    if (job->shape.calls_max == 0) return;
    record_calls(job, step->number, step->calls, step->call_count);
    job->calls_dropped += hd_tap_log()->lost;
    if (step->number > job->shape.op_count) record_end_step(recorder, step);
}

static void record_trace_end(void *context, const struct hd_engine *engine)
{
    struct hd_job *job = ((const struct recorder *)context)->job;
    if (job->shape.has_snapshot)
        hd_snapshot_take(hd_job_snapshot(job, &job->shape), engine);
}

// ---------------------------------------------------------------------------- the work

/// The subject ready to be called, and the tap open and what it saw meanwhile in its log.
static bool load(struct hd_job *job, struct hd_subject *subject)
{
    job->status = hd_loading_open(job->spec, job->conditions.tap, subject, &job->message);
    job->loaded = job->status == HD_OK;
    if (!job->loaded) return false;
    if (job->conditions.held != NULL) hd_policy_hold(&subject->allocator.policy, &job->held);
    job->tap = subject->unseen ? HD_TAP_OFF : hd_tap_way();
    if (job->shape.calls_max != 0)
        record_calls(job, 0, hd_tap_log()->calls, hd_tap_log()->count);
    return true;
}

#define BREAK_MULTIPLE ((uintptr_t)16 << 20)

/// Where the break begins depends on this program's size, and with it what alignments cost, but
/// footprints are to be those of another build too. By the system call: libc does not know its
/// break yet, and is to ask for it itself.
static void place_break(void)
{
    const uintptr_t now = (uintptr_t)syscall(SYS_brk, 0);
    (void)syscall(SYS_brk, (now + BREAK_MULTIPLE - 1) & ~(BREAK_MULTIPLE - 1));
}

/// The operations, mapped, count as an arena.
static struct hd_trace take_operations(struct hd_job *job, const char *file)
{
    static struct hd_spool spool;
    struct hd_trace trace;
    const int descriptor = atoi(file);
    if (!hd_spool_map(&spool, descriptor, job->shape.ops_offset, job->shape.op_count, &trace)) {
        job->status = hd_fail(&job->message, HD_UNAVAILABLE, "cannot map the operations: %s",
                              strerror(errno));
        _exit(HD_UNAVAILABLE);
    }
    (void)close(descriptor);
    hd_arena_note(spool.ops, spool.reserved);
    trace.slot_count = job->slot_count;
    return trace;
}

static _Noreturn void carry_out(struct hd_job *job, char **files)
{
    const struct hd_trace trace = take_operations(job, files[HD_JOB_OPERATIONS]);
    struct hd_outcome *outcomes = hd_watched_take(files[HD_JOB_OUTCOMES]);
    hd_watched_begin(job->parent);
    place_break();
    struct hd_subject subject = {0};
    if (!load(job, &subject) || job->loads_only) _exit(0);

    static struct hd_engine engine;
    struct recorder recorder = {.job = job,
                                .engine = &engine,
                                .offers_trim = subject.allocator.trim != NULL};
    const struct hd_observer observer = {
        .step = record_step, .trace_end = record_trace_end, .context = &recorder};
    hd_engine_open(&engine, &subject);
    engine.memory_limit = hd_memory_limit_open(job->conditions.memory_bytes);
    engine.measures_resident = job->conditions.measures_resident;
    engine.observer = &observer;
    engine.uses_threads = true;
    if (job->shape.calls_max != 0 && hd_tap_way() != HD_TAP_OFF)
        hd_tap_thread.log = hd_job_log(job, &job->shape);
    hd_engine_run(&engine, &trace, &job->run, outcomes);
    _exit(0);
}

void hd_runner_serve(char **argv)
{
    if (strcmp(argv[0], HD_CHILD_NAME) != 0) return;
    char **files = argv + 1;
    for (size_t i = 0; i < HD_JOB_FILES; i++)
        if (files[i] == NULL) return;
    carry_out(hd_watched_take(files[HD_JOB_FILE]), files);
}
