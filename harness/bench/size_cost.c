// SPDX-License-Identifier: MIT
/// size_cost.c: one trace, bare and judged in turn.
#include "harness/bench/size_cost.h"

#include "harness/bench/measure.h"
#include "harness/bench/workload.h"

uint32_t hd_size_cost_live(size_t operations)
{
    const size_t tenth = operations / 10;
    return (uint32_t)(tenth < HD_SIZE_COST_LIVE_MAX ? tenth : HD_SIZE_COST_LIVE_MAX);
}

enum hd_status hd_size_cost_measure(const char *spec, enum hd_tap_way way, size_t operations,
                                    unsigned rounds, struct hd_size_cost *cost,
                                    struct hd_message *message)
{
    HD_ASSERT(operations >= 10);
    struct hd_arena arena;
    struct hd_trace trace;
    hd_arena_open(&arena, (size_t)4 << 30);
    hd_workload_make(&arena, hd_size_cost_live(operations), operations, &trace);
    struct hd_measure whole;
    const enum hd_status status = hd_measure_trace(spec, &trace, way, rounds, &whole, message);
    if (status == HD_OK) {
        cost->bare_ns = (double)whole.bare_ns / (double)trace.count;
        cost->judged_ns = (double)whole.judged_ns / (double)trace.count;
    }
    hd_arena_close(&arena);
    return status;
}
