// SPDX-License-Identifier: MIT
/// engine.h: carries out a trace on one allocator, step by step, and has each step judged.
#ifndef HD_ENGINE_H
#define HD_ENGINE_H

#include "allocators/allocator.h"
#include "harness/engine/memory_limit.h"
#include "harness/engine/run.h"
#include "harness/model/model.h"
#include "harness/trace/trace.h"

/// The oracles that are asked at one operation.
struct hd_panel {
    uint8_t oracles[HD_ORACLES]; // enum hd_oracle_id, in their order
    uint8_t count;
};

/// Carries out any number of traces, one after the other, on one allocator.
struct hd_engine {
    struct hd_subject subject;
    struct hd_model model;
    struct hd_panel before[HD_OP_KINDS];
    struct hd_panel after[HD_OP_KINDS];
    bool offered[HD_OP_KINDS]; // by the allocator
    uint64_t steps_since_walk; // of `consistent`
    struct hd_memory_limit memory_limit; // holds during a run
};

/// Takes a copy of the subject; its heap stays the caller's. Reserves address space for the model.
/// Without a limit until the caller sets `memory_limit`.
void hd_engine_open(struct hd_engine *engine, const struct hd_subject *subject);

void hd_engine_close(struct hd_engine *engine);

/// Carries out the trace, then checks and frees every block that it left, lowest address first.
/// `run` is overwritten. `outcomes` is NULL or has room for `trace->count`, all zero; it is filled
/// step by step. Between the first operation and the return nothing but the allocator's own
/// functions touches a heap.
void hd_engine_run(struct hd_engine *engine, const struct hd_trace *trace, struct hd_run *run,
                   struct hd_outcome *outcomes);

#endif
