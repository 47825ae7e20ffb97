// SPDX-License-Identifier: MIT
/// run.c: collecting findings, each signature once.
#include "harness/engine/run.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *place;
    const char *text;
} phases[] = {
    [HD_PHASE_STARTING] = {"starting", "before the first operation"},
    [HD_PHASE_CALLING] = {"in-call", "inside the call"},
    [HD_PHASE_TOUCHING] = {"touching", "while the harness read or wrote a block that it gave"},
    [HD_PHASE_WALKING] = {"walking", "inside its own check of its metadata"},
};

const char *hd_run_phase_place(const struct hd_run *run)
{
    HD_ASSERT(run->phase < HD_PHASE_DONE);
    return phases[run->phase].place;
}

const char *hd_run_phase_text(const struct hd_run *run)
{
    HD_ASSERT(run->phase < HD_PHASE_DONE);
    return phases[run->phase].text;
}

void hd_run_begin_finding(const struct hd_run *run, struct hd_finding *finding)
{
    *finding = (struct hd_finding){
        .step = run->step, .kind = run->op.kind, .at_end = run->at_end};
    (void)hd_op_format(&run->op, finding->operation);
}

static bool same_signature(const struct hd_finding *a, const struct hd_finding *b)
{
    return a->kind == b->kind && strcmp(a->oracle, b->oracle) == 0 &&
           strcmp(a->place, b->place) == 0;
}

void hd_run_add_finding(struct hd_run *run, enum hd_oracle_id oracle,
                        const struct hd_finding *finding)
{
    run->verdicts[oracle][HD_BROKEN]++;
    struct hd_finding named = *finding;
    (void)snprintf(named.oracle, sizeof named.oracle, "%s", hd_oracles[oracle]->name);
    for (uint32_t i = 0; i < run->finding_count; i++) {
        if (!same_signature(&run->findings[i], &named)) continue;
        run->findings[i].repeats++;
        return;
    }
    if (run->finding_count == HD_RUN_FINDINGS_MAX)
        run->findings_dropped++;
    else
        run->findings[run->finding_count++] = named;
}
