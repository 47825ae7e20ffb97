// SPDX-License-Identifier: MIT
/// fuzz_allocator.c: the fuzz target for one allocator, all oracles on.
#include "allocators/known.h"
#include "harness/engine/engine.h"
#include "harness/fuzz/behaviour.h"
#include "harness/fuzz/target.h"

static struct hd_engine engine;
static struct hd_arena arena;
static const char *allocator;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    const struct hd_target_options options = hd_target_start(argc, argv);
    allocator = options.allocator;
    struct hd_subject subject;
    struct hd_message message;
    const enum hd_status status = hd_allocator_open(allocator, &subject, &message);
    if (status != HD_OK) hd_target_give_up(status, &message);
    hd_arena_open(&arena, (size_t)16 << 30);
    hd_engine_open(&engine, &subject);
    engine.memory_limit = hd_memory_limit_set(options.memory_bytes);
    hd_memory_limit_lift(&engine.memory_limit);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct hd_run run;
    struct hd_trace trace;
    hd_arena_reset(&arena, 0);
    hd_trace_decode(data, size, &arena, &trace);
    struct hd_outcome *outcomes = hd_behaviour_outcomes(trace.count);

    const struct hd_target_run target_run = {allocator, &trace, &run};
    hd_target_enter(&target_run);
    hd_memory_limit_restore(&engine.memory_limit);
    hd_engine_run(&engine, &trace, &run, outcomes);
    hd_memory_limit_lift(&engine.memory_limit);
    hd_target_leave();
    if (run.finding_count > 0) hd_target_report(&target_run, &run.findings[0]);
    hd_behaviour_show(&trace, outcomes);
    return 0;
}
