// SPDX-License-Identifier: MIT
/// panel.c: seats by operation, verdicts counted, findings put down.
#include "harness/engine/panel.h"

#include <stdio.h>

static void add_to_panel(struct hd_panel *panel, unsigned oracle)
{
    panel->oracles[panel->count++] = (uint8_t)oracle;
}

void hd_panels_seat(struct hd_panels *panels)
{
    for (unsigned kind = 0; kind < HD_OP_KINDS; kind++) {
        for (unsigned i = 0; i < HD_ORACLES; i++) {
            if ((hd_oracles[i]->ops_before >> kind & 1) != 0)
                add_to_panel(&panels->before[kind], i);
            if ((hd_oracles[i]->ops_after >> kind & 1) != 0)
                add_to_panel(&panels->after[kind], i);
        }
    }
}

static __attribute__((noinline)) void record(struct hd_run *run, unsigned oracle,
                                             const struct hd_finding *judged)
{
    struct hd_finding finding;
    hd_run_begin_finding(run, &finding);
    (void)snprintf(finding.place, sizeof finding.place, "%s", judged->place);
    (void)snprintf(finding.evidence, sizeof finding.evidence, "%s", judged->evidence);
    hd_run_add_finding(run, oracle, &finding);
}

/// True when the oracle broke.
static inline bool ask(const struct hd_model *model, const struct hd_step *step,
                       struct hd_run *run, unsigned oracle, hd_judge *judge)
{
    struct hd_finding finding;
    const enum hd_verdict verdict = judge(model, step, &finding);
    if (__builtin_expect(verdict == HD_BROKEN, false)) {
        record(run, oracle, &finding);
        return true;
    }
    run->verdicts[oracle][verdict]++;
    return false;
}

bool hd_panels_judge_before(const struct hd_panels *panels, const struct hd_model *model,
                            const struct hd_step *step, struct hd_run *run)
{
    const struct hd_panel *panel = &panels->before[step->op->kind];
    bool broken = false;
    for (unsigned i = 0; i < panel->count; i++) {
        const unsigned oracle = panel->oracles[i];
        broken |= ask(model, step, run, oracle, hd_oracles[oracle]->judge_before);
    }
    return broken;
}

bool hd_panels_judge_after(const struct hd_panels *panels, const struct hd_model *model,
                           struct hd_step *step, struct hd_run *run)
{
    const struct hd_panel *panel = &panels->after[step->op->kind];
    bool broken = false;
    for (unsigned i = 0; i < panel->count; i++) {
        const unsigned oracle = panel->oracles[i];
        if (!ask(model, step, run, oracle, hd_oracles[oracle]->judge)) continue;
        broken = true;
        step->untouchable |= hd_oracles[oracle]->guards;
        if (oracle == HD_ORACLE_usable) step->usable = step->size;
    }
    return broken;
}
