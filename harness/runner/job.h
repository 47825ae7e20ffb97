// SPDX-License-Identifier: MIT
/// job.h: what parent and child share: files that both map.
///
///     job         | struct hd_job | moments | records of calls | of end steps | log | snapshot |
///     operations  where they lie in the trace's spool, or a copy; the child only reads them
///     outcomes    one for each
///
/// The parent writes what the child is to do, the child what came of it. It lies in the address
/// space of the allocator under test, which may write over it: the parent believes none of what
/// the child wrote before it is checked (settle.h), and finds the parts by its own copy of the
/// shape.
#ifndef HD_JOB_H
#define HD_JOB_H

#include "harness/runner/runner.h"

#include <sys/types.h>

#define HD_JOB_SPEC_MAX  4096
#define HD_JOB_CALLS_MAX ((size_t)1 << 20) // records, where calls are recorded at all

/// Where the parts are.
struct hd_job_shape {
    size_t op_count;
    size_t ops_offset;   // bytes into the file of the operations
    size_t moment_count; // op_count, or 0
    size_t calls_max;
    size_t end_max;
    bool has_snapshot;
};

struct hd_job {
    // What to do. `conditions.held` is a flag here, and points to nothing.
    struct hd_job_shape shape;
    char spec[HD_JOB_SPEC_MAX];
    struct hd_conditions conditions;
    struct hd_held_policy held;
    uint32_t slot_count;
    bool loads_only;
    pid_t parent;

    // What came of it.
    struct hd_run run;
    struct hd_timeline_use use;
    struct hd_message message;
    enum hd_status status;
    enum hd_tap_way tap;
    bool loaded;
    size_t call_count;
    uint64_t calls_dropped;
    size_t end_count;
};

size_t hd_job_bytes(const struct hd_job_shape *shape);
struct hd_moment *hd_job_moments(struct hd_job *job, const struct hd_job_shape *shape);
struct hd_call_record *hd_job_calls(struct hd_job *job, const struct hd_job_shape *shape);
struct hd_end_record *hd_job_end_steps(struct hd_job *job, const struct hd_job_shape *shape);
/// Where calls are recorded: the tap's log of the step under way, so that it outlives a crash.
struct hd_tap_log *hd_job_log(struct hd_job *job, const struct hd_job_shape *shape);

struct hd_snapshot *hd_job_snapshot(struct hd_job *job, const struct hd_job_shape *shape);

/// `argv[0]` of a child. Then follow the descriptors of the job's files, in this order.
#define HD_CHILD_NAME "heapduel-child"
enum { HD_JOB_FILE, HD_JOB_OPERATIONS, HD_JOB_OUTCOMES, HD_JOB_FILES };

#endif
