// SPDX-License-Identifier: MIT
/// order.c: mutations that put in, take out, and change places.
#include "harness/fuzz/mutator/mutations.h"
#include "harness/fuzz/mutator/occupancy.h"
#include "harness/fuzz/mutator/sizes.h"

#define COPIED_MAX 24 // operations of a run that is copied

/// A kind that is on, by the weights of ops.def; malloc when the dice find none.
static uint8_t any_kind(struct hd_draft *draft)
{
    for (int i = 0; i < 16; i++) {
        uint64_t left = hd_draft_below(draft, 192);
        uint8_t kind = 0;
        while (left >= hd_op_infos[kind].weight)
            left -= hd_op_infos[kind++].weight;
        if (hd_draft_makes(draft, kind)) return kind;
    }
    return HD_OP_MALLOC;
}

void hd_mutation_add_new(struct hd_draft *draft, size_t at, size_t count)
{
    struct hd_occupancy *occupancy = hd_occupancy_at(draft, at);
    for (size_t i = 0; i < count; i++) {
        struct hd_op op = hd_op_of(any_kind(draft), 0, 0, 0);
        hd_sizes_fill(draft, &op);
        hd_occupancy_fit(occupancy, &op, &draft->random);
        hd_draft_add(draft, op);
        if (at + i < HD_DRAFT_MAX) hd_occupancy_step(occupancy, &op, at + i);
    }
}

bool hd_mutation_insert(struct hd_draft *draft)
{
    const size_t at = hd_draft_gap(draft);
    hd_mutation_add_new(draft, at, (size_t)hd_random_few(&draft->random, 8));
    return hd_draft_insert_run(draft, at);
}

bool hd_mutation_erase(struct hd_draft *draft)
{
    if (draft->count < 2) return false;
    hd_draft_erase(draft, hd_draft_any(draft), 1);
    return true;
}

bool hd_mutation_erase_run(struct hd_draft *draft)
{
    if (draft->count < 4) return false;
    const size_t length = 1 + (size_t)hd_random_few(&draft->random, draft->count / 2);
    hd_draft_erase(draft, (size_t)hd_draft_below(draft, draft->count - length + 1), length);
    return true;
}

bool hd_mutation_erase_kind(struct hd_draft *draft)
{
    const uint8_t kind = draft->ops[hd_draft_any(draft)].kind;
    size_t kept = 0;
    for (size_t i = 0; i < draft->count; i++)
        kept += draft->ops[i].kind != kind;
    if (kept == 0) return false;

    size_t to = 0;
    for (size_t i = 0; i < draft->count; i++)
        if (draft->ops[i].kind != kind) draft->ops[to++] = draft->ops[i];
    draft->count = to;
    return true;
}

bool hd_mutation_swap(struct hd_draft *draft)
{
    if (draft->count < 2) return false;
    const size_t a = hd_draft_any(draft);
    const size_t b = (a + 1 + hd_draft_below(draft, draft->count - 1)) % draft->count;
    const struct hd_op op = draft->ops[a];
    draft->ops[a] = draft->ops[b];
    draft->ops[b] = op;
    return true;
}

bool hd_mutation_move_run(struct hd_draft *draft)
{
    if (draft->count < 2) return false;
    size_t length;
    const size_t from = hd_draft_any_run(draft, draft->count / 2, &length);
    const uint64_t off = draft->off;
    draft->off = 0; // nothing new is made
    for (size_t i = 0; i < length; i++)
        hd_draft_add(draft, draft->ops[from + i]);
    draft->off = off;
    hd_draft_erase(draft, from, length);
    return hd_draft_insert_run(draft, hd_draft_gap(draft));
}

bool hd_mutation_copy_run(struct hd_draft *draft)
{
    size_t length;
    const size_t from = hd_draft_any_run(draft, COPIED_MAX, &length);
    for (size_t i = 0; i < length; i++)
        hd_draft_add(draft, draft->ops[from + i]);
    // Behind itself as often as anywhere.
    const bool behind = hd_random_once_in(&draft->random, 2);
    return hd_draft_insert_run(draft, behind ? from + length : hd_draft_gap(draft));
}

bool hd_mutation_copy_renamed(struct hd_draft *draft)
{
    size_t length;
    const size_t from = hd_draft_any_run(draft, COPIED_MAX, &length);
    uint32_t highest = 0;
    for (size_t i = 0; i < draft->count; i++)
        if (draft->ops[i].slot < HD_SLOT_MAX / 2 && draft->ops[i].slot > highest)
            highest = draft->ops[i].slot;
    for (size_t i = 0; i < length; i++) {
        struct hd_op op = draft->ops[from + i];
        const bool has_slot = hd_op_infos[op.kind].operands & (HD_SLOT | HD_RESULT);
        if (has_slot && op.slot <= highest && highest < HD_SLOT_MAX / 4) op.slot += highest + 1;
        hd_draft_add(draft, op);
    }
    const size_t at = from + hd_draft_below(draft, length + 1); // interleaved by later mutations
    return hd_draft_insert_run(draft, at);
}
