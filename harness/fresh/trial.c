// SPDX-License-Identifier: MIT
/// trial.c: runs in a child: what they came to stands in a page that both see.
#include "harness/fresh/trial.h"

#include "harness/fresh/check.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RUNS        4
#define FIRST_S     60 // the first run may take where there is no deadline, seconds
#define SLOWER_THAN 10 // times the first: then a later run hangs
#define SPARE_S     5  // and may besides

static const struct hd_op ops[] = {
    {.kind = HD_OP_MALLOC, .slot = 0, .size = 24},
    {.kind = HD_OP_MALLOC, .slot = 1, .size = 24},
    {.kind = HD_OP_CALLOC, .slot = 2, .extra = 3, .size = 100},
    {.kind = HD_OP_MALLOC, .slot = 3, .size = 5000},
    {.kind = HD_OP_MALLOC, .slot = 4, .size = 300000},
    {.kind = HD_OP_FREE, .slot = 0},
    {.kind = HD_OP_REALLOC, .slot = 1, .size = 700},
    {.kind = HD_OP_ALIGNED_ALLOC, .slot = 5, .extra = 256, .size = 1024},
    {.kind = HD_OP_POSIX_MEMALIGN, .slot = 6, .extra = 4096, .size = 100},
    {.kind = HD_OP_REALLOC, .slot = 3, .size = 200000},
    {.kind = HD_OP_FREE, .slot = 4},
    {.kind = HD_OP_MALLOC, .slot = 0, .size = 0},
    {.kind = HD_OP_CALLOC, .slot = 4, .extra = 1, .size = 40000},
    {.kind = HD_OP_REALLOC, .slot = 3, .size = 16},
    {.kind = HD_OP_FREE, .slot = 5},
    {.kind = HD_OP_MALLOC, .slot = 5, .size = 2000000},
    {.kind = HD_OP_FREE, .slot = 2},
    {.kind = HD_OP_MALLOC, .slot = 2, .size = 24},
};

const struct hd_trace hd_fresh_trial_trace = {
    .ops = ops, .count = sizeof ops / sizeof ops[0], .slot_count = 7};

struct result {
    unsigned ended; // runs
    bool finished;  // the child came to its end
    enum hd_status status;
    struct hd_message message;
};

// ---------------------------------------------------------------------------- in the child

/// It may die, without a word and without leaving a file.
static void be_quiet(void)
{
    static const int deadly[] = {SIGABRT, SIGALRM, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP};
    sigset_t unblocked;
    (void)sigemptyset(&unblocked);
    for (size_t i = 0; i < sizeof deadly / sizeof deadly[0]; i++) {
        (void)signal(deadly[i], SIG_DFL);
        (void)sigaddset(&unblocked, deadly[i]);
    }
    (void)sigprocmask(SIG_UNBLOCK, &unblocked, NULL);
    (void)setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    (void)dup2(nowhere, STDOUT_FILENO);
    (void)dup2(nowhere, STDERR_FILENO);
}

static enum hd_status run_all(struct hd_fresh *fresh, const struct hd_trace *trace,
                              unsigned deadline_s, struct result *result)
{
    static struct hd_run run;
    uint64_t first = 0;
    unsigned limit_s = deadline_s > 0 ? deadline_s : FIRST_S;
    for (unsigned i = 0; i < RUNS; i++) {
        const time_t start = time(NULL);
        (void)alarm(limit_s);
        const uint64_t value = hd_digest_run(fresh, trace, &run);
        if (i == 0) limit_s = SPARE_S + SLOWER_THAN * (unsigned)(time(NULL) - start);
        if (i == 0) first = value;
        result->ended++;
        if (value != first)
            return hd_fail(&result->message, HD_UNAVAILABLE,
                           "the same input gave other answers or system calls in a trial");
        const enum hd_status status = hd_fresh_put_back(fresh, &result->message);
        if (status != HD_OK) return status;
    }
    return HD_OK;
}

static _Noreturn void be_child(struct hd_fresh *fresh, const struct hd_trace *trace,
                               unsigned deadline_s, struct result *result)
{
    be_quiet();
    fresh->engine->observer = NULL;
    result->status = run_all(fresh, trace, deadline_s, result);
    result->finished = true;
    _exit(0);
}

// ---------------------------------------------------------------------------- in the parent

static enum hd_status judge(const struct result *result, struct hd_message *message)
{
    if (result->finished) {
        *message = result->message;
        return result->status;
    }
    if (result->ended == 0) return HD_OK;
    return hd_fail(message, HD_UNAVAILABLE,
                   "in a trial the same input crashed, hung or ended the process at its %s run",
                   result->ended == 1 ? "second" : "third or fourth");
}

enum hd_status hd_fresh_try(struct hd_fresh *fresh, const struct hd_trace *trace,
                            unsigned deadline_s, struct hd_message *message)
{
    struct result *result =
        mmap(NULL, sizeof *result, HD_READ_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (result == MAP_FAILED) return HD_OK;
    const pid_t child = fork();
    if (child == 0) be_child(fresh, trace, deadline_s, result);
    while (child > 0 && waitpid(child, NULL, 0) < 0)
        HD_ASSERT(errno == EINTR);
    const enum hd_status status = judge(result, message);
    (void)munmap(result, sizeof *result);
    return status;
}
