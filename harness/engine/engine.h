// SPDX-License-Identifier: MIT
/// engine.h: carries out a trace on one allocator, step by step, and has each step judged.
#ifndef HD_ENGINE_H
#define HD_ENGINE_H

#include "allocators/allocator.h"
#include "harness/engine/beginnings.h"
#include "harness/engine/crew.h"
#include "harness/engine/kernel_side.h"
#include "harness/engine/memory_limit.h"
#include "harness/engine/panel.h"
#include "harness/engine/run.h"
#include "harness/model/model.h"
#include "harness/trace/trace.h"

struct hd_engine;

/// Looks on while a trace is carried out; must call no allocator.
struct hd_observer {
    void (*step)(void *context, const struct hd_step *step); // after each that was carried out
    // Before what is left is freed.
    void (*trace_end)(void *context, const struct hd_engine *engine);
    void *context;
    void (*trace_begin)(void *context, const struct hd_engine *engine); // NULL: not told
};

/// Carries out any number of traces, one after the other, on one allocator.
struct hd_engine {
    struct hd_subject subject;
    struct hd_model model;
    struct hd_panels panels;
    struct hd_kernel_side kernel_side;
    bool offered[HD_OP_KINDS]; // by the allocator; events: by the tap
    uint64_t steps_since_walk; // of `consistent`
    enum hd_proof proof;       // of the step under way
    struct hd_memory_limit memory_limit; // holds during a run
    struct hd_choice_policy choices;     // what is not declared, as first answered in this run
    bool running;                        // a run is under way, or was abandoned
    bool in_call;                        // the tap's log is of an operation under way
    bool measures_resident;              // for the footprint: a mincore(2) of all it has mapped
    bool uses_threads;                   // one for each that the trace names; else all is done here
    struct hd_crew crew;                 // less that of the first operation, which is this one
    uint8_t first_thread;                // its number in the trace
    uint8_t at_work;                     // of the crew: whose operations are carried out
    uint8_t ending;                      // of the crew, in a step that ends a thread; 0: none can
    struct hd_beginnings beginnings;     // of the crew, on this heap
    const struct hd_observer *observer;  // may be NULL
};

/// Takes a copy of the subject; its heap stays the caller's. Reserves address space for the model.
/// Without a limit until the caller sets `memory_limit`. What a tap that is open has logged is
/// taken for what the subject did while it was loaded.
void hd_engine_open(struct hd_engine *engine, const struct hd_subject *subject);

void hd_engine_close(struct hd_engine *engine);

/// The next run is as the first: for when the allocator's own state was put back (harness/fresh),
/// all but the map of its memory, kernel_side.space, which is the caller's. The last run may have
/// been abandoned at any point inside the allocator.
void hd_engine_start_anew(struct hd_engine *engine);

/// A run that was abandoned (a jump out of it, by a signal handler) is over: it limits and refuses
/// nothing any more, and what its last operation asked of the kernel is in the map. Nothing, where
/// the last run came to its end.
void hd_engine_abandon(struct hd_engine *engine);

/// Carries out the trace, ends the threads that it started, then checks and frees every block that
/// it left, lowest address first, and at last makes the steps that need an empty heap (enum
/// hd_proof).
/// `run` is overwritten. `outcomes` is NULL or has room for `trace->count`, all zero; it is filled
/// step by step. Of a trace in a spool it lies in a shared mapping of a file too, and both are let
/// go behind the operation under way. Between the first operation and the return nothing but the
/// allocator's own functions touches a heap; and libc, where it starts or ends a thread.
void hd_engine_run(struct hd_engine *engine, const struct hd_trace *trace, struct hd_run *run,
                   struct hd_outcome *outcomes);

#endif
