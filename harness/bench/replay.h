// SPDX-License-Identifier: MIT
/// replay.h: a trace replayed in a fresh process, bare or judged, with the tap or without.
#ifndef HD_REPLAY_H
#define HD_REPLAY_H

#include "harness/bench/child.h"
#include "harness/tap/tap.h"
#include "harness/trace/trace.h"

#include <stddef.h>

struct hd_replay {
    const char *spec; // of the allocator
    const struct hd_trace *trace;
    enum hd_tap_way tap; // HD_TAP_OFF: none
    size_t warm_up;      // bare: operations that are carried out first, and not measured
};

/// The work of hd_child_run, with a struct hd_replay as context. Loading is not measured.
/// Bare: the operations behind the warm-up and, where there is none, the frees at the end.
void hd_replay_bare(const void *replay, struct hd_child *result);

/// Judged by all oracles, the frees at the end with it. HD_UNAVAILABLE: one of them broke, so that
/// the run was not what it should be.
void hd_replay_judged(const void *replay, struct hd_child *result);

#endif
