// SPDX-License-Identifier: MIT
/// fresh_cost.c: inputs on a heap that is fresh, that is not, and in forks.
#include "harness/bench/fresh_cost.h"

#include "harness/base/clock.h"
#include "harness/bench/child.h"
#include "harness/bench/inputs.h"
#include "harness/bench/samples.h"
#include "harness/bench/workload.h"
#include "harness/engine/loading.h"
#include "harness/fresh/check.h"

#include <errno.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define INPUTS       500 // different ones
#define WARM_UP      2   // times all of them
#define TIMES        6   // measured
#define MEMORY_BYTES ((size_t)256 << 20)

// Where inputs are repeated most time goes into filling large blocks: fewer are served so.
#define REPEAT_BYTES ((size_t)96 << 20)

struct context {
    const char *spec;
    enum hd_fresh_way way;
    uint64_t inputs; // of a repetition
    size_t memory_bytes;
};

static struct hd_engine engine;
static struct hd_fresh fresh;
static struct hd_run run;
static struct hd_arena arena;
static struct hd_trace traces[INPUTS];

static bool load(const struct context *context, struct hd_child *result)
{
    struct hd_subject subject;
    result->status = hd_loading_open(context->spec, HD_TAP_AUTO, &subject, &result->message);
    if (result->status != HD_OK) return false;
    hd_arena_open(&arena, (size_t)1 << 30);
    hd_engine_open(&engine, &subject);
    engine.memory_limit = hd_memory_limit_open(context->memory_bytes);
    struct hd_message why;
    const enum hd_status status = hd_fresh_open(&fresh, &engine, context->way, &why);
    if (status != HD_OK)
        result->status = hd_fail(&result->message, status, "%.100s: its heap is not made fresh: %s",
                                 context->spec, why.text);
    result->way = fresh.way;
    return status == HD_OK;
}

static void make_traces(void)
{
    for (uint64_t i = 0; i < INPUTS; i++)
        hd_workload_make_small(&arena, i, &traces[i]);
}

static bool run_fresh(const struct hd_trace *trace, struct hd_child *result)
{
    hd_fresh_begin(&fresh);
    hd_engine_run(&engine, trace, &run, NULL);
    result->status = hd_fresh_put_back(&fresh, &result->message);
    return result->status == HD_OK;
}

// ---------------------------------------------------------------------------- what it costs

static void measure_here(const void *data, struct hd_child *result)
{
    if (!load(data, result)) return;
    make_traces();
    uint64_t start = 0;
    for (unsigned time = 0; time < WARM_UP + TIMES; time++) {
        if (time == WARM_UP) start = hd_processor_ns();
        for (size_t i = 0; i < INPUTS; i++)
            if (!run_fresh(&traces[i], result)) return;
    }
    result->elapsed_ns = hd_processor_ns() - start;
}

static uint64_t ns_of_children(void)
{
    struct rusage used;
    (void)getrusage(RUSAGE_CHILDREN, &used);
    return ((uint64_t)used.ru_utime.tv_sec + (uint64_t)used.ru_stime.tv_sec) * 1000000000 +
           ((uint64_t)used.ru_utime.tv_usec + (uint64_t)used.ru_stime.tv_usec) * 1000;
}

static void measure_forks(const void *data, struct hd_child *result)
{
    struct context context = *(const struct context *)data;
    context.way = HD_FRESH_NONE;
    if (!load(&context, result)) return;
    make_traces();
    const uint64_t start = hd_processor_ns();
    for (unsigned time = 0; time < TIMES; time++) {
        for (size_t i = 0; i < INPUTS; i++) {
            const pid_t child = fork();
            if (child == 0) {
                hd_engine_run(&engine, &traces[i], &run, NULL);
                _exit(0);
            }
            if (child < 0) {
                result->status = hd_fail(&result->message, HD_UNAVAILABLE, "cannot fork");
                return;
            }
            while (waitpid(child, NULL, 0) < 0)
                HD_ASSERT(errno == EINTR);
        }
    }
    result->elapsed_ns = hd_processor_ns() - start + ns_of_children();
}

static double us_of(struct hd_samples *samples)
{
    return (double)hd_samples_median(samples) / (INPUTS * TIMES * 1000.0);
}

enum hd_status hd_fresh_cost_measure(const char *spec, enum hd_fresh_way way, unsigned rounds,
                                     struct hd_fresh_cost *cost, struct hd_message *message)
{
    HD_ASSERT(rounds > 0 && rounds <= HD_MEASURE_ROUNDS_MAX);
    const struct context none = {.spec = spec, .way = HD_FRESH_NONE, .memory_bytes = MEMORY_BYTES};
    const struct context wanted = {.spec = spec, .way = way, .memory_bytes = MEMORY_BYTES};
    struct hd_samples samples[3] = {0};
    *cost = (struct hd_fresh_cost){0};
    for (unsigned i = 0; i < rounds; i++) {
        struct hd_child result;
        enum hd_status status = hd_child_run(measure_here, &none, spec, &result, message);
        if (status != HD_OK) return status;
        hd_samples_add(&samples[0], result.elapsed_ns);
        status = hd_child_run(measure_here, &wanted, spec, &result, message);
        if (status != HD_OK) return status;
        cost->way = result.way;
        if (cost->way != HD_FRESH_NONE) hd_samples_add(&samples[1], result.elapsed_ns);
        status = hd_child_run(measure_forks, &none, spec, &result, message);
        if (status != HD_OK) return status;
        hd_samples_add(&samples[2], result.elapsed_ns);
    }
    cost->none_us = us_of(&samples[0]);
    cost->fresh_us = us_of(&samples[1]);
    cost->fork_us = us_of(&samples[2]);
    return HD_OK;
}

// ---------------------------------------------------------------------------- whether they repeat

/// One in sixteen is a fuzzer's, with all that can be in a trace; the others are what programs do.
static void make_input(uint64_t number, struct hd_trace *trace)
{
    hd_arena_reset(&arena, 0);
    if (number % 16 == 0)
        hd_inputs_make(&arena, number, trace);
    else
        hd_workload_make_small(&arena, number, trace);
}

/// False: the heap could not be put back, and the allocator must not be called any more.
static bool digest(const struct hd_trace *trace, uint64_t *value, struct hd_child *result)
{
    *value = hd_digest_run(&fresh, trace, &run);
    result->status = hd_fresh_put_back(&fresh, &result->message);
    return result->status == HD_OK;
}

/// `twice`: each is carried out twice, and compared.
static void repeat(const struct context *context, bool twice, struct hd_child *result)
{
    if (!load(context, result) || fresh.way == HD_FRESH_NONE) {
        result->elapsed_ns = 1; // nothing was to be done
        return;
    }
    for (uint64_t i = 0; i < context->inputs; i++) {
        uint64_t value;
        uint64_t again;
        make_input(i, &traces[0]);
        if (!digest(&traces[0], &value, result)) return;
        result->digest = (result->digest ^ value) * UINT64_C(0x9e3779b97f4a7c15);
        if (!twice) continue;
        if (!digest(&traces[0], &again, result)) return;
        if (value != again && result->differing++ == 0) result->first = i;
    }
    result->elapsed_ns = hd_processor_ns();
}

static void repeat_twice(const void *context, struct hd_child *result)
{
    repeat(context, true, result);
}

static void repeat_once(const void *context, struct hd_child *result)
{
    repeat(context, false, result);
}

enum hd_status hd_repeat_measure(const char *spec, enum hd_fresh_way way, uint64_t inputs,
                                 struct hd_repeat *into, struct hd_message *message)
{
    const struct context context = {
        .spec = spec, .way = way, .inputs = inputs, .memory_bytes = REPEAT_BYTES};
    struct hd_child here;
    struct hd_child elsewhere;
    enum hd_status status = hd_child_run(repeat_twice, &context, spec, &here, message);
    if (status == HD_OK) status = hd_child_run(repeat_once, &context, spec, &elsewhere, message);
    if (status != HD_OK) return status;
    *into = (struct hd_repeat){.way = here.way,
                               .inputs = inputs,
                               .differing = here.differing,
                               .first = here.first,
                               .same_elsewhere = here.digest == elsewhere.digest};
    return HD_OK;
}
