// SPDX-License-Identifier: MIT
/// crossover.c: one trace made of parts of two.
#include "harness/fuzz/mutator/mutator.h"

#include "harness/fuzz/mutator/draft.h"
#include "harness/trace/binary.h"

static struct hd_draft draft; // the first; the result is made in it
static struct hd_draft other;

/// The second's slots become others than the first's, so that each does to its blocks what it did.
static void keep_slots_apart(void)
{
    uint32_t above = 0;
    for (size_t i = 0; i < draft.count; i++)
        if (draft.ops[i].slot < HD_SLOT_MAX / 4 && draft.ops[i].slot >= above)
            above = draft.ops[i].slot + 1;
    for (size_t i = 0; i < other.count; i++) {
        struct hd_op *op = &other.ops[i];
        const bool has_slot = hd_op_infos[op->kind].operands & (HD_SLOT | HD_RESULT);
        if (has_slot && op->slot < HD_SLOT_MAX / 2) op->slot += above;
    }
}

/// The beginning of the first, then the end of the second.
static void head_and_tail(void)
{
    draft.count = hd_draft_gap(&draft);
    for (size_t i = hd_draft_gap(&other); i < other.count; i++)
        hd_draft_add(&draft, other.ops[i]);
    const size_t room = hd_draft_room(&draft);
    if (draft.run_count > room) draft.run_count = room;
    (void)hd_draft_insert_run(&draft, draft.count);
}

/// A run of the second inside the first.
static void run_inside(void)
{
    if (other.count == 0) return;
    const size_t length = (size_t)hd_random_few(&draft.random, other.count);
    const size_t from = (size_t)hd_draft_below(&draft, other.count - length + 1);
    for (size_t i = 0; i < length; i++)
        hd_draft_add(&draft, other.ops[from + i]);
    (void)hd_draft_insert_run(&draft, hd_draft_gap(&draft));
}

/// One of either in turn, by the dice, as two threads' operations come.
static void interleaved(void)
{
    size_t a = 0;
    size_t b = 0;
    while (a < draft.count || b < other.count) {
        const bool first =
            b == other.count || (a < draft.count && hd_random_once_in(&draft.random, 2));
        hd_draft_add(&draft, first ? draft.ops[a++] : other.ops[b++]);
    }
    draft.count = 0;
    (void)hd_draft_insert_run(&draft, 0);
}

size_t hd_crossover(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size, uint8_t *out,
                    size_t out_max, uint64_t seed)
{
    static void (*const ways[])(void) = {head_and_tail, run_inside, interleaved};
    if (out_max < HD_RECORD_SIZE) return 0;
    const size_t fit = out_max / HD_RECORD_SIZE;
    draft.count_max = other.count_max = fit < HD_DRAFT_MAX ? fit : HD_DRAFT_MAX;
    draft.random = seed;
    other.random = ~seed;
    draft.off = draft.run_count = 0;
    hd_draft_decode(&draft, a, a_size);
    hd_draft_decode(&other, b, b_size);
    if (hd_draft_below(&draft, 2) != 0) keep_slots_apart();
    const uint64_t way = hd_draft_below(&draft, sizeof ways / sizeof ways[0]);
    const struct hd_op spare = draft.count > 0 ? draft.ops[0] : other.ops[0];
    if (draft.count + other.count == 0) return 0;
    ways[way]();
    if (draft.count == 0) { // of both no part at all was taken
        hd_draft_add(&draft, spare);
        (void)hd_draft_insert_run(&draft, 0);
    }
    return hd_draft_encode(&draft, out);
}
