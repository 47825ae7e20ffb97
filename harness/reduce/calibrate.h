// SPDX-License-Identifier: MIT
/// calibrate.h: how surely a finding shows, and how long a trial may take.
#ifndef HD_REDUCE_CALIBRATE_H
#define HD_REDUCE_CALIBRATE_H

#include "harness/reduce/kept.h"

/// So often a trace is tried at first, and as soon as one of these runs has not the finding, so
/// often in all.
#define HD_CALIBRATE_FIRST 3
#define HD_CALIBRATE_ALL   20

struct hd_calibration {
    // Set by the caller. `enough` may be NULL.
    bool (*enough)(void *context); // asked before each run: end with what is known
    void *context;

    // What was found out.
    unsigned seen;        // in so many of
    unsigned runs;        // these the finding was there; 0 of HD_CALIBRATE_FIRST: it is not there,
                          // 0 of fewer: nobody knows
    uint32_t deadline_ms; // for a trial, the conditions' or less
    bool less_memory;     // the conditions' memory limit was made smaller
};

/// Chooses the finding (hd_kept_choose) in one of HD_CALIBRATE_FIRST runs, sets `kept->tries` so
/// that a trace which has it is found to have it in 99 of 100 trials (at most HD_CALIBRATE_ALL),
/// and finds the deadline: four times as long as the trace takes, and a second; where it is a hang,
/// four times as long as it takes until then, and a tenth of a second. Where memory is used up the
/// conditions' limit becomes 256 MiB if the trace shows it with that too. False as from
/// hd_kept_choose, and where `enough` came before the finding. Where it comes later the deadline is
/// the conditions', or as much shorter as is known.
bool hd_calibrate(struct hd_kept *kept, const struct hd_trace *trace, const char *signature,
                  struct hd_calibration *calibration);

#endif
