// SPDX-License-Identifier: MIT
/// panel.h: which oracles are asked at which operation, and asking them.
#ifndef HD_PANEL_H
#define HD_PANEL_H

#include "harness/engine/run.h"
#include "harness/engine/step.h"
#include "oracles/oracle.h"

/// An oracle at its place.
struct hd_seat {
    hd_judge *judge;
    unsigned oracle; // enum hd_oracle_id
};

/// The oracles that are asked at one operation, in their order.
struct hd_panel {
    struct hd_seat seats[HD_ORACLES];
    unsigned count;
};

/// For each kind of operation, before and after its call.
struct hd_panels {
    struct hd_panel before[HD_OP_KINDS];
    struct hd_panel after[HD_OP_KINDS];
};

void hd_panels_seat(struct hd_panels *panels);

/// Both count the verdicts in `run` and put findings there. True when an oracle broke.
bool hd_panels_judge_before(const struct hd_panels *panels, const struct hd_model *model,
                            const struct hd_step *step, struct hd_run *run);

/// When an oracle broke the step may have become untouchable, or its usable size unbelievable.
bool hd_panels_judge_after(const struct hd_panels *panels, const struct hd_model *model,
                           struct hd_step *step, struct hd_run *run);

#endif
