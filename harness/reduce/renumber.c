// SPDX-License-Identifier: MIT
/// renumber.c: slots are numbered from 1 in the order in which they appear.
#include "harness/reduce/passes.h"

#include <string.h>

bool hd_reduce_renumber(struct hd_reduction *reduction)
{
    hd_reduction_copy(reduction);
    uint32_t used = 0;
    for (size_t i = 0; i < reduction->count; i++) {
        const struct hd_op *op = &reduction->ops[i];
        if (!hd_names_slot(op)) continue;
        size_t first = 0; // of its slot
        while (!hd_names_slot(&reduction->ops[first]) || reduction->ops[first].slot != op->slot)
            first++;
        reduction->trial[i].slot = first < i ? reduction->trial[first].slot : ++used;
    }
    for (size_t i = 0; i < reduction->count; i++)
        if (reduction->trial[i].slot != reduction->ops[i].slot)
            return hd_reduction_try(reduction, reduction->count);
    return false;
}
