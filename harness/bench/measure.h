// SPDX-License-Identifier: MIT
/// measure.h: how long a trace takes on an allocator, judged and bare.
#ifndef HD_MEASURE_H
#define HD_MEASURE_H

#include "allocators/status.h"
#include "harness/tap/tap.h"
#include "harness/trace/trace.h"

#include <stdint.h>

#define HD_MEASURE_ROUNDS_MAX 15

struct hd_measure {
    uint64_t bare_ns;   // the whole trace, nothing checked: the median of the rounds
    uint64_t judged_ns; // by all oracles
    size_t judged_peak; // bytes resident, at most, in the process that judged
};

/// Carries out the trace `rounds` times bare, without the tap, and as often judged, with the tap by
/// `way` (HD_TAP_OFF: without), in turn, each in a child process of its own with a fresh heap, and
/// takes medians. The time is processor time of the trace alone:
/// loading and forking are not in it. HD_BAD_INPUT, HD_UNAVAILABLE: the allocator cannot be had, or
/// a child failed. `rounds` is 1 to HD_MEASURE_ROUNDS_MAX.
HD_MUST_USE enum hd_status hd_measure_trace(const char *spec, const struct hd_trace *trace,
                                            enum hd_tap_way way, unsigned rounds,
                                            struct hd_measure *measure, struct hd_message *message);

/// The same, bare alone.
HD_MUST_USE enum hd_status hd_measure_bare(const char *spec, const struct hd_trace *trace,
                                           unsigned rounds, uint64_t *bare_ns,
                                           struct hd_message *message);

#endif
