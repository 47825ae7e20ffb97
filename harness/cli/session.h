// SPDX-License-Identifier: MIT
/// session.h: what `heapduel run` and `heapduel compare` do once their command line is read.
#ifndef HD_SESSION_H
#define HD_SESSION_H

#include "harness/cli/allocator_options.h"
#include "harness/cli/footprint.h"
#include "harness/cli/reporter.h"
#include "harness/runner/runner.h"

#include <stdbool.h>

struct hd_run_request {
    struct hd_allocator_options allocators;
    struct hd_conditions conditions;
    struct hd_footprint_options footprint;
    const char *policy; // a file; NULL: each allocator's own, or what a trial finds
    const struct hd_reporter *reporter;
    bool verbose;
    size_t operations_max; // that a trace may have; 0: any number
    char **paths; // of traces, and folders of them; freed by hd_session_run
    size_t path_count;
    size_t path_capacity;
};

/// Adds a path to those of the request.
void hd_run_request_add(struct hd_run_request *request, char *path);

/// Reads all traces, carries them out, has them reported, and returns the exit status.
HD_MUST_USE int hd_session_run(struct hd_run_request *request);

#endif
