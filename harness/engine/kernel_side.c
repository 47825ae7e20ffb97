// SPDX-License-Identifier: MIT
/// kernel_side.c: the tap's log, step by step.
#include "harness/engine/kernel_side.h"

#include "harness/engine/believe.h"
#include "harness/engine/call.h"
#include "harness/engine/purges.h"
#include "harness/model/loss.h"

#include <string.h>
#include <sys/syscall.h>

/// Asked of the kernel and not of libc, whose first sbrk asks too: that is for the trace to show.
void hd_kernel_side_meet_break(struct hd_kernel_side *side)
{
    if (side->tapped) hd_space_meet_break(&side->space, hd_tap_break());
}

void hd_kernel_side_open(struct hd_kernel_side *side, const struct hd_subject *subject)
{
    *side = (struct hd_kernel_side){.tapped = hd_tap_way() != HD_TAP_OFF && !subject->unseen};
    side->threads_before = hd_tap_thread_count();
    hd_space_open(&side->space);
    hd_account_open(&side->account, &side->space);
    hd_arena_open(&side->arena, HD_TAP_LOG_MAX * sizeof side->effects[0]);
    side->effects = hd_arena_take(&side->arena, HD_TAP_LOG_MAX * sizeof side->effects[0], 8);
    if (!side->tapped) return;

    const struct hd_tap_log *log = hd_tap_log();
    for (uint32_t i = 0; i < log->count; i++)
        hd_space_apply(&side->space, &log->calls[i], &side->effects[i]);
    side->tapped = log->lost == 0 && hd_tap_thread_count() <= hd_tap_threads_at_open();
    hd_tap_clear();
    hd_space_learn_all(&side->space);
    hd_kernel_side_meet_break(side);
}

void hd_kernel_side_close(struct hd_kernel_side *side)
{
    hd_account_close(&side->account);
    hd_space_close(&side->space);
    hd_arena_close(&side->arena);
}

void hd_kernel_side_begin(struct hd_kernel_side *side)
{
    side->disturbed_now = false;
    side->threads_before = hd_tap_thread_count();
    side->nothing_given_left = 0;
    hd_tap_refuse_nothing();
    // Between runs the process may use glibc's heap for itself, unseen. What that grows by,
    // malloc_trim may give back.
    hd_kernel_side_meet_break(side);
    hd_space_restart_peak(&side->space);
    hd_account_begin(&side->account);
}

void hd_kernel_side_end(struct hd_kernel_side *side)
{
    side->nothing_given_left = 0;
    hd_tap_refuse_nothing();
    hd_foreign_leave(&side->foreign, &side->space);
}

// What munmap refuses, most allocators never try to give back again. Over the many runs of a
// fuzzer's process that adds up: with so many bytes lost already munmap is refused no more.
#define LOST_MAX ((size_t)256 << 20)

static bool would_lose_more(const struct hd_kernel_side *side, const struct hd_op *op)
{
    return op->kind == HD_OP_REFUSE && op->extra == HD_SYSCALL_munmap &&
           side->account.mapped_before > LOST_MAX;
}

void hd_kernel_side_start_anew(struct hd_kernel_side *side)
{
    hd_kernel_side_end(side);
    side->aligned_bytes = 0;
    side->forgotten_bytes = 0;
    side->blocks = 0;
    side->demand = 0;
    side->purges_left = 0;
    side->forgotten = false;
    side->disturbed = false;
    side->wanting = false;
    side->foreign.fillings = 0;
    memset(side->homes, 0, sizeof side->homes);
}

/// Calls were lost, or a thread was started where that is not seen.
static bool stopped_seeing(const struct hd_kernel_side *side, const struct hd_tap_log *log)
{
    return log->lost != 0 || hd_tap_thread_count() > side->threads_before;
}

void hd_kernel_side_take_abandoned(struct hd_kernel_side *side)
{
    const struct hd_tap_log *log = hd_tap_log();
    for (uint32_t i = 0; i < log->count; i++)
        hd_space_apply(&side->space, &log->calls[i], &side->effects[i]);
    if (stopped_seeing(side, log)) side->tapped = false;
    hd_tap_clear();
}

/// So many bytes above `growth`.
static int64_t limit_from(int64_t growth, uint64_t bytes)
{
    int64_t limit;
    if (bytes > INT64_MAX || __builtin_add_overflow(growth, (int64_t)bytes, &limit))
        return INT64_MAX;
    return limit;
}

static bool happen(struct hd_kernel_side *side, const struct hd_op *op,
                   const struct hd_block *block)
{
    struct hd_tap_refusals *refusals = hd_tap_refusals();
    switch ((enum hd_op_kind)op->kind) {
    case HD_OP_REFUSE:
        if (would_lose_more(side, op)) return false;
        refusals->pending[op->extra] |= UINT64_C(1) << (op->size - 1);
        return true;
    case HD_OP_REFUSE_ALL:
        side->nothing_given_left = (uint32_t)op->size;
        refusals->all = true;
        return true;
    case HD_OP_LIMIT: refusals->growth_max = limit_from(refusals->growth, op->size); return true;
    case HD_OP_FOREIGN_SBRK:
        return hd_foreign_sbrk(&side->foreign, &side->space, (int64_t)op->size);
    case HD_OP_FOREIGN_MMAP:
        return hd_foreign_mmap(&side->foreign, &side->space, block->address + block->usable);
    default: HD_ASSERT(false);
    }
    return false;
}

bool hd_kernel_side_event(struct hd_kernel_side *side, const struct hd_op *op,
                          const struct hd_block *block)
{
    const bool happened = happen(side, op, block);
    side->disturbed |= happened;
    side->disturbed_now |= happened;
    side->wanting |= happened && !hd_call_refuses(op->kind);
    return happened;
}

// ---------------------------------------------------------------------------- after the call

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/// A resize may have had both blocks at once; an aligned block its alignment besides. A request
/// that failed may have been served in part, which stays mapped for the next one: `mapped_more`
/// bytes.
static void count_demand(struct hd_kernel_side *side, size_t live_bytes, size_t mapped_more,
                         const struct hd_step *step)
{
    if (step->result != 0 && (hd_op_infos[step->op->kind].operands & HD_ALIGNMENT) != 0)
        side->aligned_bytes += step->op->extra;
    const size_t besides = side->aligned_bytes + side->forgotten_bytes;
    if (step->result == 0) {
        const size_t part = smaller(step->size, mapped_more);
        side->demand = larger(side->demand, live_bytes + part + besides);
        return;
    }
    // A usable size may be a lie, but no block is larger than what is mapped.
    const size_t usable = smaller(step->usable, step->size + side->space.mapped);
    side->demand = larger(side->demand, live_bytes + larger(step->size, usable) + besides);
}

/// What was refused may be tried again. What a usable size says may be a lie, but no block is
/// larger than what is mapped.
static void count_purges(struct hd_kernel_side *side, struct hd_step *step)
{
    uint64_t asked = 0;
    uint64_t done = 0;
    for (uint32_t i = 0; i < step->call_count; i++) {
        const bool purges = hd_is_purge(&step->calls[i]);
        asked += purges;
        done += purges && hd_purge_was_done(&step->calls[i]);
    }
    step->purges = smaller(asked, side->purges_left);
    if (hd_step_ended_block(step))
        side->purges_left += 1 + smaller(step->before.usable, side->space.mapped) / HD_PIECE_BYTES;
    side->purges_left -= smaller(done, side->purges_left);
}

static void apply_calls(struct hd_kernel_side *side, const struct hd_tap_log *log,
                        enum hd_op_kind kind, struct hd_footprint *footprint)
{
    for (uint32_t i = 0; i < log->count; i++) {
        const struct hd_syscall *call = &log->calls[i];
        hd_space_apply(&side->space, call, &side->effects[i]);
        footprint->calls[hd_syscall_of(call->number)]++;
        footprint->refused += call->refused;
        side->wanting |= call->refused;
    }
    footprint->by_operation[kind] += log->count + log->lost;
    footprint->calls_max = larger(footprint->calls_max, log->count + log->lost);
    // Within an operation the tap adds up what calls ask for; the map knows what came of them.
    hd_account_settle(&side->account);
    side->disturbed |= side->space.break_shared;
    if (stopped_seeing(side, log)) side->tapped = false; // from here on nothing is known
}

void hd_kernel_side_take(struct hd_kernel_side *side, const struct hd_model *model,
                         size_t live_bytes, struct hd_step *step, struct hd_footprint *footprint)
{
    if (side->nothing_given_left > 0) side->nothing_given_left--;
    hd_tap_refusals()->all = side->nothing_given_left > 0;
    const struct hd_tap_log *log = hd_tap_log();
    const size_t mapped_before = side->space.mapped;
    if (log->count != 0 || log->lost != 0) apply_calls(side, log, step->op->kind, footprint);
    const size_t mapped_now = side->space.mapped;
    count_demand(side, live_bytes, mapped_now - smaller(mapped_before, mapped_now), step);
    side->blocks = larger(side->blocks, model->live_count + (step->result != 0));
    step->blocks = side->blocks;
    step->tapped = side->tapped;
    step->threads_seen = hd_tap_sees_threads();
    step->calls = log->calls;
    step->effects = side->effects;
    step->call_count = log->count;
    count_purges(side, step);
    step->space = &side->space;
    step->demand = side->demand;
    step->disturbed = side->disturbed;
    step->wanting = side->wanting || side->space.break_shared;
    step->forgotten = side->forgotten;
    step->foreign_changed =
        side->foreign.count != 0 ? hd_foreign_check(&side->foreign, &side->space) : 0;
}

void hd_kernel_side_serves_again(struct hd_kernel_side *side)
{
    side->wanting = false;
}

// ---------------------------------------------------------------------------- blocks lost

void hd_kernel_side_forget(struct hd_kernel_side *side, size_t bytes)
{
    side->forgotten = true;
    side->forgotten_bytes += bytes;
}

static void settle_block(struct hd_kernel_side *side, struct hd_model *model, uint32_t slot,
                         enum hd_loss loss)
{
    if (loss == HD_LOSS_CONTENTS) hd_model_refill(model, slot);
    if (loss != HD_LOSS_MEMORY) return;
    hd_kernel_side_forget(side, model->blocks[slot].usable);
    hd_model_drop(model, slot);
}

static void settle_range(struct hd_kernel_side *side, const struct hd_effect *effect,
                         uintptr_t start, uintptr_t end, struct hd_model *model)
{
    uint32_t slot = hd_loss_first(model, start, end);
    while (slot != HD_NO_SLOT) {
        const uint32_t next = hd_loss_next(model, slot, end);
        settle_block(side, model, slot, hd_loss_of(&side->space, effect, &model->blocks[slot]));
        slot = next;
    }
}

void hd_kernel_side_settle(struct hd_kernel_side *side, const struct hd_step *step,
                           struct hd_model *model)
{
    if (!side->tapped) return; // then nothing is known of what is left
    for (uint32_t i = 0; i < step->call_count; i++) {
        const struct hd_effect *effect = &step->effects[i];
        settle_range(side, effect, effect->lost_start, effect->lost_end, model);
        settle_range(side, effect, effect->over_start, effect->over_end, model);
    }
}
