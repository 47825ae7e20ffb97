// SPDX-License-Identifier: MIT
/// choices.c: which row an operation belongs to, and counting the answers.
#include "harness/compare/choices.h"

#include "harness/engine/call.h"

#include <errno.h>

const char *const hd_choice_labels[HD_CHOICES] = {
#define HD_CHOICE(id, label) [HD_CHOICE_##id] = (label),
#include "harness/compare/choices.def"
#undef HD_CHOICE
};

const char *const hd_answer_texts[HD_ANSWERS] = {
    [HD_ANSWER_BLOCK] = "block",
    [HD_ANSWER_NULL] = "NULL",
    [HD_ANSWER_NULL_ENOMEM] = "NULL ENOMEM",
    [HD_ANSWER_NULL_EINVAL] = "NULL EINVAL",
    [HD_ANSWER_NULL_OTHER] = "NULL and another errno",
    [HD_ANSWER_CARRIED_OUT] = "offered",
    [HD_ANSWER_NOT_OFFERED] = "not offered",
};

// ---------------------------------------------------------------------------- which row

static enum hd_choice_id choice_of_nothing(const struct hd_op *op, bool held)
{
    const uint32_t kind = UINT32_C(1) << op->kind;
    if ((kind & HD_OPS_RESIZE) != 0) return held ? HD_CHOICE_REALLOC_0 : HD_CHOICE_REALLOC_NULL_0;
    if (op->kind == HD_OP_MALLOC) return HD_CHOICE_MALLOC_0;
    if (op->kind == HD_OP_CALLOC) return HD_CHOICE_CALLOC_0;
    return HD_CHOICE_ALIGNED_0;
}

/// The row of an operation that asks for a block; HD_CHOICES where there is nothing to choose.
/// `held`: its slot held a block.
static enum hd_choice_id choice_of(const struct hd_op *op, bool held)
{
    bool overflow;
    const uint64_t size = hd_call_size(op, &overflow);
    const bool aligned = (hd_op_infos[op->kind].operands & HD_ALIGNMENT) != 0;
    const uint64_t alignment = aligned ? op->extra : 1;

    if (overflow) return HD_CHOICE_OVERFLOW;
    if (size > PTRDIFF_MAX) return HD_CHOICES;
    if (hd_alignment_is_bad(op))
        return op->kind == HD_OP_ALIGNED_ALLOC ? HD_CHOICE_BAD_ALIGNMENT : HD_CHOICES;
    if (size == 0) return choice_of_nothing(op, held);
    if (!hd_is_power_of_two(alignment)) return HD_CHOICE_MEMALIGN_ODD;
    if (op->kind == HD_OP_ALIGNED_ALLOC && size % alignment != 0) return HD_CHOICE_NOT_MULTIPLE;
    return size > HD_CHOICE_LARGE_ABOVE || alignment > HD_CHOICE_LARGE_ABOVE ? HD_CHOICE_LARGE
                                                                             : HD_CHOICE_SMALL;
}

// ---------------------------------------------------------------------------- counting

static enum hd_answer_kind answer_of(const struct hd_outcome *outcome)
{
    if (outcome->kind == HD_OUTCOME_BLOCK) return HD_ANSWER_BLOCK;
    switch (outcome->error) {
    case 0: return HD_ANSWER_NULL;
    case ENOMEM: return HD_ANSWER_NULL_ENOMEM;
    case EINVAL: return HD_ANSWER_NULL_EINVAL;
    default: return HD_ANSWER_NULL_OTHER;
    }
}

/// Counts one answer; `given` is the set of those that came to this step before, in this row.
static void count_answer(struct hd_choice *choice, uint64_t step, size_t contestant,
                         enum hd_answer_kind answer, uint32_t *given)
{
    const uint32_t before = *given;
    *given |= UINT32_C(1) << answer;
    const bool second = __builtin_popcount(before) == 1 && *given != before;
    if (choice->step == 0 || (second && choice->differs == 0)) choice->step = step;
    choice->differs += second;
    choice->counts[contestant][answer]++;
}

/// Only where somebody does not offer it: everything else would fill that row with what is usual.
static void add_not_offered(struct hd_choice choices[HD_CHOICES], uint64_t step,
                            const struct hd_contestant *contestants, size_t count)
{
    uint32_t given = 0;
    bool offered_by_all = true;
    for (size_t i = 0; i < count; i++)
        offered_by_all &= contestants[i].outcomes[step - 1].kind != HD_OUTCOME_NOT_OFFERED;
    if (offered_by_all) return;
    for (size_t i = 0; i < count; i++) {
        const enum hd_outcome_kind kind = contestants[i].outcomes[step - 1].kind;
        if (kind == HD_OUTCOME_NONE || kind == HD_OUTCOME_LOST) continue;
        count_answer(&choices[HD_CHOICE_NOT_OFFERED], step, i,
                     kind == HD_OUTCOME_NOT_OFFERED ? HD_ANSWER_NOT_OFFERED : HD_ANSWER_CARRIED_OUT,
                     &given);
    }
}

void hd_choices_add_step(struct hd_choice choices[HD_CHOICES], const struct hd_op *op,
                         uint64_t step, const struct hd_contestant *contestants, size_t count)
{
    uint32_t given[HD_CHOICES] = {0};
    add_not_offered(choices, step, contestants, count);
    for (size_t i = 0; i < count; i++) {
        const struct hd_outcome *outcome = &contestants[i].outcomes[step - 1];
        if (outcome->kind != HD_OUTCOME_BLOCK && outcome->kind != HD_OUTCOME_NULL) continue;
        if (outcome->broken) continue;
        const enum hd_choice_id id = choice_of(op, outcome->held);
        if (id == HD_CHOICES) continue;
        count_answer(&choices[id], step, i, answer_of(outcome), &given[id]);
    }
}

bool hd_choice_is_first(const struct hd_choice *all, const struct hd_choice *one)
{
    return one->step != 0 && (all->step == 0 || (all->differs == 0 && one->differs != 0));
}

void hd_choices_add(struct hd_choice all[HD_CHOICES], const struct hd_choice one[HD_CHOICES])
{
    for (size_t id = 0; id < HD_CHOICES; id++) {
        if (hd_choice_is_first(&all[id], &one[id])) all[id].step = one[id].step;
        all[id].differs += one[id].differs;
        for (size_t i = 0; i < HD_CONTESTANTS_MAX; i++)
            for (size_t answer = 0; answer < HD_ANSWERS; answer++)
                all[id].counts[i][answer] += one[id].counts[i][answer];
    }
}
