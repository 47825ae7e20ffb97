// SPDX-License-Identifier: MIT
/// tap_cost.h: what an open tap costs an allocator's operations.
#ifndef HD_TAP_COST_H
#define HD_TAP_COST_H

#include "allocators/status.h"
#include "harness/bench/measure.h"
#include "harness/tap/tap.h"
#include "harness/trace/trace.h"

#include <stddef.h>
#include <stdint.h>

/// The load: this many live blocks, and operations.
#define HD_TAP_COST_LIVE       1000
#define HD_TAP_COST_OPERATIONS 400000

/// The same with the tap and without. Nanoseconds are those of one operation.
struct hd_tap_pace {
    double off_ns;
    double on_ns;
    uint64_t syscalls; // that the tap saw in what was measured, in the last round
};

struct hd_tap_cost {
    struct hd_tap_pace bare;   // warmed up, so that few system calls are made
    struct hd_tap_pace judged; // a whole run; with the tap, by the oracles that need it too
};

/// Replays the load with the tap and without in turn, three times `rounds` times, each in a process
/// of its own, and takes medians of processor time. `way` is none that does not work here, nor
/// HD_TAP_OFF. HD_BAD_INPUT, HD_UNAVAILABLE: the allocator cannot be had, or a child failed.
HD_MUST_USE enum hd_status hd_tap_cost_measure(const char *spec, enum hd_tap_way way,
                                               unsigned rounds, struct hd_tap_cost *cost,
                                               struct hd_message *message);

#endif
