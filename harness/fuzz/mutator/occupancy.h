// SPDX-License-Identifier: MIT
/// occupancy.h: which slots hold a block at a point of a trace.
///
/// As far as a trace tells: a request that an allocator should refuse, or that is too large for a
/// fuzz target's limit, gives no block, every other one does.
#ifndef HD_OCCUPANCY_H
#define HD_OCCUPANCY_H

#include "harness/fuzz/mutator/draft.h"

/// A slot that holds a block, and the operation that put it there.
struct hd_held {
    uint32_t slot;
    size_t by;
};

struct hd_occupancy {
    struct hd_held held[HD_DRAFT_MAX];
    size_t count; // of them, in no order
    // Every slot that was named: hashed, never removed.
    struct {
        uint32_t slot;
        uint32_t state; // FREE_ENTRY, or HELD_NOT, or HELD_FIRST + its place in `held`
    } entries[2 * HD_DRAFT_MAX];
    size_t mask;
};

/// No slot holds a block. For at most `steps` steps.
void hd_occupancy_begin(struct hd_occupancy *occupancy, size_t steps);

/// Whether the operation does anything, before it is carried out. Operations without a slot do.
bool hd_occupancy_applies(const struct hd_occupancy *occupancy, const struct hd_op *op);

/// Carries out operation number `index`.
void hd_occupancy_step(struct hd_occupancy *occupancy, const struct hd_op *op, size_t index);

/// How many new operations can be carried out on what hd_occupancy_at gives, besides all the
/// draft's.
#define HD_OCCUPANCY_MORE 64

/// Before operation `at` of the draft. The result is valid until the next call.
struct hd_occupancy *hd_occupancy_at(const struct hd_draft *draft, size_t at);

/// Any slot that holds a block; NULL: none does.
const struct hd_held *hd_occupancy_any(const struct hd_occupancy *occupancy, uint64_t *random);

/// A slot that holds none, and none of the `count` - 1 behind it does.
uint32_t hd_occupancy_empty(const struct hd_occupancy *occupancy, uint32_t count, uint64_t *random);

/// Gives the operation a slot with which it applies, if there is one and it takes any.
void hd_occupancy_fit(const struct hd_occupancy *occupancy, struct hd_op *op, uint64_t *random);

#endif
