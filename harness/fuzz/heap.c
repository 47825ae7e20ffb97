// SPDX-License-Identifier: MIT
/// heap.c: harness/fresh for a fuzz target: what goes wrong is said, and a safer way taken.
#include "harness/fuzz/heap.h"

#include "harness/fresh/check.h"
#include "harness/fresh/trial.h"
#include "harness/fuzz/own_stats.h"
#include "harness/fuzz/pause.h"
#include "harness/fuzz/target.h"

#include <stdio.h>

#define CHECKED_EVERY 10000 // inputs
#define CHECKED_EARLY 100   // when what each run begins with is known

static struct hd_fresh fresh;
static const char *name;
static unsigned deadline_s;
static uint64_t inputs;
static bool ran; // and what that left is not put back yet

static void tell_way(void)
{
    hd_own_stats_fresh(hd_fresh_names[fresh.way]);
}

static void step_down(const struct hd_message *why)
{
    if (fresh.torn) {
        struct hd_message message;
        hd_target_give_up(
            hd_fail(&message, HD_UNAVAILABLE, "%.80s: %.300s; try --fresh=none", name, why->text),
            &message);
    }
    const char *what = hd_fresh_step_down(&fresh);
    (void)fprintf(stderr, "heapduel: %s: %s: %s\n", name, why->text, what);
    tell_way();
}

static void try_ways(const struct hd_trace *trace)
{
    struct hd_message why;
    hd_coverage_pause();
    while (fresh.way != HD_FRESH_NONE && hd_fresh_try(&fresh, trace, deadline_s, &why) != HD_OK)
        step_down(&why);
    hd_coverage_resume();
}

void hd_heap_open(struct hd_engine *engine, const char *allocator, enum hd_fresh_way way,
                  unsigned deadline)
{
    name = allocator;
    deadline_s = deadline;
    struct hd_message why;
    const enum hd_status status = hd_fresh_open(&fresh, engine, way, &why);
    if (status != HD_OK) {
        struct hd_message message;
        hd_target_give_up(hd_fail(&message, status, "--fresh=%s, %.80s: %.300s",
                                  hd_fresh_names[way], name, why.text),
                          &message);
    }
    if (way == HD_FRESH_AUTO && fresh.way == HD_FRESH_NONE)
        (void)fprintf(stderr, "heapduel: %s: its heap is not made fresh for each input: %s\n", name,
                      why.text);
    // A sanitizer's runtime maps memory of its own at any time, perhaps where some was kept.
    if (HD_IS_SANITIZED && fresh.parked.keeps) (void)hd_fresh_step_down(&fresh);
    tell_way();
    try_ways(&hd_fresh_trial_trace);
}

void hd_heap_meet(const struct hd_trace *trace)
{
    static bool met;
    if (met || trace->count == 0) return;
    met = true;
    try_ways(trace);
}

bool hd_heap_is_fresh(void)
{
    return fresh.way != HD_FRESH_NONE;
}

void hd_heap_begin(void)
{
    inputs++;
    ran = true;
    hd_fresh_begin(&fresh);
}

bool hd_heap_put_back(void)
{
    struct hd_message why;
    if (!ran || !hd_heap_is_fresh()) return hd_heap_is_fresh();
    if (fresh.engine->crew.started > 0) return false; // a run was left whose threads have the heap
    ran = false;
    if (hd_fresh_put_back(&fresh, &why) == HD_OK) return true;
    step_down(&why);
    return false;
}

bool hd_heap_check_due(void)
{
    return fresh.way != HD_FRESH_NONE &&
           (inputs == 1 || inputs == CHECKED_EARLY || inputs % CHECKED_EVERY == 0);
}

void hd_heap_check(const struct hd_trace *trace, struct hd_run *run)
{
    struct hd_message why;
    ran = true;
    while (fresh.way != HD_FRESH_NONE && hd_fresh_check(&fresh, trace, run, &why) != HD_OK)
        step_down(&why);
    ran = false;
}
