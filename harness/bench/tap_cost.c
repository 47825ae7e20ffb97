// SPDX-License-Identifier: MIT
/// tap_cost.c: with and without in turn, so that what slows the machine slows both.
#include "harness/bench/tap_cost.h"

#include "harness/bench/replay.h"
#include "harness/bench/samples.h"
#include "harness/bench/workload.h"

#define TURNS 3 // a round

_Static_assert(TURNS * HD_MEASURE_ROUNDS_MAX <= HD_SAMPLES_MAX, "each turn is a sample");

static enum hd_status measure(hd_child_work *work, const struct hd_replay *off,
                              const struct hd_replay *on, unsigned rounds,
                              struct hd_tap_pace *pace, struct hd_message *message)
{
    struct hd_samples without = {0};
    struct hd_samples with = {0};
    struct hd_child result;
    for (unsigned i = 0; i < TURNS * rounds; i++) {
        enum hd_status status = hd_child_run(work, off, off->spec, &result, message);
        if (status != HD_OK) return status;
        hd_samples_add(&without, result.elapsed_ns);
        status = hd_child_run(work, on, on->spec, &result, message);
        if (status != HD_OK) return status;
        hd_samples_add(&with, result.elapsed_ns);
    }
    const double operations = (double)(off->trace->count - off->warm_up);
    pace->off_ns = (double)hd_samples_median(&without) / operations;
    pace->on_ns = (double)hd_samples_median(&with) / operations;
    pace->syscalls = result.syscalls;
    return HD_OK;
}

enum hd_status hd_tap_cost_measure(const char *spec, enum hd_tap_way way, unsigned rounds,
                                   struct hd_tap_cost *cost, struct hd_message *message)
{
    HD_ASSERT(rounds > 0 && rounds <= HD_MEASURE_ROUNDS_MAX && way != HD_TAP_OFF);
    struct hd_arena arena;
    struct hd_trace trace;
    hd_arena_open(&arena, (size_t)1 << 30);
    hd_workload_make(&arena, HD_TAP_COST_LIVE, HD_TAP_COST_OPERATIONS, &trace);

    struct hd_replay off = {.spec = spec, .trace = &trace, .tap = HD_TAP_OFF};
    struct hd_replay on = {.spec = spec, .trace = &trace, .tap = way};
    enum hd_status status =
        measure(hd_replay_judged, &off, &on, rounds, &cost->judged, message);
    off.warm_up = on.warm_up = trace.count / 2;
    if (status == HD_OK) status = measure(hd_replay_bare, &off, &on, rounds, &cost->bare, message);
    hd_arena_close(&arena);
    return status;
}
