// SPDX-License-Identifier: MIT
/// progress.c: an operation ends: no crash, no hang, no end of the memory.
///
/// A step that does not end cannot be judged by looking at it, so nothing here judges: the engine
/// counts each step that ended, and whoever watches over it (harness/runner, harness/fuzz) reports
/// the one that did not.
#include "oracles/oracle.h"

const struct hd_oracle hd_oracle_progress = {
    .name = "progress",
    .property = "An operation ends: it neither crashes, nor hangs, nor uses up the memory limit.",
    .rests_on = "C17 7.22.3: each of these functions returns",
};
