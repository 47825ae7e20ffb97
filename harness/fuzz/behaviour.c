// SPDX-License-Identifier: MIT
/// behaviour.c: kind x size class x outcome, as counters that libFuzzer takes for coverage.
#include "harness/fuzz/behaviour.h"

#include <string.h>

#define OUTCOMES_MAX  ((size_t)1 << 14)
#define SIZE_CLASSES  65 // the size's length in bits
#define OUTCOME_KINDS (HD_OUTCOME_DONE + 1)

// libFuzzer looks for this section by its name, zeroes it before each input and reads it after.
__attribute__((section("__libfuzzer_extra_counters"), used)) static uint8_t
    counters[HD_OP_KINDS][SIZE_CLASSES][OUTCOME_KINDS];

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
        const unsigned class = op->size == 0 ? 0 : 64 - (unsigned)__builtin_clzll(op->size);
        uint8_t *counter = &counters[op->kind][class][outcomes[i].kind];
        if (*counter < UINT8_MAX) ++*counter;
    }
}
