// SPDX-License-Identifier: MIT
/// heap.h: a fuzz target's heap, fresh for each input.
#ifndef HD_HEAP_H
#define HD_HEAP_H

#include "harness/fresh/fresh.h"
#include "harness/trace/trace.h"

/// For the engine's allocator, not called yet, `name`d so in what is said on stderr. Ends the
/// process where the way was asked for and is not to be had; where it was not asked for, says so.
/// `deadline_s`: of an input, 0: none.
void hd_heap_open(struct hd_engine *engine, const char *name, enum hd_fresh_way way,
                  unsigned deadline_s);

/// To be called before an input is run: the first that holds an operation is tried, as
/// hd_heap_open tries a trace of its own: several times in a child, which may die. Where a heap
/// that is put back is not as new a safer way is taken, and said on stderr.
void hd_heap_meet(const struct hd_trace *trace);

/// Whether each run begins on the same heap.
bool hd_heap_is_fresh(void);

/// Before a run.
void hd_heap_begin(void);

/// After it, also where it was abandoned. False: it is not as new.
bool hd_heap_put_back(void);

/// Whether an input is to be checked now: the first one, and every so often.
bool hd_heap_check_due(void);

/// Checks that the same input repeats (harness/fresh/check.h). Where it does not a safer way is
/// taken, and said on stderr. `run` is overwritten.
void hd_heap_check(const struct hd_trace *trace, struct hd_run *run);

#endif
