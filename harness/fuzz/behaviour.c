// SPDX-License-Identifier: MIT
/// behaviour.c: kind x size class x outcome, as counters that an engine takes for coverage.
#include "harness/fuzz/behaviour.h"

#include "harness/fuzz/counters.h"

#include <string.h>

#define OUTCOMES_MAX ((size_t)1 << 14)

static struct hd_outcome room[OUTCOMES_MAX];

struct hd_outcome *hd_behaviour_outcomes(size_t count)
{
    if (count > OUTCOMES_MAX) return NULL;
    memset(room, 0, count * sizeof room[0]);
    return room;
}

void hd_behaviour_show(const struct hd_trace *trace, const struct hd_outcome *outcomes)
{
    if (outcomes == NULL) return;
    for (size_t i = 0; i < trace->count; i++) {
        const struct hd_op *op = &trace->ops[i];
        const size_t class = op->size == 0 ? 0 : 64 - (size_t)__builtin_clzll(op->size);
        const size_t row = op->kind * (size_t)HD_SIZE_CLASSES + class;
        hd_counters_hit(row * HD_OUTCOME_KINDS + outcomes[i].kind);
    }
}
