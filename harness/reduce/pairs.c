// SPDX-License-Identifier: MIT
/// pairs.c: operations of one slot are left out together, where one alone would upset the others.
///
///     1 = malloc 24   ─┐ a life: from the operation that fills the slot to its free
///     write 1          │
///     free 1          ─┘ ─┐ neighbours: an operation and the next of its slot.
///     1 = malloc 32      ─┘ Without these two the first block lives on.
#include "harness/reduce/passes.h"

#include <string.h>

static bool same_slot(const struct hd_op *a, const struct hd_op *b)
{
    return hd_names_slot(a) && hd_names_slot(b) && a->slot == b->slot;
}

/// The next operation of the slot of that at `first`, or `count`.
static size_t next_of_slot(const struct hd_reduction *reduction, size_t first)
{
    size_t at = first + 1;
    while (at < reduction->count && !same_slot(&reduction->ops[first], &reduction->ops[at]))
        at++;
    return at;
}

/// Without the operation at `first` and those of its slot after it up to `last`.
static bool try_without(struct hd_reduction *reduction, size_t first, size_t last)
{
    size_t count = 0;
    for (size_t i = 0; i < reduction->count; i++)
        if (i < first || i > last || !same_slot(&reduction->ops[first], &reduction->ops[i]))
            memcpy(&reduction->trial[count++], &reduction->ops[i], sizeof reduction->ops[0]);
    return hd_reduction_try(reduction, count);
}

static bool try_life(struct hd_reduction *reduction, size_t first)
{
    size_t last = first;
    while (last < reduction->count && reduction->ops[last].kind != HD_OP_FREE)
        last = next_of_slot(reduction, last);
    return try_without(reduction, first, last);
}

static bool try_neighbours(struct hd_reduction *reduction, size_t first)
{
    const size_t next = next_of_slot(reduction, first);
    return next < reduction->count && try_without(reduction, first, next);
}

bool hd_reduce_pairs(struct hd_reduction *reduction)
{
    bool helped = false;
    for (size_t at = reduction->count; at-- > 0 && !reduction->stopped;) {
        if (at >= reduction->count) continue; // more went than the one that was looked at
        if (!hd_names_slot(&reduction->ops[at])) continue;
        helped |= try_life(reduction, at) || try_neighbours(reduction, at);
    }
    return helped;
}
