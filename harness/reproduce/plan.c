// SPDX-License-Identifier: MIT
/// plan.c: leaves out what was not carried out, and follows the blocks.
#include "harness/reproduce/plan.h"

#include "harness/engine/call.h"

#include <string.h>

static bool was_carried_out(enum hd_outcome_kind kind)
{
    return kind != HD_OUTCOME_SKIPPED && kind != HD_OUTCOME_NOT_OFFERED;
}

static struct hd_planned_step *add(struct hd_plan *plan, const struct hd_op *op,
                                   enum hd_outcome_kind outcome)
{
    struct hd_planned_step *step = &plan->steps[plan->count++];
    *step = (struct hd_planned_step){.op = *op, .outcome = outcome};
    step->size = hd_call_size(op, &step->overflow);
    return step;
}

/// The trace's operations up to the finding's, then the steps behind the trace up to it.
static void choose(const struct hd_reproduction *reproduction, struct hd_plan *plan)
{
    const struct hd_trace *trace = reproduction->trace;
    const struct hd_result *result = reproduction->result;
    const struct hd_finding *finding = reproduction->finding;
    uint64_t last = 0;
    for (size_t i = 0; i < trace->count && i < finding->step; i++) {
        if (was_carried_out(result->outcomes[i].kind) || i + 1 == finding->step)
            (void)add(plan, &trace->ops[i], result->outcomes[i].kind);
        last = i + 1;
    }
    for (size_t i = 0; i < result->end_count && result->end_steps[i].step <= finding->step; i++) {
        const struct hd_end_record *end = &result->end_steps[i];
        struct hd_planned_step *step = add(plan, &end->op, HD_OUTCOME_NONE);
        step->trims = end->trims;
        step->ends_refusals = end->op.kind != HD_OP_FREE && end->op.kind != HD_OP_THREAD_END;
        last = end->step;
    }
    if (last >= finding->step) return;
    // One that did not end is not recorded.
    (void)add(plan, &result->run->op, HD_OUTCOME_LOST);
}

static bool is_resize(const struct hd_op *op)
{
    return op->kind == HD_OP_REALLOC || op->kind == HD_OP_REALLOCARRAY;
}

static bool makes_block(const struct hd_planned_step *step)
{
    const bool perhaps = step->outcome == HD_OUTCOME_LOST || step->outcome == HD_OUTCOME_NONE;
    return (hd_op_infos[step->op.kind].operands & HD_RESULT) != 0 &&
           (step->outcome == HD_OUTCOME_BLOCK || perhaps);
}

static bool ends_block(const struct hd_planned_step *step)
{
    if (step->op.kind == HD_OP_FREE) return true;
    return is_resize(&step->op) && (makes_block(step) || step->size == 0);
}

/// What cannot be a block of that size is not filled.
static bool can_be_filled(const struct hd_planned_step *step)
{
    return !step->overflow && step->size > 0 && step->size <= PTRDIFF_MAX;
}

static void follow(struct hd_plan *plan, struct hd_planned_step *step, bool fills, bool is_last)
{
    struct hd_planned_block *block = &plan->blocks[step->op.slot];
    if ((hd_op_infos[step->op.kind].operands & (HD_SLOT | HD_RESULT)) == 0) return;
    step->before = *block;
    if (ends_block(step)) block->lives = false;
    if (step->op.kind == HD_OP_WRITE) {
        if (fills) block->filling = step->filling = ++plan->fillings;
    } else if (makes_block(step)) {
        if (fills && can_be_filled(step)) step->filling = ++plan->fillings;
        if (is_last) return;
        *block = (struct hd_planned_block){
            .lives = true, .size = step->size, .filling = step->filling};
    }
}

/// Marks the operation behind which no longer all is refused; events do not count.
static void bound_refusals(struct hd_plan *plan)
{
    uint64_t left = 0;
    for (size_t i = 0; i < plan->count; i++) {
        struct hd_planned_step *step = &plan->steps[i];
        if (step->op.kind == HD_OP_REFUSE_ALL) left = step->op.size;
        if (hd_call_is_event(step->op.kind) || left == 0) continue;
        step->ends_refuse_all = --left == 0;
    }
}

#define NUMBER_MAX 4095 // a slot past it is no index of an array that anybody wants

/// A slot keeps its number where all are small; else they are numbered in the order of slots.
static void number_slots(struct hd_plan *plan, struct hd_arena *arena)
{
    plan->numbers = hd_arena_take(arena, plan->slot_count * sizeof *plan->numbers, 8);
    memset(plan->numbers, 0xff, plan->slot_count * sizeof *plan->numbers);
    for (size_t i = 0; i < plan->count; i++) {
        const struct hd_op *op = &plan->steps[i].op;
        if ((hd_op_infos[op->kind].operands & (HD_SLOT | HD_RESULT)) == 0) continue;
        plan->slots_used += plan->numbers[op->slot] == HD_UNNUMBERED;
        plan->numbers[op->slot] = op->slot;
        if (op->slot > plan->slot_max) plan->slot_max = op->slot;
    }
    plan->number_max = plan->slot_max;
    if (plan->slot_max <= NUMBER_MAX) return;
    uint32_t number = 0;
    for (uint32_t slot = 0; slot <= plan->slot_max; slot++)
        if (plan->numbers[slot] != HD_UNNUMBERED) plan->numbers[slot] = number++;
    plan->number_max = number - 1;
}

static void look_at_threads(const struct hd_trace *trace, struct hd_plan *plan)
{
    plan->first_thread = trace->count > 0 ? trace->ops[0].thread : 0;
    for (size_t i = 0; i < plan->count; i++) {
        const uint8_t thread = plan->steps[i].op.thread;
        plan->has_threads |= thread != plan->first_thread;
        if (thread > plan->thread_max) plan->thread_max = thread;
    }
}

void hd_plan_make(const struct hd_reproduction *reproduction, bool fills, struct hd_arena *arena,
                  struct hd_plan *plan)
{
    const size_t step_max = reproduction->trace->count + reproduction->result->end_count + 1;
    const uint32_t slots = reproduction->trace->slot_count;
    *plan = (struct hd_plan){.slot_count = slots > 0 ? slots : 1};
    plan->steps = hd_arena_take(arena, step_max * sizeof *plan->steps, 8);
    plan->blocks = hd_arena_take(arena, plan->slot_count * sizeof *plan->blocks, 8);
    memset(plan->blocks, 0, plan->slot_count * sizeof *plan->blocks);
    choose(reproduction, plan);
    for (size_t i = 0; i < plan->count; i++)
        follow(plan, &plan->steps[i], fills, i + 1 == plan->count);
    bound_refusals(plan);
    number_slots(plan, arena);
    look_at_threads(reproduction->trace, plan);
}
