// SPDX-License-Identifier: MIT
/// target.h: what the fuzz targets have in common: options, watching a run, reporting a finding.
///
/// A target runs traces in its own process, for speed. Whatever an oracle finds, and whatever
/// crashes or hangs in between, is printed, kept as a text trace that `heapduel run` replays, and
/// ends the process by abort(), on which the engine keeps its raw input too. For a campaign
/// (harness/campaign), which goes on past a finding, see hd_target_recovery.
#ifndef HD_TARGET_H
#define HD_TARGET_H

#include "harness/engine/run.h"
#include "harness/fresh/fresh.h"
#include "harness/tap/tap.h"
#include "harness/trace/trace.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The entry points that libFuzzer and AFL++'s driver call.
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/// How inputs are changed. AFL++ does not ask: it is told by AFL_CUSTOM_MUTATOR_LIBRARY.
enum hd_target_mutator {
    HD_MUTATOR_TRACE, // by harness/fuzz/mutator
    HD_MUTATOR_BYTES, // by libFuzzer's own alone
    HD_MUTATOR_NONE,  // not at all: how fast inputs are is measured so
};

/// Given as --NAME=VALUE among the engine's own flags; libFuzzer leaves flags with two dashes
/// alone.
struct hd_target_options {
    const char *allocator;   // --allocator=SPEC; NULL: not given
    const char *findings;    // --findings=DIR, where traces of findings are kept; NULL: here
    const char *stats;       // --stats=FILE, kept up meanwhile (stats.h); NULL: nowhere
    size_t memory_bytes;     // --memory-limit=MIB: what the allocators may map
    unsigned deadline_s;     // --deadline=SECONDS for one input
    enum hd_tap_way tap;     // --tap=WAY; auto when not given
    const char *policy;      // --policy=FILE, as `heapduel run` takes it; NULL: the allocator's own
    enum hd_fresh_way fresh; // --fresh=WAY (harness/fresh/ways.def); auto when not given
    enum hd_target_mutator mutator; // --mutator=trace, bytes or none; trace when not given
    bool goes_on;            // --go-on, as hd_target_recovery says
    bool shows_nothing;      // --behaviour=off: the engine sees edges alone; on when not given
};

/// Executes the process anew where that is needed (allocators/startup.h) and reads the options.
/// Ends the process with status 2 when one of them is wrong.
struct hd_target_options hd_target_start(int *argc, char ***argv);

/// To be called in LLVMFuzzerInitialize where each run begins on the same heap, so that nothing piles
/// up. The engine starts no thread then that watches how much is resident: an allocator may do
/// otherwise in a process of several threads (libc's does), and a finding is replayed in one where
/// none was started but those of the trace.
void hd_target_stay_alone(int *argc, char ***argv);

/// How inputs are to be changed, as the options say.
enum hd_target_mutator hd_target_mutator(void);

/// Ends the process, status as in enum hd_status. The run under way, if there is one, has no
/// finding by that.
_Noreturn void hd_target_give_up(enum hd_status status, const struct hd_message *message);

/// What is being run: for the report of a crash or a hang, and for the statistics.
struct hd_target_run {
    const char *name;   // of the allocator, or of the comparison
    const char *replay; // what to give `heapduel run` for the same allocators and limits
    const struct hd_trace *trace;
    struct hd_run *run;
};

/// Does `work(context)`, which is the run, and sees crashes and hangs in it. True: it came to its
/// end. False: it was left in the middle, was reported, and the heap is as new
/// (hd_target_recovery); where that is not possible the process has ended.
HD_MUST_USE bool hd_target_watch(const struct hd_target_run *run, void (*work)(void *context),
                                 void *context);

/// Prints and keeps the findings of the run; of those after one that is not harmless
/// (oracles/oracle.h) nobody knows whether they are its consequences, and they are left out.
/// Returns only where there is none, or with --go-on, and they are harmless or the heap is as new
/// after them (hd_target_recovery); else it ends the process.
void hd_target_report(const struct hd_target_run *run);

/// The same of a difference between allocators, which is harmless.
void hd_target_report_difference(const struct hd_target_run *run, const struct hd_finding *finding);

/// How to put the heap back after a finding, perhaps in the middle of a run: called outside of any
/// signal handler, with the tap off; true: the next input can be run as if nothing had been. With
/// --go-on the process then goes on. Without (NULL, or false) the process ends with --go-on too,
/// for what a broken run left behind would give false findings: by _exit(HD_TARGET_FOUND) under
/// libFuzzer, for whoever started it to start it again, and by abort() under AFL++, which does so
/// itself.
void hd_target_recovery(bool (*recover)(void));
#define HD_TARGET_FOUND 77

#endif
