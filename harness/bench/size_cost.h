// SPDX-License-Identifier: MIT
/// size_cost.h: what an operation costs in a trace of so many, judged and bare.
#ifndef HD_SIZE_COST_H
#define HD_SIZE_COST_H

#include "allocators/status.h"
#include "harness/tap/tap.h"

#include <stddef.h>
#include <stdint.h>

/// So many blocks live at once in a trace of so many operations: a tenth, at most.
#define HD_SIZE_COST_LIVE_MAX 100000

uint32_t hd_size_cost_live(size_t operations);

/// Nanoseconds of processor time of one operation, and bytes.
struct hd_size_cost {
    double bare_ns;       // nothing checked
    double judged_ns;     // by all oracles
    size_t resident_peak; // in the process that judges: the allocator's, and the harness's
};

/// A made trace (workload.h), in a spool, replayed bare without the tap, and judged with the tap
/// open in this way (HD_TAP_OFF: without), in turn, each in a process of its own; medians of
/// `rounds`, 1 to HD_MEASURE_ROUNDS_MAX. HD_BAD_INPUT, HD_UNAVAILABLE: the allocator cannot be had,
/// an oracle broke, a child failed, or there is no room for a temporary file. Pre: operations >= 10.
HD_MUST_USE enum hd_status hd_size_cost_measure(const char *spec, enum hd_tap_way way,
                                                size_t operations, unsigned rounds,
                                                struct hd_size_cost *cost,
                                                struct hd_message *message);

#endif
