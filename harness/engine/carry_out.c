// SPDX-License-Identifier: MIT
/// carry_out.c: one operation: call, judge, believe.
#include "harness/engine/carry_out.h"

#include "harness/engine/believe.h"
#include "harness/engine/call.h"
#include "harness/engine/memory_used_up.h"
#include "harness/model/pattern.h"
#include "oracles/choices.h"

#include <errno.h>

// ---------------------------------------------------------------------------- one step

/// Sets every member: an initialiser of this size compiles to a slow block fill.
static void begin_step(const struct hd_engine *engine, const struct hd_op *op,
                       const struct hd_run *run, struct hd_step *step)
{
    const bool takes = (hd_op_infos[op->kind].operands & HD_SLOT) != 0;
    step->op = op;
    step->policy = &engine->subject.allocator.policy;
    step->choices = &engine->choices;
    step->number = run->step;
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
    step->threads_seen = false;
    step->blocks = 0;
    step->threads = run->threads;
    step->disturbed = false;
    step->wanting = false;
    step->forgotten = false;
    step->call_count = 0;
    step->purges = 0;
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
    step->first_wrong = hd_pattern_check(block->address, block->usable, block->usable, block->key);
}

static void look_around(const struct hd_model *model, struct hd_step *step)
{
    const struct hd_neighbours near = hd_model_neighbours(model, step->result);
    step->below_slot = near.below;
    step->above_slot = near.above;
    if (near.below != HD_NO_SLOT) step->below = &model->blocks[near.below];
    if (near.above != HD_NO_SLOT) step->above = &model->blocks[near.above];
    __builtin_prefetch(step->below); // the oracles will look, some way on
    __builtin_prefetch(step->above);
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

struct last_call {
    const struct hd_subject *subject;
    const struct hd_op *op;
    struct hd_answer answer;
};

static void make_last_call(void *context)
{
    struct last_call *last = context;
    last->answer = hd_call(last->subject, last->op, 0);
}

/// The thread that the operation is of makes the call, and then its destructors run.
static struct hd_answer end_thread(struct hd_engine *engine, const struct hd_op *op)
{
    struct last_call last = {.subject = &engine->subject, .op = op};
    hd_crew_end(&engine->crew, engine->ending, make_last_call, &last);
    return last.answer;
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

/// What it answers first, where its policy leaves it open, is what it is held to in this run.
static void learn_choice(struct hd_choice_policy *choices, const struct hd_step *step)
{
    if (step->size != 0) return;
    const enum hd_zero_request request = hd_choice_of(step);
    if (request == HD_ZERO_REQUESTS || choices->zero[request] != HD_ZERO_OPEN) return;
    choices->zero[request] = (uint8_t)hd_choice_made(step);
}

/// Carries out and judges one operation that applies.
static void carry_out(struct hd_engine *engine, const struct hd_op *op, struct hd_run *run,
                      struct hd_outcome *outcome)
{
    struct hd_model *model = &engine->model;
    struct hd_step step;
    begin_step(engine, op, run, &step);

    run->phase = HD_PHASE_TOUCHING;
    if (engine->panels.before[op->kind].count > 0) look_at_block(&step);
    bool broken = hd_panels_judge_before(&engine->panels, model, &step, run);
    if (broken && hd_step_resizes(&step)) { // or the same bytes would be held against realloc too
        hd_model_refill(model, op->slot);
        step.before = model->blocks[op->slot];
    }

    const size_t live_bytes = model->live_bytes;
    if (op->kind == HD_OP_FREE) hd_model_drop(model, op->slot);
    hd_tap_clear();
    engine->in_call = true;
    run->phase = HD_PHASE_CALLING;
    const struct hd_answer answer = op->kind == HD_OP_THREAD_END
                                        ? end_thread(engine, op)
                                        : hd_call(&engine->subject, op, step.before.address);
    step.result = answer.result;
    hd_beginnings_take(&engine->beginnings, engine->at_work, &step);
    if (op->kind != HD_OP_FREE && hd_step_ended_block(&step)) hd_model_drop(model, op->slot);
    take_answer(engine, &step, &answer);
    ask_usable_size(engine, &step);
    tell_to_trim(engine);
    run->phase = HD_PHASE_WALKING;
    step.walk = walk(engine);

    run->phase = HD_PHASE_TOUCHING;
    hd_kernel_side_take(&engine->kernel_side, model, live_bytes, &step, &run->footprint);
    if (!engine->kernel_side.tapped) hd_memory_limit_leave_tap(&engine->memory_limit);
    engine->in_call = false;
    hd_kernel_side_place(&engine->kernel_side, &step);
    broken |= hd_panels_judge_after(&engine->panels, model, &step, run);
    hd_kernel_side_settle(&engine->kernel_side, &step, model);
    if (hd_step_may_live_still(&step))
        hd_kernel_side_forget(&engine->kernel_side, step.before.usable);
    if (step.result == 0 && step.size > 0 && (hd_op_infos[op->kind].operands & HD_RESULT) != 0)
        broken |= hd_judge_memory_used_up(engine, &step, run);
    learn_choice(&engine->choices, &step);
    hd_believe(model, &step, broken);
    run->operations++;
    run->verdicts[HD_ORACLE_progress][HD_HOLDS]++;
    if (outcome != NULL) set_outcome(outcome, &step, broken);
    if (engine->observer != NULL) engine->observer->step(engine->observer->context, &step);
}

// ---------------------------------------------------------------------------- one operation

/// Whether the operation may be the one by which the calling thread, one of several, begins, and
/// the kernel may refuse memory for what the allocator keeps for it. To give a block back takes
/// none of that.
static bool beginning_may_be_refused(const struct hd_engine *engine, const struct hd_op *op,
                                     const struct hd_run *run)
{
    const bool begins =
        (hd_op_infos[op->kind].operands & HD_RESULT) != 0 || op->kind == HD_OP_USABLE_SIZE;
    return begins && run->threads > 1 && !hd_has_begun(&engine->beginnings, engine->at_work) &&
           (hd_tap_refuses_something() || hd_memory_nearly_used_up(&engine->memory_limit));
}

/// True for a call that the allocator's policy says must not be made.
static bool outside_policy(const struct hd_engine *engine, const struct hd_op *op,
                           const struct hd_run *run)
{
    const struct hd_policy *policy = &engine->subject.allocator.policy;
    const bool aligned = (hd_op_infos[op->kind].operands & HD_ALIGNMENT) != 0;
    if (policy->bad_alignment_undefined && aligned && op->kind != HD_OP_POSIX_MEMALIGN &&
        !hd_is_power_of_two(op->extra))
        return true;
    if (policy->dies_when_refused && hd_call_refuses(op->kind)) return true;
    if (policy->thread_dies_when_refused && beginning_may_be_refused(engine, op, run)) return true;
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

/// A thread can end that was started; the first one is the process's own.
static bool applies(const struct hd_engine *engine, const struct hd_op *op)
{
    if (op->kind == HD_OP_THREAD_END)
        return engine->ending != 0 && hd_crew_has(&engine->crew, engine->ending);
    return hd_call_applies(op, engine->model.blocks[op->slot].address != 0);
}

void hd_step_through(struct hd_engine *engine, const struct hd_op *op, struct hd_run *run,
                     struct hd_outcome *outcome)
{
    run->step++;
    run->op = *op;
    if (!engine->offered[op->kind] || outside_policy(engine, op, run)) {
        run->not_offered++;
        if (outcome != NULL) outcome->kind = HD_OUTCOME_NOT_OFFERED;
    } else if (!applies(engine, op)) {
        run->skipped++;
        if (outcome != NULL) outcome->kind = HD_OUTCOME_SKIPPED;
    } else if (hd_call_is_event(op->kind)) {
        const struct hd_block *block = &engine->model.blocks[op->slot];
        const bool happened = hd_kernel_side_event(&engine->kernel_side, op, block);
        *(happened ? &run->operations : &run->skipped) += 1;
        if (outcome != NULL) outcome->kind = happened ? HD_OUTCOME_DONE : HD_OUTCOME_SKIPPED;
    } else {
        carry_out(engine, op, run, outcome);
    }
}
