// SPDX-License-Identifier: MIT
/// beginnings.c: small blocks that a thread got, against those that it freed.
#include "harness/engine/beginnings.h"

#include "harness/engine/believe.h"

void hd_beginnings_take(struct hd_beginnings *beginnings, unsigned thread,
                        const struct hd_step *step)
{
    const bool in_place = step->result != 0 && step->result == step->before.address;
    if (hd_has_begun(beginnings, thread) || in_place) return;
    uint32_t *freed = &beginnings->freed[thread];
    const bool got = step->result != 0 && step->size < HD_SMALL_BYTES;
    if (got && *freed == 0)
        beginnings->begun |= UINT64_C(1) << thread;
    else if (got)
        (*freed)--;
    if (hd_step_ended_block(step)) (*freed)++; // by realloc: after it got the other
}

void hd_beginnings_end(struct hd_beginnings *beginnings, unsigned thread)
{
    beginnings->begun &= ~(UINT64_C(1) << thread);
    beginnings->freed[thread] = 0;
}
