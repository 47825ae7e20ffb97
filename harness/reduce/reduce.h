// SPDX-License-Identifier: MIT
/// reduce.h: the smallest trace that still fails, whatever failing is.
///
/// Operations go first: the end of the trace, chunks of it, single operations, lives of blocks.
/// Then what is left is made plain: threads, sizes, slots. A trial is taken when it still fails,
/// and then it is smaller for good. All is gone over again until nothing helps: then no operation
/// can be left out by itself. The same predicate gives the same trials.
#ifndef HD_REDUCE_H
#define HD_REDUCE_H

#include "harness/base/arena.h"
#include "harness/trace/trace.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hd_reduction {
    // Set by the caller.
    bool (*still_fails)(void *context, const struct hd_trace *trace);
    bool (*enough)(void *context); // asked before each trial whether to end here; NULL: never
    void *context;

    // The smallest trace so far.
    struct hd_op *ops;
    size_t count;

    uint64_t trials; // calls of still_fails
    bool stopped;    // by `enough`. Else the result is 1-minimal: each operation was left out of
                     // this very trace, and it did not fail any more

    unsigned round;      // how often all was gone over before
    struct hd_op *trial; // room for the next
    uint64_t *rejected;  // what need not be tried again
};

/// Shrinks `trace`, which fails (one that does not comes back as it is). The result lies in the
/// arena.
void hd_reduce(struct hd_reduction *reduction, const struct hd_trace *trace,
               struct hd_arena *arena);

/// The smallest so far, as a trace; valid until the next trial.
struct hd_trace hd_reduction_trace(const struct hd_reduction *reduction);

#endif
