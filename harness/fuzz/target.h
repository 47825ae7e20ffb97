// SPDX-License-Identifier: MIT
/// target.h: what the fuzz targets have in common: options, watching a run, reporting a finding.
///
/// A target runs traces in its own process, for speed. Whatever an oracle finds, and whatever
/// crashes or hangs in between, is printed, kept as a text trace that `heapduel run` replays, and
/// ends the process by abort(), on which the engine keeps its raw input too.
#ifndef HD_TARGET_H
#define HD_TARGET_H

#include "harness/engine/run.h"
#include "harness/fresh/fresh.h"
#include "harness/tap/tap.h"
#include "harness/trace/trace.h"

#include <stddef.h>
#include <stdint.h>

/// The entry points that libFuzzer and AFL++'s driver call.
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/// Given as --NAME=VALUE among the engine's own flags; libFuzzer leaves flags with two dashes
/// alone.
struct hd_target_options {
    const char *allocator;  // --allocator=SPEC; NULL: not given
    const char *findings;   // --findings=DIR, where traces of findings are kept; NULL: here
    const char *stats;      // --stats=FILE: written at exit, which AFL++ prevents; NULL: nowhere
    size_t memory_bytes;    // --memory-limit=MIB: what the allocators may map
    unsigned deadline_s;    // --deadline=SECONDS for one input
    enum hd_tap_way tap;    // --tap=WAY; auto when not given
    const char *policy;     // --policy=FILE, as `heapduel run` takes it; NULL: the allocator's own
    enum hd_fresh_way fresh; // --fresh=WAY (harness/fresh/ways.def); auto when not given
    bool mutates_bytes;     // --mutator=bytes: libFuzzer's own mutator alone; trace when not given
};

/// Executes the process anew where that is needed (allocators/startup.h) and reads the options.
/// Ends the process with status 2 when one of them is wrong.
struct hd_target_options hd_target_start(int *argc, char ***argv);

/// Whether inputs are to be changed by harness/fuzz/mutator, and not as bytes. AFL++ does not ask:
/// it is told by AFL_CUSTOM_MUTATOR_LIBRARY.
bool hd_target_mutates_traces(void);

/// Ends the process, status as in enum hd_status.
_Noreturn void hd_target_give_up(enum hd_status status, const struct hd_message *message);

/// What is being run: for the report of a crash or a hang, and for the statistics.
struct hd_target_run {
    const char *name;   // of the allocator, or of the comparison
    const char *replay; // what to give `heapduel run` for the same allocators and limits
    const struct hd_trace *trace;
    struct hd_run *run;
};

/// Counts an input, for the statistics.
void hd_target_count_input(void);

/// Around each run. From the first on, crashes and hangs in between are reported as findings.
void hd_target_enter(const struct hd_target_run *run);
void hd_target_leave(void);

/// Prints and keeps a finding of the run, then ends the process by abort().
_Noreturn void hd_target_report(const struct hd_target_run *run, const struct hd_finding *finding);

#endif
