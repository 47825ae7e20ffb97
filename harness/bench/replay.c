// SPDX-License-Identifier: MIT
/// replay.c: load, warm up, measure.
#include "harness/bench/replay.h"

#include "harness/base/clock.h"
#include "harness/bench/resident.h"
#include "harness/engine/bare.h"
#include "harness/engine/engine.h"
#include "harness/engine/loading.h"

static bool load(const struct hd_replay *replay, struct hd_subject *subject,
                 struct hd_child *result)
{
    result->status = hd_loading_open(replay->spec, replay->tap, subject, &result->message);
    return result->status == HD_OK;
}

void hd_replay_bare(const void *context, struct hd_child *result)
{
    const struct hd_replay *replay = context;
    const struct hd_trace *trace = replay->trace;
    struct hd_subject subject;
    if (!load(replay, &subject, result)) return;

    struct hd_arena arena;
    struct hd_bare bare;
    hd_arena_open(&arena, (size_t)8 << 30);
    hd_bare_open(&bare, &subject, trace->slot_count, &arena);
    hd_bare_carry_out(&bare, trace->ops, replay->warm_up);
    hd_tap_clear();
    const uint64_t start = hd_processor_ns();
    hd_bare_carry_out_from(&bare, trace, replay->warm_up);
    if (replay->warm_up == 0) hd_bare_close(&bare);
    result->elapsed_ns = hd_processor_ns() - start;
    result->syscalls = (uint64_t)hd_tap_log()->count + hd_tap_log()->lost;
}

void hd_replay_judged(const void *context, struct hd_child *result)
{
    const struct hd_replay *replay = context;
    static struct hd_engine engine;
    static struct hd_run run;
    struct hd_subject subject;
    if (!load(replay, &subject, result)) return;
    hd_engine_open(&engine, &subject);
    const uint64_t start = hd_processor_ns();
    hd_engine_run(&engine, replay->trace, &run, NULL);
    result->elapsed_ns = hd_processor_ns() - start;
    result->resident_peak = hd_resident_now().peak;
    for (unsigned id = 0; id < HD_SYSCALLS; id++)
        result->syscalls += run.footprint.calls[id];
    if (run.finding_count > 0)
        result->status = hd_fail(&result->message, HD_UNAVAILABLE,
                                 "%.100s: an oracle broke, so it cannot be measured: %.200s",
                                 replay->spec, run.findings[0].evidence);
}
