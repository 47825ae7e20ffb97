// SPDX-License-Identifier: MIT
/// mutator_rig.h: drafts of texts and of dice, and what changed between two of them.
#ifndef HD_TEST_MUTATOR_RIG_H
#define HD_TEST_MUTATOR_RIG_H

#include "harness/fuzz/mutator/mutations.h"
#include "harness/fuzz/mutator/occupancy.h"

/// A draft of the operations of a text, which lacks its first line, with room for `count_max`.
void draft_of_text(struct hd_draft *draft, const char *lines, size_t count_max);

/// A draft of up to `count_max` random operations with low slots.
void draft_of_dice(struct hd_draft *draft, size_t count_max, uint64_t *dice);

/// Copies what counts: operations, count, limits.
void draft_copy(struct hd_draft *to, const struct hd_draft *from);

bool op_same(const struct hd_op *a, const struct hd_op *b);
bool draft_same(const struct hd_draft *a, const struct hd_draft *b);

/// `after` is `before` with a run put in, which is then `*length` long; `*at` is where: the first
/// place from `*at` on that explains it. The run begins with that kind; HD_OP_KINDS: with any.
bool was_inserted(const struct hd_draft *before, const struct hd_draft *after, uint8_t begins_with,
                  size_t *at, size_t *length);

/// Both are as long and differ in one operation, which is then `*at`.
bool one_changed(const struct hd_draft *before, const struct hd_draft *after, size_t *at);

size_t kind_count(const struct hd_draft *draft, uint8_t kind);
bool names_slot(const struct hd_op *op);
bool applies_at(const struct hd_draft *draft, size_t at);

#endif
