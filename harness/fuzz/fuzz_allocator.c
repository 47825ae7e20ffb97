// SPDX-License-Identifier: MIT
/// fuzz_allocator.c: the fuzz target for one allocator, all oracles on.
#include "allocators/policy_file.h"
#include "harness/engine/engine.h"
#include "harness/engine/loading.h"
#include "harness/fuzz/behaviour.h"
#include "harness/fuzz/heap.h"
#include "harness/fuzz/history.h"
#include "harness/fuzz/own_stats.h"
#include "harness/fuzz/pause.h"
#include "harness/fuzz/target.h"

#include <stdio.h>

static struct hd_engine engine;
static struct hd_behaviour behaviour;
static struct hd_arena arena;
static const char *allocator;
static char replay[4096];
static bool goes_on;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    const struct hd_target_options options = hd_target_start(argc, argv);
    allocator = options.allocator != NULL ? options.allocator : "brkmap";
    struct hd_subject subject;
    struct hd_message message;
    enum hd_status status = hd_loading_open(allocator, options.tap, &subject, &message);
    struct hd_held_policy held;
    if (status == HD_OK && options.policy != NULL)
        status = hd_policy_file_read(options.policy, &held, &message);
    if (status != HD_OK) hd_target_give_up(status, &message);
    if (options.policy != NULL) hd_policy_hold(&subject.allocator.policy, &held);
    (void)snprintf(replay, sizeof replay, "-a %s --memory-limit %zu%s%s", allocator,
                   options.memory_bytes >> 20, options.policy != NULL ? " --policy " : "",
                   options.policy != NULL ? options.policy : "");
    hd_arena_open(&arena, (size_t)16 << 30);
    hd_engine_open(&engine, &subject);
    engine.memory_limit = hd_memory_limit_open(options.memory_bytes);
    engine.uses_threads = true;
    hd_heap_open(&engine, allocator, options.fresh, options.deadline_s);
    if (!options.shows_nothing) hd_behaviour_watch(&behaviour, &engine, hd_heap_is_fresh());
    hd_target_recovery(hd_heap_put_back);
    hd_coverage_watch(subject.library);
    goes_on = options.goes_on;
    if (hd_heap_is_fresh()) hd_target_stay_alone(argc, argv);
    if (goes_on && !hd_heap_is_fresh()) hd_history_open();
    return 0;
}

struct work {
    const struct hd_trace *trace;
    struct hd_run *run;
};

static void carry_out(void *context)
{
    const struct work *work = context;
    hd_heap_begin();
    hd_engine_run(&engine, work->trace, work->run, NULL);
}

static void carry_out_to_check(void *context)
{
    const struct work *work = context;
    hd_heap_check(work->trace, work->run);
}

/// By runs that no engine and no statistics see; but a crash in one of them is reported.
static void check(const struct hd_trace *trace)
{
    static struct hd_run run;
    const struct hd_observer *observer = engine.observer;
    const struct hd_target_run checked = {allocator, replay, trace, &run};
    struct work work = {trace, &run};
    engine.observer = NULL;
    hd_coverage_pause();
    (void)!hd_target_watch(&checked, carry_out_to_check, &work); // as new after both ends
    hd_coverage_resume();
    engine.observer = observer;
}

/// The heap was fresh for the input and is not after it: what it left is the first that a finding
/// may need, and what later ones show depends on their luck.
static void go_on_as_left(const uint8_t *data, size_t size)
{
    behaviour.fresh = false;
    if (!goes_on) return;
    hd_history_open();
    hd_history_add(data, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct hd_run run;
    struct hd_trace trace;
    const bool was_fresh = hd_heap_is_fresh();
    hd_own_stats_count_input(data, size);
    hd_history_add(data, size);
    hd_arena_reset(&arena, 0);
    hd_trace_decode_input(data, size, &arena, &trace);
    hd_heap_meet(&trace);

    const struct hd_target_run target_run = {allocator, replay, &trace, &run};
    struct work work = {&trace, &run};
    if (!hd_target_watch(&target_run, carry_out, &work)) return 0;
    hd_target_report(&target_run);
    (void)hd_heap_put_back(); // where it cannot, the next input goes on with what there is
    hd_behaviour_show();
    if (hd_heap_check_due()) check(&trace);
    if (was_fresh && !hd_heap_is_fresh()) go_on_as_left(data, size);
    return 0;
}
