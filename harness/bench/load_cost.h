// SPDX-License-Identifier: MIT
/// load_cost.h: what a load costs each of several allocators, measured in turn.
#ifndef HD_LOAD_COST_H
#define HD_LOAD_COST_H

#include "allocators/status.h"
#include "harness/bench/load.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Of one allocator.
struct hd_load_cost {
    bool measured;     // false: the load does not suit it (hd_load_suits), and all is 0
    uint64_t unserved; // calls of a replay that it did not serve (hd_load_run)
    double cpu_ns;     // of an operation, user and system, the best of the rounds
    double wall_ns;
    double spread;     // of cpu_ns (hd_samples_spread)
    size_t resident;   // bytes of anonymous memory more than before it was loaded, at most: the
                       // median of the rounds
    bool counted;      // the tap saw its calls; what follows is from a run of its own, not timed
    size_t mapped;     // bytes that it had mapped, accessible, at most; what it began with is in it
    uint64_t syscalls; // that the load made
};

/// Carries the load out `rounds` times on each allocator, one after the other and then again, each
/// time in a child process of its own with a fresh heap; then once more each with the tap, where a
/// way of it works and sees all: not the threads of HD_LOAD_LARSON. HD_BAD_INPUT, HD_UNAVAILABLE:
/// an allocator cannot be had, or fails at the load; the message names both. `rounds` is 1 to
/// HD_MEASURE_ROUNDS_MAX.
HD_MUST_USE enum hd_status hd_load_cost_measure(const char *const *specs, size_t count,
                                                const struct hd_load *load, unsigned rounds,
                                                struct hd_load_cost *costs,
                                                struct hd_message *message);

/// The geometric mean of ratios above 0; 0: there is none.
double hd_geometric_mean(const double *ratios, size_t count);

#endif
