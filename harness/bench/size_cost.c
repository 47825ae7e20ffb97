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

static enum hd_status measure(const char *spec, enum hd_tap_way way, const struct hd_trace *trace,
                              unsigned rounds, struct hd_size_cost *cost,
                              struct hd_message *message)
{
    struct hd_measure whole;
    const enum hd_status status = hd_measure_trace(spec, trace, way, rounds, &whole, message);
    if (status != HD_OK) return status;
    cost->bare_ns = (double)whole.bare_ns / (double)trace->count;
    cost->judged_ns = (double)whole.judged_ns / (double)trace->count;
    cost->resident_peak = whole.judged_peak;
    return HD_OK;
}

enum hd_status hd_size_cost_measure(const char *spec, enum hd_tap_way way, size_t operations,
                                    unsigned rounds, struct hd_size_cost *cost,
                                    struct hd_message *message)
{
    HD_ASSERT(operations >= 10);
    struct hd_spool spool;
    struct hd_trace trace;
    enum hd_status status = hd_spool_open(&spool, message);
    if (status != HD_OK) return status;
    status = hd_workload_spool(&spool, hd_size_cost_live(operations), operations, &trace, message);
    if (status == HD_OK) status = measure(spec, way, &trace, rounds, cost, message);
    hd_spool_close(&spool);
    return status;
}
