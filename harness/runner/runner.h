// SPDX-License-Identifier: MIT
/// runner.h: one trace on one allocator in a child process of its own, watched.
///
/// Whatever the allocator does there, crash, hang or use up the memory, ends that child alone, and
/// becomes a finding of the `progress` oracle that names the step. The child executes this program
/// anew and calls no malloc before the trace does: libc's heap is as a process has it at its start,
/// the break lies at a round address, and the same trace gives the same addresses and system calls.
/// The child has this process's environment: options that an allocator reads from there apply.
#ifndef HD_RUNNER_H
#define HD_RUNNER_H

#include "allocators/allocator.h"
#include "allocators/status.h"
#include "harness/engine/run.h"
#include "harness/runner/snapshot.h"
#include "harness/runner/stuck.h"
#include "harness/runner/timeline.h"
#include "harness/tap/tap.h"
#include "harness/trace/trace.h"

#include <stddef.h>
#include <stdint.h>

/// Under what a child runs, and what it writes down besides its findings.
struct hd_conditions {
    uint32_t deadline_ms;     // for the whole trace; 0: none
    bool deadline_grows;      // by HD_DEADLINE_GROWTH_MS for each million operations
    size_t memory_bytes;      // that the allocator may map; 0: no limit
    enum hd_tap_way tap;      // HD_TAP_AUTO: the first that works
    bool records_calls;       // each system call, by step
    bool records_snapshot;    // the address space after the last operation
    bool records_timeline;    // what each operation left behind
    bool sums_timeline;       // the same added up, in memory that does not grow with the trace
    bool measures_resident;   // for the footprint
    const struct hd_held_policy *held; // in place of the allocator's own; NULL: its own
    // Called some times a second with how far it has come; NULL: not.
    void (*tell)(uint64_t done, size_t count);
};

#define HD_CONDITIONS_DEFAULT                                                                      \
    ((struct hd_conditions){                                                                       \
        .deadline_ms = 10000, .deadline_grows = true, .memory_bytes = (size_t)1 << 30,             \
        .tap = HD_TAP_AUTO})

/// Forty times what a million operations take, or more where they ask for large blocks.
#define HD_DEADLINE_GROWTH_MS 30000

/// A system call, and the step that made it: 0 while the library was loaded.
struct hd_call_record {
    uint64_t step;
    struct hd_syscall call;
};

/// A step past the trace: the end of a thread that it started, a free of what it left, or what is
/// asked of the empty heap after that.
struct hd_end_record {
    uint64_t step;
    struct hd_op op;
    bool trims; // the allocator was told to give back what it can, too
};

/// What came of it. The memory is its own mapping, until hd_result_release.
struct hd_result {
    struct hd_run *run;
    struct hd_outcome *outcomes; // one for each operation of the trace
    size_t count;                // of outcomes
    struct hd_policy policy;     // that the allocator was held to
    enum hd_tap_way tap;         // that was open; HD_TAP_OFF also where the library is not seen
    enum hd_stuck stuck;         // why a hang will never end, where that could be told

    // Where they were asked for.
    const struct hd_call_record *calls; // in the order made
    size_t call_count;
    uint64_t calls_dropped;             // that found no room, or were not seen
    const struct hd_end_record *end_steps; // with the calls
    size_t end_count;
    const struct hd_snapshot *snapshot; // NULL also when the trace was not carried out to its end
    const struct hd_moment *moments;    // one for each operation of the trace; NULL: not asked for
    struct hd_timeline_use use;         // of sums_timeline

    struct hd_job *job; // holds all of it but the outcomes
};

/// How many operations of its trace the run came to.
static inline uint64_t hd_result_reached(const struct hd_result *result)
{
    return result->run->step < result->count ? result->run->step : result->count;
}

/// Runs the trace on the allocator that `spec` names (allocators/known.h). HD_OK: `result` is set,
/// and holds the findings, a crash or hang among them. HD_BAD_INPUT, HD_UNAVAILABLE: the allocator
/// could not be had (it crashed or hung while loading is such a case too), or the way of the tap;
/// `result` is not set.
HD_MUST_USE enum hd_status hd_runner_run(const char *spec, const struct hd_trace *trace,
                                         const struct hd_conditions *conditions,
                                         struct hd_result *result, struct hd_message *message);

void hd_result_release(struct hd_result *result);

/// Whether `spec` can be loaded, tried in a child: HD_OK, or why not.
HD_MUST_USE enum hd_status hd_runner_probe(const char *spec, struct hd_message *message);

/// To be called first in main of every program that calls the functions above. In a child that they
/// made it carries the job out and does not return; else it does nothing.
void hd_runner_serve(char **argv);

#endif
