// SPDX-License-Identifier: MIT
/// lives.c: what is in the operation's slot, before and after each operation.
#include "harness/report/lives.h"

/// Whether the operation left another block in its slot than the one that was there.
static bool is_another(const struct hd_life *life, const struct hd_moment *now, bool gives)
{
    return life->address != now->address || (gives && now->address != 0);
}

void hd_lives_open(struct hd_lives *lives, const struct hd_trace *trace,
                   const struct hd_result *result)
{
    const uint64_t reached = hd_result_reached(result);
    const size_t slots_bytes = trace->slot_count * sizeof(size_t);
    const size_t lives_bytes = trace->count * sizeof(struct hd_life);
    *lives = (struct hd_lives){0};
    hd_arena_open(&lives->arena, slots_bytes + lives_bytes + 64);
    struct hd_life *items = hd_arena_take(&lives->arena, lives_bytes, 8);
    size_t *in_slot = hd_arena_take(&lives->arena, slots_bytes, 8); // its life, from 1; 0: none
    lives->items = items;
    for (size_t i = 0; i < reached; i++) {
        const struct hd_op *op = &trace->ops[i];
        const struct hd_moment *now = &result->moments[i];
        const unsigned operands = hd_op_infos[op->kind].operands;
        if (!now->taken || (operands & (HD_SLOT | HD_RESULT)) == 0) continue;
        const bool gives = result->outcomes[i].kind == HD_OUTCOME_BLOCK;
        struct hd_life *old = in_slot[op->slot] != 0 ? &items[in_slot[op->slot] - 1] : NULL;
        if (old != NULL && !is_another(old, now, gives)) continue;
        if (old != NULL) old->death = i + 1;
        in_slot[op->slot] = 0;
        if (now->address == 0) continue;
        items[lives->count++] = (struct hd_life){
            .birth = i + 1, .death = reached + 1, .address = now->address, .usable = now->usable};
        in_slot[op->slot] = lives->count;
    }
}

void hd_lives_close(struct hd_lives *lives)
{
    hd_arena_close(&lives->arena);
}
