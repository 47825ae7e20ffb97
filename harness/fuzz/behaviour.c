// SPDX-License-Identifier: MIT
/// behaviour.c: kind x size class x outcome, and kind x system call x answer, as counters that an
/// engine takes for coverage.
#include "harness/fuzz/behaviour.h"

#include "harness/fuzz/counters.h"
#include "harness/fuzz/report.h"
#include "harness/fuzz/stats.h"

#include <string.h>

#define OUTCOMES_MAX ((size_t)1 << 14)
_Static_assert(HD_COUNTERS <= HD_STATS_BEHAVIOURS, "the statistics have a bit for each");

static struct hd_outcome room[OUTCOMES_MAX];

struct hd_outcome *hd_behaviour_outcomes(size_t count)
{
    if (count > OUTCOMES_MAX) return NULL;
    memset(room, 0, count * sizeof room[0]);
    return room;
}

static void hit(size_t counter)
{
    hd_counters_hit(counter);
    hd_report_behaviour(counter);
}

void hd_behaviour_show(const struct hd_trace *trace, const struct hd_outcome *outcomes)
{
    if (outcomes == NULL) return;
    for (size_t i = 0; i < trace->count; i++) {
        const struct hd_op *op = &trace->ops[i];
        const size_t class = op->size == 0 ? 0 : 64 - (size_t)__builtin_clzll(op->size);
        const size_t row = op->kind * (size_t)HD_SIZE_CLASSES + class;
        hit(row * HD_OUTCOME_KINDS + outcomes[i].kind);
    }
}

void hd_behaviour_step(void *context, const struct hd_step *step)
{
    (void)context;
    for (uint32_t i = 0; i < step->call_count; i++) {
        const enum hd_syscall_id id = hd_syscall_of(step->calls[i].number);
        if (id >= HD_REFUSABLES) continue;
        const size_t row = step->op->kind * (size_t)HD_REFUSABLES + id;
        hit(HD_OUTCOMES + row * 2 + step->calls[i].refused);
    }
}

void hd_behaviour_trace_end(void *context, const struct hd_engine *engine)
{
    (void)context;
    (void)engine;
}
