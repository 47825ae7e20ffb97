// SPDX-License-Identifier: MIT
/// run.h: what came of carrying out one trace on one allocator.
///
/// Plain data without pointers into it, so that it can lie in memory shared between the process
/// that carries the trace out and the one that watches: what stands here when the former dies is
/// what is known.
#ifndef HD_RUN_H
#define HD_RUN_H

#include "oracles/finding.h"
#include "oracles/oracle.h"

#include <stdbool.h>
#include <stdint.h>

/// What the engine is doing, so that a crash can be told from another.
enum hd_phase {
    HD_PHASE_STARTING, // loading the allocator
    HD_PHASE_CALLING,  // inside the allocator
    HD_PHASE_TOUCHING, // reading or writing a block it returned
    HD_PHASE_WALKING,  // inside its own check of its metadata
    HD_PHASE_DONE,
};

/// What one operation was answered, in as much as allocators can be compared by it.
enum hd_outcome_kind {
    HD_OUTCOME_NONE,        // the run did not come this far
    HD_OUTCOME_SKIPPED,     // the slot held a block and should not, or held none and should
    HD_OUTCOME_NOT_OFFERED, // the allocator has no such function
    HD_OUTCOME_BLOCK,
    HD_OUTCOME_NULL,
    HD_OUTCOME_DONE, // an operation that returns no block
    HD_OUTCOME_LOST, // the run came no further: a crash or a hang, set by who watched
};

struct hd_outcome {
    uint8_t kind;  // enum hd_outcome_kind
    uint8_t error; // errno of a NULL, 0: left alone; or posix_memalign's result; cut to 8 bits
    bool broken;   // an oracle broke at this step
    bool held;     // the slot operated on held a block before the call
};

/// What an allocator needed of the kernel for a trace, as the tap saw it.
struct hd_footprint {
    bool tapped;                        // false: nobody looked, or calls were lost
    uint64_t calls[HD_SYSCALLS];        // made or refused, by enum hd_syscall_id
    uint64_t by_operation[HD_OP_KINDS]; // the same, by the kind of operation that made them
    uint64_t refused;                   // of them
    uint64_t calls_max;                 // the most that one operation made
    size_t demand;         // the most that lived at once (struct hd_kernel_policy)
    size_t blocks;         // the most blocks that did
    size_t mapped_peak;    // bytes
    size_t mapped_end;     // after the last operation of the trace
    size_t mapped_after;   // after all was freed, and trimmed
    size_t resident_end;   // of mapped_end
    size_t resident_after; // of mapped_after
};

#define HD_RUN_FINDINGS_MAX 16

struct hd_run {
    // Kept up while the run goes on.
    volatile uint64_t step;  // the operation under way, 1 for the first
    volatile uint32_t phase; // enum hd_phase
    struct hd_op op;         // the operation under way
    bool at_end;             // past the trace, freeing what it left

    // Counts.
    uint64_t operations;  // carried out, with the frees at the end
    uint64_t skipped;     // did not apply to their slot
    uint64_t not_offered; // the allocator has no such function
    uint64_t misplaced;   // carried out by the first thread, as no other could be started
    uint32_t threads;     // that carried operations out
    uint64_t verdicts[HD_ORACLES][HD_VERDICTS];
    struct hd_footprint footprint;

    // Distinct signatures, in the order found; more than fit are counted only.
    struct hd_finding findings[HD_RUN_FINDINGS_MAX];
    uint32_t finding_count;
    uint64_t findings_dropped;
};

/// Adds a finding, or counts it as a repeat of the one with its signature. Also counts the
/// verdict.
void hd_run_add_finding(struct hd_run *run, enum hd_oracle_id oracle,
                        const struct hd_finding *finding);

/// The phase of a run that did not come to its end: in a word, for a finding's place, and as the
/// end of a sentence.
const char *hd_run_phase_place(const struct hd_run *run);
const char *hd_run_phase_text(const struct hd_run *run);

/// A finding for the operation under way, with its oracle, place and evidence yet to be set.
void hd_run_begin_finding(const struct hd_run *run, struct hd_finding *finding);

#endif
