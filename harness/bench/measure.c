// SPDX-License-Identifier: MIT
/// measure.c: the same trace in a fresh process, again and again.
#include "harness/bench/measure.h"

#include "allocators/known.h"
#include "harness/engine/bare.h"
#include "harness/engine/engine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/// What a child tells its parent.
struct shared {
    struct hd_message message;
    enum hd_status status;
    uint64_t elapsed_ns;
};

static uint64_t now_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

static void run_judged(const struct hd_subject *subject, const struct hd_trace *trace,
                       struct shared *shared)
{
    static struct hd_engine engine;
    static struct hd_run run;
    hd_engine_open(&engine, subject);
    const uint64_t start = now_ns();
    hd_engine_run(&engine, trace, &run, NULL);
    shared->elapsed_ns = now_ns() - start;
    if (run.finding_count > 0)
        shared->status = hd_fail(&shared->message, HD_UNAVAILABLE,
                                 "%.100s: an oracle broke, so it cannot be measured: %.200s",
                                 subject->allocator.name, run.findings[0].evidence);
}

static void run_bare(const struct hd_subject *subject, const struct hd_trace *trace,
                     struct shared *shared)
{
    struct hd_arena arena;
    hd_arena_open(&arena, (size_t)8 << 30);
    const uint64_t start = now_ns();
    hd_bare_run(subject, trace, &arena);
    shared->elapsed_ns = now_ns() - start;
}

static _Noreturn void run_child(const char *spec, const struct hd_trace *trace, bool judged,
                                struct shared *shared)
{
    struct hd_subject subject;
    shared->status = hd_allocator_open(spec, &subject, &shared->message);
    if (shared->status == HD_OK) (judged ? run_judged : run_bare)(&subject, trace, shared);
    _exit(0);
}

static enum hd_status run_once(const char *spec, const struct hd_trace *trace, bool judged,
                               struct shared *shared, struct hd_message *message)
{
    *shared = (struct shared){0};
    const pid_t child = fork();
    if (child == 0) run_child(spec, trace, judged, shared);
    if (child < 0) return hd_fail(message, HD_UNAVAILABLE, "cannot fork: %s", strerror(errno));

    int wait_status;
    while (waitpid(child, &wait_status, 0) < 0) HD_ASSERT(errno == EINTR);
    if (shared->status != HD_OK) {
        *message = shared->message;
        return shared->status;
    }
    if (shared->elapsed_ns == 0)
        return hd_fail(message, HD_UNAVAILABLE, "%.200s: the measured run did not end; try "
                                                "`heapduel run` on it", spec);
    return HD_OK;
}

static int compare_ns(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a;
    const uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static uint64_t median(uint64_t *ns, unsigned count)
{
    qsort(ns, count, sizeof ns[0], compare_ns);
    return ns[count / 2];
}

enum hd_status hd_measure_trace(const char *spec, const struct hd_trace *trace, unsigned rounds,
                                struct hd_measure *measure, struct hd_message *message)
{
    HD_ASSERT(rounds > 0 && rounds <= HD_MEASURE_ROUNDS_MAX);
    struct shared *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
                                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return hd_fail(message, HD_UNAVAILABLE, "no memory to share: %s", strerror(errno));
    uint64_t bare[HD_MEASURE_ROUNDS_MAX];
    uint64_t judged[HD_MEASURE_ROUNDS_MAX];
    enum hd_status status = HD_OK;
    for (unsigned i = 0; i < rounds && status == HD_OK; i++) {
        status = run_once(spec, trace, false, shared, message);
        bare[i] = shared->elapsed_ns;
        if (status == HD_OK) status = run_once(spec, trace, true, shared, message);
        judged[i] = shared->elapsed_ns;
    }
    (void)munmap(shared, sizeof *shared);
    if (status == HD_OK) {
        measure->bare_ns = median(bare, rounds);
        measure->judged_ns = median(judged, rounds);
    }
    return status;
}
