// SPDX-License-Identifier: MIT
/// record.h: what a child left in shared memory, before it is believed.
///
/// The record lies in the address space of the allocator under test, which may have written over
/// it; the process that watches must not fall with it.
#ifndef HD_RECORD_H
#define HD_RECORD_H

#include "harness/engine/run.h"
#include "harness/runner/runner.h"

#include <stdbool.h>
#include <stddef.h>

/// False when the byte of a bool is neither 0 nor 1: then it may not be read as a bool.
bool hd_bool_plausible(const bool *flag);

/// False when the record holds what the engine never writes: enumerators that are none, too many
/// findings, texts without an end, bools that are neither.
bool hd_run_plausible(const struct hd_run *run);

/// The same of outcomes, of the records of system calls, of what followed the trace, of a snapshot,
/// of a timeline and of its sums.
bool hd_outcomes_plausible(const struct hd_outcome *outcomes, size_t count);
bool hd_calls_plausible(const struct hd_call_record *calls, size_t count);
bool hd_end_steps_plausible(const struct hd_end_record *steps, size_t count);
bool hd_snapshot_plausible(const struct hd_snapshot *snapshot);
bool hd_moments_plausible(const struct hd_moment *moments, size_t count);
bool hd_use_plausible(const struct hd_timeline_use *use);

#endif
