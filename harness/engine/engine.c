// SPDX-License-Identifier: MIT
/// engine.c: a run: each operation of the trace, then what is left, then what an empty heap shows.
#include "harness/engine/engine.h"

#include "harness/engine/call.h"
#include "harness/engine/carry_out.h"
#include "harness/engine/hand_out.h"
#include "harness/engine/memory_used_up.h"

#include <string.h>

static void free_what_is_left(struct hd_engine *engine, struct hd_run *run)
{
    while (engine->model.live_count > 0) {
        const uint32_t slot = hd_model_neighbours(&engine->model, 0).above;
        const struct hd_op op = {
            .kind = HD_OP_FREE, .thread = engine->first_thread, .slot = slot};
        hd_step_through(engine, &op, run, NULL);
        HD_ASSERT(hd_model_block(&engine->model, slot) == NULL);
    }
}

// ---------------------------------------------------------------------------- the end

/// A block of so many bytes is asked of the empty heap, and freed.
static void prove(struct hd_engine *engine, enum hd_proof proof, size_t size, struct hd_run *run)
{
    const uint8_t thread = engine->first_thread;
    const struct hd_op allocate = {.kind = HD_OP_MALLOC, .thread = thread, .size = size};
    const struct hd_op release = {.kind = HD_OP_FREE, .thread = thread};
    engine->proof = proof;
    hd_step_through(engine, &allocate, run, NULL);
    engine->proof = HD_PROOF_NONE;
    if (hd_model_block(&engine->model, 0) == NULL) return;
    hd_kernel_side_serves_again(&engine->kernel_side);
    hd_step_through(engine, &release, run, NULL);
}

static void prove_empty(struct hd_engine *engine, struct hd_run *run)
{
    const struct hd_op nothing = {.kind = HD_OP_FREE_NULL, .thread = engine->first_thread};
    engine->proof = HD_PROOF_EMPTY;
    hd_step_through(engine, &nothing, run, NULL);
    engine->proof = HD_PROOF_NONE;
}

/// A call of the allocator, of which nothing but the answer is judged.
static size_t ask_capacity(const struct hd_engine *engine, struct hd_run *run)
{
    run->phase = HD_PHASE_WALKING;
    return engine->subject.allocator.capacity(engine->subject.heap);
}

#define RECOVERY_BYTES 64 // which any allocator can serve

/// What can be shown only of an empty heap, with the kernel refusing nothing.
static void prove_at_end(struct hd_engine *engine, struct hd_run *run)
{
    const struct hd_allocator *allocator = &engine->subject.allocator;
    if (engine->kernel_side.tapped) prove_empty(engine, run);
    if (allocator->capacity != NULL)
        prove(engine, HD_PROOF_CAPACITY, ask_capacity(engine, run), run);
    else if (run->footprint.refused != 0 && !hd_memory_nearly_used_up(&engine->memory_limit))
        prove(engine, HD_PROOF_RECOVERY, RECOVERY_BYTES, run);
}

static size_t resident(const struct hd_engine *engine)
{
    return engine->measures_resident ? hd_space_resident(&engine->kernel_side.space) : 0;
}

static void end_trace(struct hd_engine *engine, struct hd_run *run)
{
    const struct hd_kernel_side *side = &engine->kernel_side;
    run->footprint.mapped_end = side->space.mapped;
    run->footprint.resident_end = resident(engine);
    if (engine->observer != NULL)
        engine->observer->trace_end(engine->observer->context, engine);
    run->at_end = true;
    hd_end_threads(engine, run);
    free_what_is_left(engine, run);
    hd_kernel_side_end(&engine->kernel_side);
    prove_at_end(engine, run);
    run->footprint.tapped = side->tapped;
    run->footprint.demand = side->demand;
    run->footprint.blocks = side->blocks;
    run->footprint.mapped_peak = side->space.mapped_peak;
    run->footprint.mapped_after = side->space.mapped;
    run->footprint.resident_after = resident(engine);
}

// ---------------------------------------------------------------------------- a run

void hd_engine_open(struct hd_engine *engine, const struct hd_subject *subject)
{
    *engine = (struct hd_engine){.subject = *subject};
    hd_model_open(&engine->model);
    hd_kernel_side_open(&engine->kernel_side, subject);
    for (unsigned kind = 0; kind < HD_OP_KINDS; kind++)
        engine->offered[kind] = hd_call_offered(&subject->allocator, kind) &&
                                (engine->kernel_side.tapped || !hd_call_refuses(kind));
    hd_panels_seat(&engine->panels);
}

void hd_engine_close(struct hd_engine *engine)
{
    hd_model_close(&engine->model);
    hd_kernel_side_close(&engine->kernel_side);
}

void hd_engine_abandon(struct hd_engine *engine)
{
    if (!engine->running) return;
    hd_tap_disarm();
    if (engine->in_call) hd_kernel_side_take_abandoned(&engine->kernel_side);
    engine->in_call = false;
    engine->running = false;
    hd_memory_limit_end(&engine->memory_limit);
    hd_kernel_side_end(&engine->kernel_side);
}

void hd_engine_start_anew(struct hd_engine *engine)
{
    hd_kernel_side_start_anew(&engine->kernel_side);
    engine->beginnings = (struct hd_beginnings){0};
    engine->steps_since_walk = 0;
    engine->proof = HD_PROOF_NONE;
}

/// All zero but the findings, of which there are none: they are large.
static void begin_run(struct hd_run *run)
{
    memset(run, 0, offsetof(struct hd_run, findings));
    run->threads = 1;
    run->finding_count = 0;
    run->findings_dropped = 0;
}

void hd_engine_run(struct hd_engine *engine, const struct hd_trace *trace, struct hd_run *run,
                   struct hd_outcome *outcomes)
{
    HD_ASSERT(engine->crew.started == 0); // after a run that was left with threads there is none
    begin_run(run);
    engine->running = true;
    engine->first_thread = engine->uses_threads && trace->count > 0 ? trace->ops[0].thread : 0;
    engine->choices = engine->subject.allocator.policy.choices;
    hd_model_reset(&engine->model, trace->slot_count > 0 ? trace->slot_count : 1);
    hd_kernel_side_begin(&engine->kernel_side);
    hd_memory_limit_begin(&engine->memory_limit,
                          engine->kernel_side.tapped && hd_tap_sees_all());
    if (engine->observer != NULL && engine->observer->trace_begin != NULL)
        engine->observer->trace_begin(engine->observer->context, engine);
    for (struct hd_window window = {0}; hd_trace_walk(trace, &window);) {
        hd_hand_out(engine, trace->ops + window.from, window.to - window.from, run,
                    outcomes != NULL ? outcomes + window.from : NULL);
        if (outcomes != NULL) hd_trace_let_go(trace, &window, outcomes, sizeof outcomes[0]);
    }
    end_trace(engine, run);
    hd_memory_limit_end(&engine->memory_limit);
    engine->running = false;
    run->phase = HD_PHASE_DONE;
}
