// SPDX-License-Identifier: MIT
/// ddmin.c: chunks of operations are left out, half as long each time, down to single operations.
///
/// After Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input" (2002), without
/// the trials of a chunk alone: of a trace, what is left of it seldom fails without what came
/// before. The last chunk goes first, since operations need those before them.
#include "harness/reduce/passes.h"

#include <string.h>

static bool try_without(struct hd_reduction *reduction, size_t from, size_t length)
{
    const struct hd_op *ops = reduction->ops;
    const size_t after = from + length;
    memcpy(reduction->trial, ops, from * sizeof ops[0]);
    memcpy(reduction->trial + from, ops + after, (reduction->count - after) * sizeof ops[0]);
    return hd_reduction_try(reduction, reduction->count - length);
}

static bool leave_out_chunks(struct hd_reduction *reduction, size_t length)
{
    bool helped = false;
    for (size_t end = reduction->count; end > 0 && !reduction->stopped;) {
        const size_t from = end > length ? end - length : 0;
        helped |= try_without(reduction, from, end - from);
        end = from;
    }
    return helped;
}

/// Round and round, until each operation has been tried in vain since the last that helped.
static bool leave_out_single_ones(struct hd_reduction *reduction)
{
    bool helped = false;
    size_t in_vain = 0;
    size_t at = reduction->count;
    while (in_vain < reduction->count && !reduction->stopped) {
        at = (at > 0 ? at : reduction->count) - 1;
        in_vain++;
        if (!try_without(reduction, at, 1)) continue;
        helped = true;
        in_vain = 0;
    }
    return helped;
}

bool hd_reduce_ddmin(struct hd_reduction *reduction)
{
    bool helped = false;
    for (size_t length = reduction->count / 2; length > 1; length /= 2)
        helped |= leave_out_chunks(reduction, length);
    return leave_out_single_ones(reduction) || helped;
}
