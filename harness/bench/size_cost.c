// SPDX-License-Identifier: MIT
/// size_cost.c: one trace, bare and judged in turn.
#include "harness/bench/size_cost.h"

#include "harness/bench/clock.h"
#include "harness/bench/measure.h"
#include "harness/bench/replay.h"
#include "harness/bench/workload.h"

uint32_t hd_size_cost_live(size_t operations)
{
    const size_t tenth = operations / 10;
    return (uint32_t)(tenth < HD_SIZE_COST_LIVE_MAX ? tenth : HD_SIZE_COST_LIVE_MAX);
}

static enum hd_status measure(const struct hd_replay *off, const struct hd_replay *on,
                              unsigned rounds, struct hd_size_cost *cost,
                              struct hd_message *message)
{
    struct hd_samples bare = {0};
    struct hd_samples judged = {0};
    for (unsigned i = 0; i < rounds; i++) {
        struct hd_child result;
        enum hd_status status = hd_child_run(hd_replay_bare, off, off->spec, &result, message);
        if (status != HD_OK) return status;
        hd_samples_add(&bare, result.elapsed_ns);
        status = hd_child_run(hd_replay_judged, on, on->spec, &result, message);
        if (status != HD_OK) return status;
        hd_samples_add(&judged, result.elapsed_ns);
    }
    const double operations = (double)off->trace->count;
    cost->bare_ns = (double)hd_samples_median(&bare) / operations;
    cost->judged_ns = (double)hd_samples_median(&judged) / operations;
    return HD_OK;
}

enum hd_status hd_size_cost_measure(const char *spec, enum hd_tap_way way, size_t operations,
                                    unsigned rounds, struct hd_size_cost *cost,
                                    struct hd_message *message)
{
    HD_ASSERT(rounds > 0 && rounds <= HD_MEASURE_ROUNDS_MAX && operations >= 10);
    struct hd_arena arena;
    struct hd_trace trace;
    hd_arena_open(&arena, (size_t)4 << 30);
    hd_workload_make(&arena, hd_size_cost_live(operations), operations, &trace);
    const struct hd_replay off = {.spec = spec, .trace = &trace, .tap = HD_TAP_OFF};
    const struct hd_replay on = {.spec = spec, .trace = &trace, .tap = way};
    const enum hd_status status = measure(&off, &on, rounds, cost, message);
    hd_arena_close(&arena);
    return status;
}
