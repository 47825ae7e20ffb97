// SPDX-License-Identifier: MIT
/// engine.c: call, judge, believe: one step after the other.
#include "harness/engine/engine.h"

#include "harness/engine/call.h"
#include "harness/model/pattern.h"

#include <errno.h>
#include <stdio.h>

// ---------------------------------------------------------------------------- judging

// A request up to this size, while less than this part of the limit lives, has no business failing
// because the limit is reached: the allocator has used the memory up.
#define MODEST_BYTES ((size_t)64 << 10)
#define LIVE_PART    4

/// True when the allocator has used up the memory limit on next to nothing.
static __attribute__((noinline)) bool
judge_memory(const struct hd_engine *engine, const struct hd_step *step, struct hd_run *run)
{
    const struct hd_memory_limit *limit = &engine->memory_limit;
    const bool aligned = (hd_op_infos[step->op->kind].operands & HD_ALIGNMENT) != 0;
    if (limit->bytes == 0 || step->size > MODEST_BYTES) return false;
    if (engine->kernel_side.disturbed_now) return false; // what the kernel would not take back
    if (hd_alignment_is_bad(step->op)) return false;
    if (aligned && (step->op->extra > MODEST_BYTES || !hd_is_power_of_two(step->op->extra)))
        return false;
    if (engine->model.live_bytes > limit->bytes / LIVE_PART) return false;
    if (!hd_memory_limit_reached(limit, limit->bytes / LIVE_PART)) return false;

    struct hd_finding finding;
    hd_run_begin_finding(run, &finding);
    (void)hd_finding_set(&finding, "memory-used-up",
                         "NULL for %zu bytes while %zu bytes live: the %zu MiB that it may map are"
                         " used up",
                         step->size, engine->model.live_bytes, limit->bytes >> 20);
    hd_run_add_finding(run, HD_ORACLE_progress, &finding);
    return true;
}

// ---------------------------------------------------------------------------- one step

/// Sets every member: an initialiser of this size compiles to a slow block fill.
static void begin_step(const struct hd_engine *engine, const struct hd_op *op, uint64_t number,
                       struct hd_step *step)
{
    const bool takes = (hd_op_infos[op->kind].operands & HD_SLOT) != 0;
    step->op = op;
    step->policy = &engine->subject.allocator.policy;
    step->number = number;
    step->size = hd_call_size(op, &step->overflow);
    step->before = takes ? engine->model.blocks[op->slot] : (struct hd_block){0};
    step->first_wrong = step->before.usable;
    step->result = 0;
    step->status = 0;
    step->pointer_before = HD_POINTER_BEFORE;
    step->pointer_after = HD_POINTER_BEFORE;
    step->errno_before = HD_ERRNO_BEFORE;
    step->errno_after = HD_ERRNO_BEFORE;
    step->usable = step->size;
    step->usable_answered = false;
    step->walk = HD_NOT_WALKED;
    step->below = NULL;
    step->above = NULL;
    step->below_slot = HD_NO_SLOT;
    step->above_slot = HD_NO_SLOT;
    step->tapped = false;
    step->disturbed = false;
    step->forgotten = false;
    step->call_count = 0;
    step->home = HD_OWNER_NOBODY;
    step->unwritable = 0;
    step->foreign_changed = 0;
    step->proof = engine->proof;
    step->untouchable = false;
}

/// Once for all oracles that ask about the block's bytes.
static void look_at_block(struct hd_step *step)
{
    const struct hd_block *block = &step->before;
    if (block->address == 0) return;
    step->first_wrong =
        hd_pattern_check(block->address, block->usable, block->usable, block->key);
}

static void look_around(const struct hd_model *model, struct hd_step *step)
{
    const struct hd_neighbours near = hd_model_neighbours(model, step->result);
    step->below_slot = near.below;
    step->above_slot = near.above;
    if (near.below != HD_NO_SLOT) step->below = &model->blocks[near.below];
    if (near.above != HD_NO_SLOT) step->above = &model->blocks[near.above];
}

static void take_answer(const struct hd_engine *engine, struct hd_step *step,
                        const struct hd_answer *answer)
{
    step->result = answer->result;
    step->status = answer->status;
    step->pointer_after = answer->pointer_after;
    step->errno_after = answer->errno_after;
    if (step->op->kind == HD_OP_USABLE_SIZE) {
        step->usable = answer->usable;
        step->usable_answered = true;
    }
    if (step->result != 0 && step->result < HD_ADDRESS_END) look_around(&engine->model, step);
}

/// Asking the usable size is a call of the allocator too; not about a block that is none.
static void ask_usable_size(const struct hd_engine *engine, struct hd_step *step)
{
    const struct hd_allocator *allocator = &engine->subject.allocator;
    if (step->result == 0 || allocator->usable_size == NULL) return;
    if (step->overflow || step->size > PTRDIFF_MAX || step->result >= HD_ADDRESS_END) return;
    hd_tap_arm();
    step->usable = allocator->usable_size(engine->subject.heap, (void *)step->result);
    hd_tap_disarm();
    step->usable_answered = true;
}

static void tell_to_trim(const struct hd_engine *engine)
{
    if (engine->proof != HD_PROOF_EMPTY || engine->subject.allocator.trim == NULL) return;
    hd_tap_arm();
    engine->subject.allocator.trim(engine->subject.heap);
    hd_tap_disarm();
}

/// Walking all metadata costs as much as there are blocks, so it is done once in as many steps.
static enum hd_walk walk(struct hd_engine *engine)
{
    const struct hd_allocator *allocator = &engine->subject.allocator;
    if (allocator->consistent == NULL) return HD_NOT_WALKED;
    if (++engine->steps_since_walk < engine->model.live_count) return HD_NOT_WALKED;
    engine->steps_since_walk = 0;
    hd_tap_arm();
    const bool holds = allocator->consistent(engine->subject.heap);
    hd_tap_disarm();
    return holds ? HD_WALK_HOLDS : HD_WALK_BROKEN;
}

/// A usable size that reaches over the new block was a lie: it is not believed any more.
static void settle_below(struct hd_model *model, const struct hd_step *step)
{
    if (step->below == NULL) return;
    const size_t room = step->result - step->below->address;
    if (step->below->usable > room) hd_model_shrink_usable(model, step->below_slot, room);
}

static bool is_resize(const struct hd_step *step)
{
    return (HD_OPS_RESIZE >> step->op->kind & 1) != 0;
}

/// How many bytes of a new block hold the old one's pattern: what realloc must keep. Where an
/// oracle broke, none: the next one to look would find the same bytes wrong again.
static size_t bytes_kept(const struct hd_step *step, bool broken)
{
    if (broken || !is_resize(step) || step->before.address == 0) return 0;
    return step->size < step->before.size ? step->size : step->before.size;
}

/// What the judged step means for the model.
static void believe(struct hd_model *model, const struct hd_step *step, bool broken)
{
    const uint32_t slot = step->op->slot;
    const bool old_lives = hd_model_block(model, slot) != NULL;
    if (old_lives && (broken || step->op->kind == HD_OP_WRITE)) {
        hd_model_refill(model, slot);
        return;
    }
    if (step->result == 0 || step->untouchable) return;

    settle_below(model, step);
    const size_t kept = bytes_kept(step, broken);
    hd_model_adopt(model, slot, step->result, step->size, step->usable, kept,
                   kept > 0 ? step->before.key : hd_model_next_key(model));
}

/// A call that ended the slot's block: free, and realloc unless it failed. realloc to no bytes may
/// answer NULL with or without freeing; a block that may be gone is not touched again.
static bool ended_block(const struct hd_step *step)
{
    if (step->before.address == 0) return false;
    return step->op->kind == HD_OP_FREE ||
           (is_resize(step) && (step->result != 0 || step->size == 0));
}

/// True for a block that is not touched again though nobody freed it: an old one, or a result that
/// an oracle found to be none.
static bool may_live_still(const struct hd_step *step)
{
    return step->untouchable || (step->result == 0 && is_resize(step) && ended_block(step));
}

static enum hd_outcome_kind kind_of_outcome(const struct hd_step *step)
{
    if ((hd_op_infos[step->op->kind].operands & HD_RESULT) == 0) return HD_OUTCOME_DONE;
    return step->result != 0 ? HD_OUTCOME_BLOCK : HD_OUTCOME_NULL;
}

static void set_outcome(struct hd_outcome *outcome, const struct hd_step *step, bool broken)
{
    outcome->kind = (uint8_t)kind_of_outcome(step);
    outcome->broken = broken;
    outcome->held = step->before.address != 0;
    if (outcome->kind != HD_OUTCOME_NULL) return;
    if (step->op->kind == HD_OP_POSIX_MEMALIGN)
        outcome->error = (uint8_t)step->status;
    else if (step->errno_after != step->errno_before)
        outcome->error = (uint8_t)step->errno_after;
}

/// Carries out and judges one operation that applies.
static void carry_out(struct hd_engine *engine, const struct hd_op *op, struct hd_run *run,
                      struct hd_outcome *outcome)
{
    struct hd_model *model = &engine->model;
    struct hd_step step;
    begin_step(engine, op, run->step, &step);

    run->phase = HD_PHASE_TOUCHING;
    if (engine->panels.before[op->kind].count > 0) look_at_block(&step);
    bool broken = hd_panels_judge_before(&engine->panels, model, &step, run);
    if (broken && is_resize(&step)) { // or the same bytes would be held against realloc too
        hd_model_refill(model, op->slot);
        step.before = model->blocks[op->slot];
    }

    const size_t live_bytes = model->live_bytes;
    if (op->kind == HD_OP_FREE) hd_model_drop(model, op->slot);
    hd_tap_clear();
    run->phase = HD_PHASE_CALLING;
    const struct hd_answer answer = hd_call(&engine->subject, op, step.before.address);
    step.result = answer.result;
    if (op->kind != HD_OP_FREE && ended_block(&step)) hd_model_drop(model, op->slot);
    take_answer(engine, &step, &answer);
    ask_usable_size(engine, &step);
    tell_to_trim(engine);
    run->phase = HD_PHASE_WALKING;
    step.walk = walk(engine);

    run->phase = HD_PHASE_TOUCHING;
    hd_kernel_side_take(&engine->kernel_side, live_bytes, &step, &run->footprint);
    hd_kernel_side_place(&engine->kernel_side, &step);
    broken |= hd_panels_judge_after(&engine->panels, model, &step, run);
    hd_kernel_side_settle(&engine->kernel_side, &step, model);
    if (may_live_still(&step)) hd_kernel_side_forget(&engine->kernel_side, step.before.usable);
    if (step.result == 0 && step.size > 0 && (hd_op_infos[op->kind].operands & HD_RESULT) != 0)
        broken |= judge_memory(engine, &step, run);
    believe(model, &step, broken);
    run->operations++;
    run->verdicts[HD_ORACLE_progress][HD_HOLDS]++;
    if (outcome != NULL) set_outcome(outcome, &step, broken);
    if (engine->observer != NULL) engine->observer->step(engine->observer->context, &step);
}

// ---------------------------------------------------------------------------- one operation

/// True for a call that the allocator's policy says must not be made.
static bool outside_policy(const struct hd_engine *engine, const struct hd_op *op)
{
    const struct hd_policy *policy = &engine->subject.allocator.policy;
    const bool aligned = (hd_op_infos[op->kind].operands & HD_ALIGNMENT) != 0;
    if (policy->bad_alignment_undefined && aligned && op->kind != HD_OP_POSIX_MEMALIGN &&
        !hd_is_power_of_two(op->extra))
        return true;
    if (policy->dies_when_refused && hd_call_refuses(op->kind)) return true;
    if (op->kind == HD_OP_FOREIGN_SBRK && policy->foreign_break_multiple != 0 &&
        op->size % policy->foreign_break_multiple != 0)
        return true;
    const bool asks = (hd_op_infos[op->kind].operands & HD_SIZE) != 0;
    if (!policy->dies_when_refused || engine->memory_limit.bytes == 0 || !asks) return false;

    // Half the limit is left to what the allocator itself needs, and to what it has not given back.
    bool overflow;
    const size_t size = hd_call_size(op, &overflow);
    const size_t room = engine->memory_limit.bytes / 2;
    const size_t live = engine->model.live_bytes;
    return size <= PTRDIFF_MAX && (live > room || size > room - live);
}

/// `outcome` may be NULL.
static void step_through(struct hd_engine *engine, const struct hd_op *op, struct hd_run *run,
                         struct hd_outcome *outcome)
{
    run->step++;
    run->op = *op;
    if (!engine->offered[op->kind] || outside_policy(engine, op)) {
        run->not_offered++;
        if (outcome != NULL) outcome->kind = HD_OUTCOME_NOT_OFFERED;
    } else if (!hd_call_applies(op, engine->model.blocks[op->slot].address != 0)) {
        run->skipped++;
        if (outcome != NULL) outcome->kind = HD_OUTCOME_SKIPPED;
    } else if (hd_call_is_event(op->kind)) {
        hd_kernel_side_event(&engine->kernel_side, op, &engine->model.blocks[op->slot]);
        run->operations++;
        if (outcome != NULL) outcome->kind = HD_OUTCOME_DONE;
    } else {
        carry_out(engine, op, run, outcome);
    }
}

static void free_what_is_left(struct hd_engine *engine, struct hd_run *run)
{
    run->at_end = true;
    while (engine->model.live_count > 0) {
        const uint32_t slot = hd_model_neighbours(&engine->model, 0).above;
        const struct hd_op op = {.kind = HD_OP_FREE, .slot = slot};
        step_through(engine, &op, run, NULL);
        HD_ASSERT(hd_model_block(&engine->model, slot) == NULL);
    }
}

// ---------------------------------------------------------------------------- the end

/// A block of so many bytes is asked of the empty heap, and freed.
static void prove(struct hd_engine *engine, enum hd_proof proof, size_t size, struct hd_run *run)
{
    const struct hd_op allocate = {.kind = HD_OP_MALLOC, .size = size};
    const struct hd_op release = {.kind = HD_OP_FREE};
    engine->proof = proof;
    step_through(engine, &allocate, run, NULL);
    engine->proof = HD_PROOF_NONE;
    if (hd_model_block(&engine->model, 0) != NULL) step_through(engine, &release, run, NULL);
}

static void prove_empty(struct hd_engine *engine, struct hd_run *run)
{
    const struct hd_op nothing = {.kind = HD_OP_FREE_NULL};
    engine->proof = HD_PROOF_EMPTY;
    step_through(engine, &nothing, run, NULL);
    engine->proof = HD_PROOF_NONE;
}

#define MODEST_SIZE 64 // bytes that any allocator can serve

/// What can be shown only of an empty heap, with the kernel refusing nothing.
static void prove_at_end(struct hd_engine *engine, struct hd_run *run)
{
    const struct hd_allocator *allocator = &engine->subject.allocator;
    const struct hd_memory_limit *limit = &engine->memory_limit;
    if (engine->kernel_side.tapped) prove_empty(engine, run);
    if (allocator->capacity != NULL)
        prove(engine, HD_PROOF_CAPACITY, allocator->capacity(engine->subject.heap), run);
    else if (run->footprint.refused != 0 && !hd_memory_limit_reached(limit, limit->bytes / LIVE_PART))
        prove(engine, HD_PROOF_RECOVERY, MODEST_SIZE, run);
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
    free_what_is_left(engine, run);
    hd_kernel_side_end(&engine->kernel_side);
    prove_at_end(engine, run);
    run->footprint.tapped = side->tapped;
    run->footprint.demand = side->demand;
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

void hd_engine_run(struct hd_engine *engine, const struct hd_trace *trace, struct hd_run *run,
                   struct hd_outcome *outcomes)
{
    *run = (struct hd_run){0};
    hd_model_reset(&engine->model, trace->slot_count > 0 ? trace->slot_count : 1);
    hd_kernel_side_begin(&engine->kernel_side);
    hd_memory_limit_begin(&engine->memory_limit);
    for (size_t i = 0; i < trace->count; i++)
        step_through(engine, &trace->ops[i], run, outcomes != NULL ? &outcomes[i] : NULL);
    end_trace(engine, run);
    hd_memory_limit_end(&engine->memory_limit);
    run->phase = HD_PHASE_DONE;
}
