// SPDX-License-Identifier: MIT
/// trials.h: one trace, carried out on each of some allocators, for commands that show what came of
/// it.
#ifndef HD_TRIALS_H
#define HD_TRIALS_H

#include "harness/cli/inputs.h"
#include "harness/cli/roster.h"
#include "harness/runner/runner.h"

#include <stdio.h>

struct hd_trials {
    struct hd_inputs inputs; // of one trace
    const struct hd_trace *trace;
    struct hd_roster roster;
    struct hd_result results[HD_CONTESTANTS_MAX]; // of the roster
    size_t result_count;
};

/// Reads the trace and carries it out. Returns 0, or the exit status after a message on stderr: also
/// HD_UNAVAILABLE when an allocator's system calls could not be seen. To be closed in any case.
HD_MUST_USE int hd_trials_open(struct hd_trials *trials, char *path,
                               const struct hd_allocator_options *options,
                               const struct hd_conditions *conditions);
void hd_trials_close(struct hd_trials *trials);

/// Says in a line for each which allocators broke an oracle. Returns the exit status: whether any
/// did.
HD_MUST_USE int hd_trials_verdict(const struct hd_trials *trials, FILE *file);

/// The exit status alone.
HD_MUST_USE int hd_trials_status(const struct hd_trials *trials);

#endif
