// SPDX-License-Identifier: MIT
/// minimize.h: the smallest trace that has a finding, from a trace that has it.
#ifndef HD_REDUCE_MINIMIZE_H
#define HD_REDUCE_MINIMIZE_H

#include "harness/reduce/calibrate.h"
#include "harness/reduce/kept.h"
#include "harness/reduce/reduce.h"

struct hd_minimize {
    // Set by the caller. `enough` and `progress` may be NULL.
    bool (*enough)(void *context);                                         // end with what there is
    void (*progress)(void *context, const struct hd_reduction *reduction); // before each trial
    void *context;
    struct hd_calibration calibration; // of hd_calibrate

    // What came of it.
    struct hd_reduction reduction;
    uint64_t trials;      // of all reductions
    uint32_t deadline_ms; // that a trial had
    bool confirmed;       // the result has the finding under the conditions as given; what it
                          // then was stands in `kept->finding`
    struct hd_kept *kept;
    uint32_t given_ms; // the conditions' deadline
};

/// Makes the trace smaller; the finding was chosen by hd_calibrate. The result is in `reduction`,
/// and lies in the arena. Where trials of a hang had a shorter deadline than given, and the result
/// does not hang with that, it is only slow: all is done again with one a little longer than given.
/// Fails when a trial could not be carried out.
HD_MUST_USE enum hd_status hd_minimize(struct hd_minimize *minimize, struct hd_kept *kept,
                                       const struct hd_trace *trace, struct hd_arena *arena,
                                       struct hd_message *message);

#endif
