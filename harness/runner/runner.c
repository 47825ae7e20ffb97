// SPDX-License-Identifier: MIT
/// runner.c: fork, carry out, watch.
#include "harness/runner/runner.h"

#include "allocators/known.h"
#include "harness/engine/engine.h"
#include "harness/runner/ending.h"
#include "harness/runner/record.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/// What parent and child share; the outcomes follow it.
struct shared {
    struct hd_run run;
    struct hd_message message;
    enum hd_status status;
    struct hd_policy policy;
    bool loaded;
    struct hd_outcome outcomes[];
};

static size_t shared_bytes(size_t count)
{
    return sizeof(struct shared) + count * sizeof(struct hd_outcome);
}

// ---------------------------------------------------------------------------- the child

static void reset_signals(void)
{
    static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        (void)signal(signals[i], SIG_DFL); // a sanitizer's handler would hide the signal
}

/// The child's part: never returns.
static _Noreturn void carry_out(const char *spec, const struct hd_trace *trace,
                                const struct hd_limits *limits, pid_t parent, int output,
                                struct shared *shared)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(HD_UNAVAILABLE); // it died before we asked
    if (dup2(output, STDOUT_FILENO) < 0 || dup2(output, STDERR_FILENO) < 0)
        _exit(HD_UNAVAILABLE);
    reset_signals();

    struct hd_subject subject;
    shared->status = hd_allocator_open(spec, &subject, &shared->message);
    shared->loaded = shared->status == HD_OK;
    if (shared->loaded) shared->policy = subject.allocator.policy;
    if (!shared->loaded || trace == NULL) _exit(0);

    static struct hd_engine engine;
    hd_engine_open(&engine, &subject);
    engine.memory_limit = hd_memory_limit_open(limits->memory_bytes);
    hd_engine_run(&engine, trace, &shared->run, shared->outcomes);
    _exit(0);
}

// ---------------------------------------------------------------------------- the parent

/// Waits for the child, and kills it at the deadline.
static enum hd_status await(pid_t child, const struct hd_limits *limits, struct hd_ending *ending,
                            struct hd_message *message)
{
    const int handle = pidfd_open(child, 0);
    struct pollfd wait_for = {.fd = handle, .events = POLLIN};
    const int timeout = limits->deadline_ms != 0 ? (int)limits->deadline_ms : -1;
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
    while (waitpid(child, &ending->wait_status, 0) < 0)
        HD_ASSERT(errno == EINTR);
    return HD_OK;
}

/// Forks a child that carries the trace out (NULL: only loads the allocator) and waits for its end.
static enum hd_status watch(const char *spec, const struct hd_trace *trace,
                            const struct hd_limits *limits, struct shared *shared,
                            struct hd_ending *ending, struct hd_message *message)
{
    const int output = memfd_create("heapduel-output", MFD_CLOEXEC);
    if (output < 0)
        return hd_fail(message, HD_UNAVAILABLE, "cannot make a file in memory: %s",
                       strerror(errno));
    (void)fflush(NULL); // what is buffered is ours to write, not the child's
    const pid_t parent = getpid();
    const pid_t child = fork();
    if (child == 0) carry_out(spec, trace, limits, parent, output, shared);
    enum hd_status status =
        child > 0 ? await(child, limits, ending, message)
                  : hd_fail(message, HD_UNAVAILABLE, "cannot fork: %s", strerror(errno));
    if (status == HD_OK) hd_ending_read_output(ending, output);
    (void)close(output);
    return status;
}

static struct shared *map_shared(size_t count)
{
    void *memory = mmap(NULL, shared_bytes(count), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory != MAP_FAILED ? memory : NULL;
}

static bool shared_plausible(const struct shared *shared, size_t count)
{
    const enum hd_status status = shared->status;
    return (status == HD_OK || status == HD_BAD_INPUT || status == HD_UNAVAILABLE) &&
           hd_bool_plausible(&shared->loaded) &&
           memchr(shared->message.text, '\0', sizeof shared->message.text) != NULL &&
           hd_record_plausible(&shared->run, shared->outcomes, count);
}

/// What stands where the record was, after an allocator wrote over it.
static void replace_record(struct shared *shared, size_t count)
{
    struct hd_run *run = &shared->run;
    const struct hd_op op = hd_op_well_formed(&run->op) ? run->op : (struct hd_op){0};
    memset(shared, 0, shared_bytes(count));
    shared->loaded = true;
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

/// The run did not come to its end: says so as a finding, and as the outcome of the step that it
/// was at.
static void record_ending(const struct hd_ending *ending, struct shared *shared, size_t count)
{
    struct hd_run *run = &shared->run;
    hd_ending_add_finding(ending, run);
    if (run->at_end || run->step == 0 || run->step > count) return;
    shared->outcomes[run->step - 1] =
        (struct hd_outcome){.kind = HD_OUTCOME_LOST, .broken = true};
}

enum hd_status hd_runner_run(const char *spec, const struct hd_trace *trace,
                             const struct hd_limits *limits, struct hd_result *result,
                             struct hd_message *message)
{
    const size_t count = trace != NULL ? trace->count : 0;
    struct shared *shared = map_shared(count);
    if (shared == NULL)
        return hd_fail(message, HD_UNAVAILABLE, "no memory for %zu operations: %s", count,
                       strerror(errno));
    struct hd_ending ending = {0};
    enum hd_status status = watch(spec, trace, limits, shared, &ending, message);
    (void)madvise(shared, shared_bytes(count), MADV_DONTFORK); // out of reach of the next child
    if (status == HD_OK && !shared_plausible(shared, count)) replace_record(shared, count);
    if (status == HD_OK && shared->status != HD_OK) {
        *message = shared->message;
        status = shared->status;
    } else if (status == HD_OK && !shared->loaded) {
        status = hd_ending_while_loading(&ending, spec, message);
    }
    if (status != HD_OK || result == NULL) {
        (void)munmap(shared, shared_bytes(count));
        return status;
    }
    if (shared->run.phase != HD_PHASE_DONE) record_ending(&ending, shared, count);
    *result = (struct hd_result){&shared->run, shared->outcomes, count, shared->policy};
    return HD_OK;
}

void hd_result_release(struct hd_result *result)
{
    (void)munmap(result->run, shared_bytes(result->count));
    *result = (struct hd_result){0};
}

enum hd_status hd_runner_probe(const char *spec, struct hd_message *message)
{
    return hd_runner_run(spec, NULL, &HD_LIMITS_DEFAULT, NULL, message);
}
