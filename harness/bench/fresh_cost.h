// SPDX-License-Identifier: MIT
/// fresh_cost.h: what a fresh heap for each input costs, and whether inputs repeat on it.
#ifndef HD_FRESH_COST_H
#define HD_FRESH_COST_H

#include "allocators/status.h"
#include "harness/bench/measure.h"
#include "harness/fresh/fresh.h"

#include <stdint.h>

/// Microseconds of processor time of one input of 20 operations (hd_workload_make_small), judged,
/// with the tap.
struct hd_fresh_cost {
    enum hd_fresh_way way; // the one that was measured
    double none_us;        // each input on the heap that the inputs before it left
    double fresh_us;
    double fork_us; // each input in a fork of a process that has not called the allocator
};

/// Runs the same inputs in the three ways in turn, `rounds` times, each in a process of its own,
/// and takes medians. `way` as hd_fresh_open takes it; where that is HD_FRESH_NONE in the end,
/// `fresh_us` is 0. HD_BAD_INPUT, HD_UNAVAILABLE: the allocator or the way cannot be had, or a
/// child failed.
HD_MUST_USE enum hd_status hd_fresh_cost_measure(const char *spec, enum hd_fresh_way way,
                                                 unsigned rounds, struct hd_fresh_cost *cost,
                                                 struct hd_message *message);

/// Whether inputs repeat.
struct hd_repeat {
    enum hd_fresh_way way;
    uint64_t inputs;
    uint64_t differing;  // inputs that gave other pointers or calls the second time
    uint64_t first;      // of these, its number
    bool same_elsewhere; // all inputs gave the same in another process
};

/// Carries out each of `inputs` inputs twice in one process, and again in another: one in sixteen
/// is made by the trace mutator, the others are small loads as above. Nothing is run where the way
/// is HD_FRESH_NONE in the end. Fails as hd_fresh_cost_measure.
HD_MUST_USE enum hd_status hd_repeat_measure(const char *spec, enum hd_fresh_way way,
                                             uint64_t inputs, struct hd_repeat *repeat,
                                             struct hd_message *message);

#endif
