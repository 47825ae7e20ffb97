// SPDX-License-Identifier: MIT
/// occupancy.c: which slots hold a block at a point of a trace.
#include "harness/fuzz/mutator/occupancy.h"

#include "allocators/status.h"
#include "harness/engine/call.h"

#include <string.h>

enum { FREE_ENTRY, HELD_NOT, HELD_FIRST };

/// Half of a fuzz target's memory limit: what is larger is mostly refused.
#define BYTES_MAX ((size_t)128 << 20)

static bool gives_block(const struct hd_op *op)
{
    bool overflow;
    const size_t size = hd_call_size(op, &overflow);
    if (size > BYTES_MAX) return false;
    if ((hd_op_infos[op->kind].operands & HD_ALIGNMENT) == 0) return true;
    const bool power = op->extra != 0 && (op->extra & (op->extra - 1)) == 0;
    return power && op->extra <= BYTES_MAX &&
           (op->kind != HD_OP_POSIX_MEMALIGN || op->extra >= sizeof(void *));
}

void hd_occupancy_begin(struct hd_occupancy *occupancy, size_t steps)
{
    occupancy->count = 0;
    occupancy->mask = 15;
    while (occupancy->mask < 2 * steps + 1 && occupancy->mask < 2 * HD_DRAFT_MAX - 1)
        occupancy->mask = 2 * occupancy->mask + 1;
    memset(occupancy->entries, 0, (occupancy->mask + 1) * sizeof occupancy->entries[0]);
}

/// The slot's entry, or the free one where it would be.
static size_t entry_of(const struct hd_occupancy *occupancy, uint32_t slot)
{
    size_t i = slot * UINT32_C(0x9e3779b1) >> 8 & occupancy->mask;
    while (occupancy->entries[i].state != FREE_ENTRY && occupancy->entries[i].slot != slot)
        i = (i + 1) & occupancy->mask;
    return i;
}

static bool holds(const struct hd_occupancy *occupancy, uint32_t slot)
{
    return occupancy->entries[entry_of(occupancy, slot)].state >= HELD_FIRST;
}

static void put(struct hd_occupancy *occupancy, uint32_t slot, size_t by)
{
    const size_t entry = entry_of(occupancy, slot);
    if (occupancy->entries[entry].state < HELD_FIRST) {
        HD_ASSERT(occupancy->count < occupancy->mask / 2); // more steps than it was begun for
        occupancy->entries[entry].slot = slot;
        occupancy->entries[entry].state = HELD_FIRST + (uint32_t)occupancy->count++;
    }
    occupancy->held[occupancy->entries[entry].state - HELD_FIRST] =
        (struct hd_held){.slot = slot, .by = by};
}

/// The last one held takes its place.
static void take_out(struct hd_occupancy *occupancy, uint32_t slot)
{
    const size_t entry = entry_of(occupancy, slot);
    if (occupancy->entries[entry].state < HELD_FIRST) return;
    const size_t place = occupancy->entries[entry].state - HELD_FIRST;
    const struct hd_held last = occupancy->held[--occupancy->count];
    occupancy->held[place] = last;
    occupancy->entries[entry_of(occupancy, last.slot)].state = HELD_FIRST + (uint32_t)place;
    occupancy->entries[entry].state = HELD_NOT;
}

bool hd_occupancy_applies(const struct hd_occupancy *occupancy, const struct hd_op *op)
{
    return hd_call_applies(op, holds(occupancy, op->slot));
}

void hd_occupancy_step(struct hd_occupancy *occupancy, const struct hd_op *op, size_t index)
{
    const unsigned operands = hd_op_infos[op->kind].operands;
    if (op->kind == HD_OP_FREE) take_out(occupancy, op->slot);
    if (!(operands & HD_RESULT) || !gives_block(op)) return;

    const bool resizes = (operands & HD_SLOT) != 0;
    if (!resizes && holds(occupancy, op->slot)) return;
    // realloc to nothing may free the block or not: then it is not to be built on.
    const bool to_nothing = resizes && (op->size == 0 || (operands & HD_COUNT && op->extra == 0));
    if (to_nothing)
        take_out(occupancy, op->slot);
    else
        put(occupancy, op->slot, index);
}

struct hd_occupancy *hd_occupancy_at(const struct hd_draft *draft, size_t at)
{
    static struct hd_occupancy occupancy;
    hd_occupancy_begin(&occupancy, draft->count + HD_OCCUPANCY_MORE);
    for (size_t i = 0; i < at; i++)
        hd_occupancy_step(&occupancy, &draft->ops[i], i);
    return &occupancy;
}

const struct hd_held *hd_occupancy_any(const struct hd_occupancy *occupancy, uint64_t *random)
{
    if (occupancy->count == 0) return NULL;
    return &occupancy->held[hd_random_below(random, occupancy->count)];
}

static bool all_empty(const struct hd_occupancy *occupancy, uint32_t first, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (holds(occupancy, first + i)) return false;
    return true;
}

uint32_t hd_occupancy_empty(const struct hd_occupancy *occupancy, uint32_t count, uint64_t *random)
{
    const uint32_t range = (uint32_t)occupancy->count * 2 + 16; // low numbers are met again
    for (int i = 0; i < 8; i++) {
        const uint32_t slot = (uint32_t)hd_random_below(random, range);
        if (all_empty(occupancy, slot, count)) return slot;
    }
    uint32_t slot = range;
    for (size_t i = 0; i < occupancy->count; i++) {
        const uint32_t held = occupancy->held[i].slot;
        // Far above: what a random record names once in a hundred times.
        if (held >= slot && held < HD_SLOT_MAX / 2) slot = held + 1;
    }
    return slot;
}

void hd_occupancy_fit(const struct hd_occupancy *occupancy, struct hd_op *op, uint64_t *random)
{
    const unsigned operands = hd_op_infos[op->kind].operands;
    const struct hd_held *held = NULL;
    if (operands & HD_SLOT) held = hd_occupancy_any(occupancy, random);
    if (held != NULL)
        op->slot = held->slot;
    else if (operands & HD_RESULT)
        op->slot = hd_occupancy_empty(occupancy, 1, random);
}
