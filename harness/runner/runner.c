// SPDX-License-Identifier: MIT
/// runner.c: write a job down, execute a child for it, watch, believe what is plausible.
#include "harness/runner/runner.h"

#include "allocators/known.h"
#include "harness/runner/ending.h"
#include "harness/runner/job.h"
#include "harness/runner/record.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

// ---------------------------------------------------------------------------- watching

/// Waits for the child, and kills it at the deadline.
static enum hd_status await(pid_t child, const struct hd_conditions *conditions,
                            struct hd_ending *ending, struct hd_message *message)
{
    const int handle = pidfd_open(child, 0);
    struct pollfd wait_for = {.fd = handle, .events = POLLIN};
    const int timeout = conditions->deadline_ms != 0 ? (int)conditions->deadline_ms : -1;
    int ready = -1;
    if (handle >= 0) {
        do ready = poll(&wait_for, 1, timeout);
        while (ready < 0 && errno == EINTR);
    }
    if (ready < 0) {
        const int error = errno;
        if (handle >= 0) (void)close(handle);
        (void)kill(child, SIGKILL);
        (void)waitpid(child, NULL, 0);
        return hd_fail(message, HD_UNAVAILABLE, "cannot watch a child process: %s",
                       strerror(error));
    }
    (void)close(handle);
    ending->timed_out = ready == 0;
    if (ending->timed_out) (void)kill(child, SIGKILL);
    (void)kill(-child, SIGKILL); // what it forked may hold the job still; until it is reaped the
                                 // group cannot be another's
    while (waitpid(child, &ending->wait_status, 0) < 0)
        HD_ASSERT(errno == EINTR);
    return HD_OK;
}

/// Becomes this program anew, with the job at hand. Never returns.
static _Noreturn void become_child(struct hd_job *job, int file, int output)
{
    char number[16];
    (void)setpgid(0, 0); // so that what the allocator forks ends with it
    (void)snprintf(number, sizeof number, "%d", file);
    char *const argv[] = {(char *)HD_CHILD_NAME, number, NULL};
    if (dup2(output, STDOUT_FILENO) >= 0 && dup2(output, STDERR_FILENO) >= 0 &&
        fcntl(file, F_SETFD, 0) == 0)
        (void)execv("/proc/self/exe", argv);
    job->status = hd_fail(&job->message, HD_UNAVAILABLE,
                          "cannot execute /proc/self/exe for a child: %s", strerror(errno));
    _exit(HD_UNAVAILABLE);
}

/// Starts a child on the job in `file` and waits for its end.
static enum hd_status watch(struct hd_job *job, int file, const struct hd_conditions *conditions,
                            struct hd_ending *ending, struct hd_message *message)
{
    const int output = memfd_create("heapduel-output", MFD_CLOEXEC);
    if (output < 0)
        return hd_fail(message, HD_UNAVAILABLE, "cannot make a file in memory: %s",
                       strerror(errno));
    (void)fflush(NULL); // what is buffered is ours to write, not the child's
    const pid_t child = fork();
    if (child == 0) become_child(job, file, output);
    enum hd_status status =
        child > 0 ? await(child, conditions, ending, message)
                  : hd_fail(message, HD_UNAVAILABLE, "cannot fork: %s", strerror(errno));
    if (status == HD_OK) hd_ending_read_output(ending, output);
    (void)close(output);
    return status;
}

// ---------------------------------------------------------------------------- the job

/// A file in memory, and its mapping.
static enum hd_status map_job(size_t bytes, int *file, struct hd_job **job,
                              struct hd_message *message)
{
    *file = memfd_create("heapduel-job", MFD_CLOEXEC);
    if (*file >= 0 && ftruncate(*file, (off_t)bytes) == 0) *job = hd_job_map(*file, bytes);
    if (*job != NULL) return HD_OK;
    const int error = errno;
    if (*file >= 0) (void)close(*file);
    return hd_fail(message, HD_UNAVAILABLE, "no memory for a trace of %zu bytes: %s", bytes,
                   strerror(error));
}

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
    const enum hd_status status = map_job(hd_job_bytes(&shape), file, made, message);
    if (status != HD_OK) return status;
    struct hd_job *job = *made;
    job->shape = shape;
    (void)strcpy(job->spec, spec);
    job->conditions = *conditions;
    if (conditions->kernel != NULL) job->kernel = *conditions->kernel;
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

static struct hd_result result_of(const char *spec, struct hd_job *job,
                                  const struct hd_job_shape *shape)
{
    const struct hd_snapshot *snapshot = hd_job_snapshot(job, shape);
    return (struct hd_result){
        .run = &job->run,
        .outcomes = hd_job_outcomes(job, shape),
        .count = shape->op_count,
        .policy = hd_allocator_policy(spec),
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
    status = watch(job, file, conditions, &ending, message);
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
    *result = result_of(spec, job, &shape);
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
