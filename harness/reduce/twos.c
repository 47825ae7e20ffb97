// SPDX-License-Identifier: MIT
/// twos.c: any two operations are left out together, once few are left.
///
/// An allocator that does something at every so many calls, a check of its heap above all, fails at
/// another call when one is left out, and may fail at the same when two are.
#include "harness/reduce/passes.h"

#include <string.h>

#define FEW 24 // of which 276 pairs can be made

static bool try_without(struct hd_reduction *reduction, size_t first, size_t second)
{
    size_t count = 0;
    for (size_t i = 0; i < reduction->count; i++)
        if (i != first && i != second)
            memcpy(&reduction->trial[count++], &reduction->ops[i], sizeof reduction->ops[0]);
    return hd_reduction_try(reduction, count);
}

static bool leave_out_two(struct hd_reduction *reduction)
{
    for (size_t second = reduction->count; second-- > 1;)
        for (size_t first = second; first-- > 0;)
            if (try_without(reduction, first, second)) return true;
    return false;
}

bool hd_reduce_twos(struct hd_reduction *reduction)
{
    bool helped = false;
    while (reduction->count <= FEW && leave_out_two(reduction))
        helped = true;
    return helped;
}
