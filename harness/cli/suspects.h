// SPDX-License-Identifier: MIT
/// suspects.h: the libraries whose bugs `heapduel score` has found, and what is known of each.
#ifndef HD_SUSPECTS_H
#define HD_SUSPECTS_H

#include "harness/base/arena.h"
#include "harness/cli/allocator_options.h"
#include "harness/runner/runner.h"

struct hd_suspect {
    const char *spec;
    const char *name;   // in faults.def; else the spec
    const char *oracle; // that should find it; NULL: nobody knows, or it is correct
    bool correct;       // nothing should find it
    const struct hd_held_policy *held; // that it is held to; NULL: its own
};

struct hd_suspects {
    struct hd_suspect *items; // of the arena
    size_t count;
};

/// Those given, each tried in a child; without any given, every fault of faults.def. What a library
/// without a policy can be held to is found by trying, as `heapduel fuzz` does.
/// HD_UNAVAILABLE: one that was given is not to be had, or those of faults.def are not built. Fails
/// as hd_policy_try does.
HD_MUST_USE enum hd_status hd_suspects_select(const struct hd_allocator_options *options,
                                              struct hd_arena *arena, struct hd_suspects *suspects,
                                              struct hd_message *message);

/// Under what they run: as a fuzz target's inputs do.
struct hd_conditions hd_suspects_conditions(const struct hd_suspect *suspect);

#endif
