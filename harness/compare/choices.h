// SPDX-License-Identifier: MIT
/// choices.h: the table of what allocators do where the standard leaves a choice.
#ifndef HD_CHOICES_H
#define HD_CHOICES_H

#include "allocators/allocator.h"
#include "harness/engine/run.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// How many allocators can be compared in one go.
#define HD_CONTESTANTS_MAX 32

/// What one allocator is, and did, in a comparison.
struct hd_contestant {
    const char *name;
    struct hd_policy policy;
    const struct hd_outcome *outcomes; // one for each operation of the trace
};

enum hd_choice_id {
#define HD_CHOICE(id, label) HD_CHOICE_##id,
#include "harness/compare/choices.def"
#undef HD_CHOICE
    HD_CHOICES
};

/// The answers that the table tells apart.
enum hd_answer_kind {
    HD_ANSWER_BLOCK,
    HD_ANSWER_NULL, // errno left alone
    HD_ANSWER_NULL_ENOMEM,
    HD_ANSWER_NULL_EINVAL,
    HD_ANSWER_NULL_OTHER,
    HD_ANSWER_CARRIED_OUT, // in the row of what is not offered: offered
    HD_ANSWER_NOT_OFFERED,
    HD_ANSWERS,
};

/// What stands before a request of HD_CHOICE_LARGE, in bytes.
#define HD_CHOICE_LARGE_ABOVE (UINT64_C(1) << 20)

/// One row of the table.
struct hd_choice {
    uint64_t counts[HD_CONTESTANTS_MAX][HD_ANSWERS]; // how often each answered what
    uint64_t differs; // steps at which two allocators answered differently
    uint64_t step;    // the first of these, or else of the row; 1 for a trace's first; 0: none
};

/// Indexed by enum hd_choice_id, and by enum hd_answer_kind.
extern const char *const hd_choice_labels[HD_CHOICES];
extern const char *const hd_answer_texts[HD_ANSWERS];

/// Adds the operation at `step` (1 for the first) to the rows that it belongs to. Outcomes at which
/// an oracle broke are findings and no choices: they are left out.
void hd_choices_add_step(struct hd_choice choices[HD_CHOICES], const struct hd_op *op,
                         uint64_t step, const struct hd_contestant *contestants, size_t count);

/// True when the step of `one` is to be told in place of that of `all`: the latter has none, or is
/// not one at which allocators differ.
bool hd_choice_is_first(const struct hd_choice *all, const struct hd_choice *one);

/// Adds the rows of one trace to those of all.
void hd_choices_add(struct hd_choice all[HD_CHOICES], const struct hd_choice one[HD_CHOICES]);

#endif
