// SPDX-License-Identifier: MIT
/// behaviour.h: tells the engine what an allocator did, where there is no coverage to tell it.
///
/// Most allocators are libraries built without coverage. So that inputs that make them do something
/// new are kept, what they answered, where their blocks lie, and what they asked of the kernel is
/// counted: behaviours.def has the families. An engine takes the counters for edges.
#ifndef HD_BEHAVIOUR_H
#define HD_BEHAVIOUR_H

#include "harness/engine/engine.h"

#define HD_FREED_MAX 32

/// What is remembered of the run under way on one engine.
struct hd_behaviour {
    const struct hd_engine *engine; // the one watched
    bool fresh;                     // each run begins on the same heap
    struct hd_observer observer;
    struct {
        uintptr_t address;
        size_t size;
    } freed[HD_FREED_MAX]; // the blocks freed last, a ring
    unsigned frees;        // in this run
    size_t mapped_before;  // when the run began
    unsigned ratio_max;    // one above the highest of free to live bytes so far; 0: none yet
    bool at_end;           // past the trace: what it left is freed, which shows less
};

/// Has each run of the engine counted from now on. `behaviour` must stay where it is. Where runs do
/// not begin on the same heap (`fresh`), only those families are shown that hardly depend on what
/// earlier runs left: OUTCOME, SYSCALL and REFUSED. The others would tell an engine of their luck.
void hd_behaviour_watch(struct hd_behaviour *behaviour, struct hd_engine *engine, bool fresh);

/// After the runs of one input: shows the engine what was counted.
void hd_behaviour_show(void);

#endif
