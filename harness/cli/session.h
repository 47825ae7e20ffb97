// SPDX-License-Identifier: MIT
/// session.h: what `heapduel run` does once its command line is read.
#ifndef HD_SESSION_H
#define HD_SESSION_H

#include "harness/cli/allocator_options.h"
#include "harness/cli/footprint.h"
#include "harness/cli/inputs.h"
#include "harness/runner/runner.h"

#include <stdbool.h>

struct hd_run_request {
    struct hd_allocator_options allocators;
    struct hd_conditions conditions;
    struct hd_footprint_options footprint;
    const char *policy; // a file; NULL: each allocator's own, or what a trial finds
    bool verbose;
};

/// Carries all traces out, reports on standard output, and returns the exit status.
HD_MUST_USE int hd_session_run(const struct hd_run_request *request,
                               const struct hd_inputs *inputs);

#endif
