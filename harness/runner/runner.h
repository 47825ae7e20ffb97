// SPDX-License-Identifier: MIT
/// runner.h: one trace on one allocator in a child process of its own, watched.
///
/// Whatever the allocator does there, crash, hang or use up the memory, ends that child alone, and
/// becomes a finding of the `progress` oracle that names the step.
#ifndef HD_RUNNER_H
#define HD_RUNNER_H

#include "allocators/allocator.h"
#include "allocators/status.h"
#include "harness/engine/run.h"
#include "harness/trace/trace.h"

#include <stddef.h>
#include <stdint.h>

/// What a child may use.
struct hd_limits {
    uint32_t deadline_ms; // for the whole trace; 0: none
    size_t memory_bytes;  // that the allocator may map; 0: no limit
};

#define HD_LIMITS_DEFAULT ((struct hd_limits){.deadline_ms = 10000, .memory_bytes = (size_t)1 << 30})

/// What came of it. The memory is its own mapping, until hd_result_release.
struct hd_result {
    struct hd_run *run;
    struct hd_outcome *outcomes; // one for each operation of the trace
    size_t count;                // of outcomes
    struct hd_policy policy;     // the allocator's, as the child found it
};

/// Runs the trace on the allocator that `spec` names (allocators/known.h). HD_OK: `result` is set,
/// and holds the findings, a crash or hang among them. HD_BAD_INPUT, HD_UNAVAILABLE: the allocator
/// could not be had (it crashed or hung while loading is such a case too); `result` is not set.
HD_MUST_USE enum hd_status hd_runner_run(const char *spec, const struct hd_trace *trace,
                                         const struct hd_limits *limits, struct hd_result *result,
                                         struct hd_message *message);

void hd_result_release(struct hd_result *result);

/// Whether `spec` can be loaded, tried in a child: HD_OK, or why not.
HD_MUST_USE enum hd_status hd_runner_probe(const char *spec, struct hd_message *message);

#endif
