// SPDX-License-Identifier: MIT
/// fuzz_allocator.c: the fuzz target for one allocator, all oracles on.
#include "allocators/policy_file.h"
#include "harness/engine/engine.h"
#include "harness/engine/loading.h"
#include "harness/fuzz/behaviour.h"
#include "harness/fuzz/heap.h"
#include "harness/fuzz/pause.h"
#include "harness/fuzz/target.h"

#include <stdio.h>

static struct hd_engine engine;
static struct hd_arena arena;
static const char *allocator;
static char replay[4096];

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    const struct hd_target_options options = hd_target_start(argc, argv);
    allocator = options.allocator != NULL ? options.allocator : "brkmap";
    struct hd_subject subject;
    struct hd_message message;
    enum hd_status status = hd_loading_open(allocator, options.tap, &subject, &message);
    if (status == HD_OK && options.policy != NULL)
        status = hd_policy_file_read(options.policy, &subject.allocator.policy.kernel, &message);
    if (status != HD_OK) hd_target_give_up(status, &message);
    (void)snprintf(replay, sizeof replay, "-a %s --memory-limit %zu%s%s", allocator,
                   options.memory_bytes >> 20, options.policy != NULL ? " --policy " : "",
                   options.policy != NULL ? options.policy : "");
    hd_arena_open(&arena, (size_t)16 << 30);
    hd_engine_open(&engine, &subject);
    static const struct hd_observer observer = {.step = hd_behaviour_step,
                                                .trace_end = hd_behaviour_trace_end};
    engine.memory_limit = hd_memory_limit_open(options.memory_bytes);
    engine.observer = &observer;
    hd_heap_open(&engine, allocator, options.fresh);
    return 0;
}

/// By runs that no engine and no statistics see; but a crash in one of them is reported.
static void check(const struct hd_target_run *of)
{
    static struct hd_run run;
    const struct hd_observer *observer = engine.observer;
    const struct hd_target_run checked = {of->name, of->replay, of->trace, &run};
    engine.observer = NULL;
    hd_coverage_pause();
    hd_target_enter(&checked);
    hd_heap_check(of->trace, &run);
    hd_target_leave();
    hd_coverage_resume();
    engine.observer = observer;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct hd_run run;
    struct hd_trace trace;
    hd_target_count_input();
    hd_arena_reset(&arena, 0);
    hd_trace_decode(data, size, &arena, &trace);
    struct hd_outcome *outcomes = hd_behaviour_outcomes(trace.count);

    const struct hd_target_run target_run = {allocator, replay, &trace, &run};
    hd_target_enter(&target_run);
    hd_heap_begin();
    hd_engine_run(&engine, &trace, &run, outcomes);
    hd_target_leave();
    if (run.finding_count > 0) hd_target_report(&target_run, &run.findings[0]);
    hd_heap_put_back();
    hd_behaviour_show(&trace, outcomes);
    if (hd_heap_check_due()) check(&target_run);
    return 0;
}
