// SPDX-License-Identifier: MIT
/// condition_options.h: `--timeout`, `--memory-limit` and `--tap`: under what a trace runs on an
/// allocator.
#ifndef HD_CONDITION_OPTIONS_H
#define HD_CONDITION_OPTIONS_H

#include "harness/cli/allocator_options.h"
#include "harness/runner/runner.h"

#include <argp.h>

/// The children of a command that runs traces: of allocators (allocator_options.h), and of
/// conditions.
extern const struct argp_child hd_condition_children[];

/// At the command's ARGP_KEY_INIT: what its children fill. Both hold the defaults.
void hd_condition_inputs(struct argp_state *state, struct hd_allocator_options *allocators,
                         struct hd_conditions *conditions);

#endif
