// SPDX-License-Identifier: MIT
/// panel.c: seats by operation, verdicts counted, findings put down.
#include "harness/engine/panel.h"

#include <stdio.h>

static void add_to_panel(struct hd_panel *panel, unsigned oracle, hd_judge *judge)
{
    panel->seats[panel->count++] = (struct hd_seat){.judge = judge, .oracle = oracle};
}

void hd_panels_seat(struct hd_panels *panels)
{
    for (unsigned kind = 0; kind < HD_OP_KINDS; kind++) {
        for (unsigned i = 0; i < HD_ORACLES; i++) {
            if ((hd_oracles[i]->ops_before >> kind & 1) != 0)
                add_to_panel(&panels->before[kind], i, hd_oracles[i]->judge_before);
            if ((hd_oracles[i]->ops_after >> kind & 1) != 0)
                add_to_panel(&panels->after[kind], i, hd_oracles[i]->judge);
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

/// What the oracles that come after this one, and the model, must know.
static void mark_step(struct hd_step *step, const struct hd_oracle *oracle)
{
    step->untouchable |= oracle->guards;
    if (oracle->doubts_usable) step->usable = step->size;
}

/// `marked` is the step itself where what broke is to be put down in it, else NULL.
static inline bool judge(const struct hd_panel *panel, const struct hd_model *model,
                         const struct hd_step *step, struct hd_step *marked, struct hd_run *run)
{
    const struct hd_seat *const end = panel->seats + panel->count;
    struct hd_finding finding;
    bool broken = false;
    for (const struct hd_seat *seat = panel->seats; seat < end; seat++) {
        const enum hd_verdict verdict = seat->judge(model, step, &finding);
        if (__builtin_expect(verdict != HD_BROKEN, true)) {
            run->verdicts[seat->oracle][verdict]++;
            continue;
        }
        record(run, seat->oracle, &finding);
        if (marked != NULL) mark_step(marked, hd_oracles[seat->oracle]);
        broken = true;
    }
    return broken;
}

bool hd_panels_judge_before(const struct hd_panels *panels, const struct hd_model *model,
                            const struct hd_step *step, struct hd_run *run)
{
    return judge(&panels->before[step->op->kind], model, step, NULL, run);
}

bool hd_panels_judge_after(const struct hd_panels *panels, const struct hd_model *model,
                           struct hd_step *step, struct hd_run *run)
{
    return judge(&panels->after[step->op->kind], model, step, step, run);
}
