// SPDX-License-Identifier: MIT
/// pattern.c: mutations that put in what programs do, and what breaks heaps.
#include "harness/base/page.h"
#include "harness/fuzz/mutator/mutations.h"
#include "harness/fuzz/mutator/occupancy.h"
#include "harness/fuzz/mutator/sizes.h"

struct hd_op hd_mutation_ask_for(struct hd_draft *draft, uint32_t slot, uint64_t size)
{
    switch (hd_draft_below(draft, 8)) {
    case 0: return hd_op_of(HD_OP_CALLOC, slot, size, 1);
    case 1:
        if (size % 4 == 0) return hd_op_of(HD_OP_CALLOC, slot, size / 4, 4);
        return hd_op_of(HD_OP_CALLOC, slot, 1, size);
    case 2: return hd_op_of(HD_OP_REALLOC, slot, size, 0);
    case 3: {
        static const uint8_t kinds[] = {HD_OP_ALIGNED_ALLOC, HD_OP_POSIX_MEMALIGN, HD_OP_MEMALIGN};
        const uint8_t kind = kinds[hd_draft_below(draft, sizeof kinds)];
        return hd_op_of(kind, slot, size, UINT64_C(8) << hd_draft_below(draft, 10));
    }
    default: return hd_op_of(HD_OP_MALLOC, slot, size, 0);
    }
}

/// What the operation asked for; small when that is nothing one would ask for again.
static uint64_t bytes_of(const struct hd_op *op)
{
    uint64_t size = op->size;
    const bool counts = hd_op_infos[op->kind].operands & HD_COUNT;
    if (counts && __builtin_mul_overflow(op->size, op->extra, &size)) return 24;
    return size;
}

bool hd_mutation_reuse(struct hd_draft *draft)
{
    const size_t at = hd_draft_gap(draft);
    struct hd_occupancy *occupancy = hd_occupancy_at(draft, at);
    const struct hd_held *held = hd_occupancy_any(occupancy, &draft->random);
    if (held == NULL) return false;
    const uint64_t size = bytes_of(&draft->ops[held->by]);
    const uint32_t slot = held->slot;
    const uint32_t other = hd_occupancy_empty(occupancy, 2, &draft->random);
    hd_draft_add(draft, hd_op_of(HD_OP_FREE, slot, 0, 0));
    hd_draft_add(draft, hd_mutation_ask_for(draft, slot, size));
    // A second one: were it given the first's memory too, that would be an overlap.
    if (hd_random_once_in(&draft->random, 2))
        hd_draft_add(draft, hd_mutation_ask_for(draft, other, size));
    return hd_draft_insert_run(draft, at);
}

/// How the rungs of a ladder lie: as strings, as vectors, and as what is read into memory grow.
enum { BY_BYTES, BY_DOUBLING, BY_PAGES, SPACINGS };

#define RUNGS_MAX 16
#define RUNG_MAX  ((uint64_t)2 << 20) // from here it goes down: each rung may be copied, and filled

/// The next rung, up or down.
static uint64_t next_rung(uint64_t spacing, uint64_t size, uint64_t step, bool up)
{
    if (spacing == BY_DOUBLING) return up ? size * 2 + (size == 0) : size / 2;
    if (up) return size + step;
    return size > step ? size - step : 1;
}

bool hd_mutation_ladder(struct hd_draft *draft)
{
    const size_t at = hd_draft_gap(draft);
    struct hd_occupancy *occupancy = hd_occupancy_at(draft, at);
    const struct hd_held *held = hd_occupancy_any(occupancy, &draft->random);
    const uint64_t spacing = hd_draft_below(draft, SPACINGS);
    uint64_t size = held != NULL ? bytes_of(&draft->ops[held->by]) : 0;
    uint32_t slot = held != NULL ? held->slot : 0;
    if (held == NULL || hd_random_once_in(&draft->random, 3)) {
        const bool large = spacing == BY_PAGES || hd_random_once_in(&draft->random, 3);
        slot = hd_occupancy_empty(occupancy, 1, &draft->random);
        size = large ? hd_sizes_large(draft) : hd_sizes_any(draft);
        while (size >= RUNG_MAX)
            size /= 2;
        hd_draft_add(draft, hd_op_of(HD_OP_MALLOC, slot, size, 0));
    }
    const uint64_t step = spacing == BY_PAGES ? hd_random_few(&draft->random, 16) * HD_PAGE
                                              : hd_random_few(&draft->random, 4096);
    const size_t rungs = 2 + (size_t)hd_draft_below(draft, RUNGS_MAX - 1);
    // Where it goes down again: half of the time never.
    const size_t turn =
        hd_random_once_in(&draft->random, 2) ? rungs : (size_t)hd_draft_below(draft, rungs + 1);
    for (size_t i = 0; i < rungs; i++) {
        size = next_rung(spacing, size, step, i < turn && size < RUNG_MAX);
        hd_draft_add(draft, hd_op_of(HD_OP_REALLOC, slot, size, 0));
    }
    return hd_draft_insert_run(draft, at);
}

/// A size of which there can be many.
static uint64_t modest(uint64_t size)
{
    return size > 1 << 20 ? size % 1024 : size;
}

#define HELD_MAX 64 // blocks that `holes` fills a class with

/// The ways in which `holes` frees what it filled.
enum { EVERY_SECOND, REVERSE, IN_ORDER, WAYS };

static void free_by(struct hd_draft *draft, uint64_t way, uint32_t first, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (way == EVERY_SECOND && i % 2 == 0) continue;
        const uint32_t nth = way == REVERSE ? count - 1 - i : i;
        hd_draft_add(draft, hd_op_of(HD_OP_FREE, first + nth, 0, 0));
    }
}

bool hd_mutation_holes(struct hd_draft *draft)
{
    const size_t at = hd_draft_gap(draft);
    struct hd_occupancy *occupancy = hd_occupancy_at(draft, at);
    const size_t room = hd_draft_room(draft);
    const uint64_t count_max = room < 12 ? 4 : room / 3 < HELD_MAX ? room / 3 : HELD_MAX;
    const uint32_t count = 1 + (uint32_t)hd_random_few(&draft->random, count_max);
    const uint64_t size = modest(hd_sizes_any(draft));
    const uint32_t first = hd_occupancy_empty(occupancy, count, &draft->random);
    for (uint32_t i = 0; i < count; i++)
        hd_draft_add(draft, hd_op_of(HD_OP_MALLOC, first + i, size, 0));
    const uint64_t way = hd_draft_below(draft, WAYS);
    free_by(draft, way, first, count);
    // What comes next fits into a hole, or needs two that were put together.
    const uint64_t next = hd_random_once_in(&draft->random, 2) ? size : size + size / 2;
    const uint32_t freed = way == EVERY_SECOND ? count / 2 : count;
    const uint32_t again = (uint32_t)hd_draft_below(draft, freed + 1);
    for (uint32_t i = 0; i < again; i++)
        hd_draft_add(
            draft, hd_mutation_ask_for(draft, first + (way == EVERY_SECOND ? 2 * i + 1 : i), next));
    return hd_draft_insert_run(draft, at);
}

/// The `i`th operation like `op`, on a block of its own: of those held, or beside the last.
static struct hd_op like(const struct hd_occupancy *occupancy, const struct hd_op *op,
                         uint32_t first, size_t i)
{
    struct hd_op other = *op;
    const unsigned operands = hd_op_infos[op->kind].operands;
    if (op->kind == HD_OP_FREE && i < occupancy->count)
        other.slot = occupancy->held[i].slot;
    else if ((operands & HD_RESULT) != 0 && (operands & HD_SLOT) == 0)
        other.slot = first + (uint32_t)i;
    return other;
}

bool hd_mutation_burst(struct hd_draft *draft)
{
    const size_t room = hd_draft_room(draft);
    if (room < 2) return false;
    const size_t from = hd_draft_any(draft);
    const struct hd_op op = draft->ops[from];
    struct hd_occupancy *occupancy = hd_occupancy_at(draft, from + 1);
    const size_t count =
        hd_random_once_in(&draft->random, 8) ? room : (size_t)hd_random_few(&draft->random, room);
    const uint32_t first = hd_occupancy_empty(occupancy, (uint32_t)count, &draft->random);
    for (size_t i = 0; i < count; i++)
        hd_draft_add(draft, like(occupancy, &op, first, i));
    return hd_draft_insert_run(draft, from + 1);
}
