// SPDX-License-Identifier: MIT
/// operand.c: mutations that make one operation another.
#include "harness/fuzz/mutator/mutations.h"
#include "harness/fuzz/mutator/occupancy.h"
#include "harness/fuzz/mutator/sizes.h"

#define NAMES_SLOT (HD_SLOT | HD_RESULT)

bool hd_mutation_kind(struct hd_draft *draft)
{
    struct hd_op *op = &draft->ops[hd_draft_any(draft)];
    const uint8_t kind = (uint8_t)hd_draft_below(draft, HD_OP_KINDS);
    if (kind == op->kind || !hd_draft_makes(draft, kind)) return false;

    // What both kinds have a use for is kept.
    const unsigned had = hd_op_infos[op->kind].operands;
    const unsigned has = hd_op_infos[kind].operands;
    struct hd_op other = hd_op_of(kind, has & NAMES_SLOT ? op->slot : 0, 0, 0);
    hd_sizes_fill(draft, &other);
    if ((had & has & HD_IN_SIZE) != 0) other.size = op->size;
    if ((had & has & HD_IN_EXTRA) != 0) other.extra = op->extra;
    other.thread = op->thread;
    *op = other;
    return true;
}

bool hd_mutation_slot(struct hd_draft *draft)
{
    const size_t at = hd_draft_any_with(draft, NAMES_SLOT);
    if (at == draft->count) return false;
    struct hd_op *op = &draft->ops[at];
    const uint32_t old = op->slot;
    if (hd_random_once_in(&draft->random, 4)) // one that is named elsewhere, applying or not
        op->slot = draft->ops[hd_draft_any_with(draft, NAMES_SLOT)].slot;
    else
        hd_occupancy_fit(hd_occupancy_at(draft, at), op, &draft->random);
    return op->slot != old;
}

/// The first operation of `begin` to `end` that does nothing; `end` when all do something.
/// `occupancy` is that before `begin`, and after that before the result.
static size_t first_idle(const struct hd_draft *draft, struct hd_occupancy *occupancy, size_t begin,
                         size_t end)
{
    for (size_t i = begin; i < end; i++) {
        if (!hd_occupancy_applies(occupancy, &draft->ops[i])) return i;
        hd_occupancy_step(occupancy, &draft->ops[i], i);
    }
    return end;
}

bool hd_mutation_apply(struct hd_draft *draft)
{
    const size_t from = hd_draft_any(draft);
    struct hd_occupancy *occupancy = hd_occupancy_at(draft, from);
    size_t at = first_idle(draft, occupancy, from, draft->count);
    if (at == draft->count) {
        occupancy = hd_occupancy_at(draft, 0);
        at = first_idle(draft, occupancy, 0, from);
        if (at == from) return false;
    }
    struct hd_op *op = &draft->ops[at];
    hd_occupancy_fit(occupancy, op, &draft->random);
    return hd_occupancy_applies(occupancy, op);
}

bool hd_mutation_size(struct hd_draft *draft)
{
    const size_t at = hd_draft_any_with(draft, HD_SIZE);
    if (at == draft->count) return false;
    const uint64_t size =
        hd_random_once_in(&draft->random, 5) ? hd_sizes_large(draft) : hd_sizes_any(draft);
    const bool other = size != draft->ops[at].size;
    draft->ops[at].size = size;
    return other;
}

bool hd_mutation_size_near(struct hd_draft *draft)
{
    const size_t at = hd_draft_any_with(draft, HD_SIZE);
    if (at == draft->count) return false;
    const bool own = hd_random_once_in(&draft->random, 2);
    const uint64_t base = draft->ops[own ? at : hd_draft_any_with(draft, HD_SIZE)].size;
    const bool same = !own && hd_random_once_in(&draft->random, 4);
    const uint64_t size = same ? base : hd_sizes_near(base, &draft->random);
    const bool other = size != draft->ops[at].size;
    draft->ops[at].size = size;
    return other;
}

bool hd_mutation_alignment(struct hd_draft *draft)
{
    const size_t at = hd_draft_any_with(draft, HD_ALIGNMENT);
    if (at == draft->count) return false;
    struct hd_op *op = &draft->ops[at];
    const uint64_t old = op->extra;
    op->extra = hd_sizes_alignment(draft);
    // The size that meets it: a multiple, and shortcuts compare the two.
    const bool meets = hd_random_once_in(&draft->random, 4) && op->extra <= 1 << 20;
    const uint64_t size = op->extra * hd_draft_below(draft, 4);
    const bool other = op->extra != old || (meets && op->size != size);
    if (meets) op->size = size;
    return other;
}

bool hd_mutation_overflow(struct hd_draft *draft)
{
    const struct hd_factors factors = hd_sizes_overflow(draft);
    const size_t at = hd_draft_any_with(draft, HD_COUNT);
    if (at != draft->count && hd_random_once_in(&draft->random, 2)) {
        draft->ops[at].extra = factors.count;
        draft->ops[at].size = factors.size;
        return true;
    }
    const size_t gap = hd_draft_gap(draft);
    const uint8_t kind = hd_random_once_in(&draft->random, 2) ? HD_OP_REALLOCARRAY : HD_OP_CALLOC;
    struct hd_op op = hd_op_of(kind, 0, factors.size, factors.count);
    hd_occupancy_fit(hd_occupancy_at(draft, gap), &op, &draft->random);
    hd_draft_add(draft, op);
    return hd_draft_insert_run(draft, gap);
}

static void make_wrap(struct hd_draft *draft, struct hd_op *op)
{
    const bool counts = hd_op_infos[op->kind].operands & HD_COUNT;
    op->size = hd_sizes_wrapping(draft, counts ? 0 : op->extra);
    if (counts) op->extra = 1;
}

/// Of any function alike: each has a check of its own to forget.
static bool put_in_wrapping(struct hd_draft *draft)
{
    const size_t gap = hd_draft_gap(draft);
    struct hd_op op;
    do {
        op = hd_op_of((uint8_t)hd_draft_below(draft, HD_OP_KINDS), 0, 0, 0);
    } while ((hd_op_infos[op.kind].operands & HD_RESULT) == 0);
    hd_sizes_fill(draft, &op);
    make_wrap(draft, &op);
    hd_occupancy_fit(hd_occupancy_at(draft, gap), &op, &draft->random);
    hd_draft_add(draft, op);
    return hd_draft_insert_run(draft, gap);
}

bool hd_mutation_wrap(struct hd_draft *draft)
{
    if (hd_random_once_in(&draft->random, 2)) return put_in_wrapping(draft);
    const size_t at = hd_draft_any_with(draft, HD_RESULT);
    if (at == draft->count) return false;
    const struct hd_op old = draft->ops[at];
    make_wrap(draft, &draft->ops[at]);
    return draft->ops[at].size != old.size || draft->ops[at].extra != old.extra;
}

bool hd_mutation_event(struct hd_draft *draft)
{
    const size_t at = hd_draft_any_with(draft, HD_SYSCALL | HD_TIMES | HD_DELTA);
    if (at == draft->count) return false;
    struct hd_op *op = &draft->ops[at];
    const struct hd_op old = *op;
    hd_sizes_fill(draft, op);
    if (hd_random_once_in(&draft->random, 2)) op->size = old.size; // or what is refused alone
    return op->size != old.size || op->extra != old.extra;
}
