// SPDX-License-Identifier: MIT
/// threads.c: operations are carried out on the first thread: all of them, or each that can be.
#include "harness/reduce/passes.h"

static bool try_all(struct hd_reduction *reduction)
{
    bool any = false;
    hd_reduction_copy(reduction);
    for (size_t i = 0; i < reduction->count; i++) {
        any |= reduction->trial[i].thread != 0;
        reduction->trial[i].thread = 0;
    }
    return any && hd_reduction_try(reduction, reduction->count);
}

bool hd_reduce_threads(struct hd_reduction *reduction)
{
    if (try_all(reduction)) return true;
    bool helped = false;
    for (size_t i = 0; i < reduction->count && !reduction->stopped; i++) {
        if (reduction->ops[i].thread == 0) continue;
        hd_reduction_copy(reduction);
        reduction->trial[i].thread = 0;
        helped |= hd_reduction_try(reduction, reduction->count);
    }
    return helped;
}
