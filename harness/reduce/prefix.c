// SPDX-License-Identifier: MIT
/// prefix.c: what comes after the failure is left out, by bisection.
#include "harness/reduce/passes.h"

bool hd_reduce_prefix(struct hd_reduction *reduction)
{
    bool helped = false;
    size_t least = 0;
    while (least < reduction->count && !reduction->stopped) {
        const size_t middle = least + (reduction->count - least) / 2;
        hd_reduction_copy(reduction);
        if (hd_reduction_try(reduction, middle))
            helped = true;
        else
            least = middle + 1;
    }
    return helped;
}
