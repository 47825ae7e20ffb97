// SPDX-License-Identifier: MIT
/// hunts.h: many hunts, several at a time.
#ifndef HD_HUNTS_H
#define HD_HUNTS_H

#include "harness/campaign/hunt.h"

#include <stdbool.h>
#include <stddef.h>

#define HD_HUNTS_JOBS_MAX 64

struct hd_hunts {
    const struct hd_hunt *hunts;
    size_t count;
    unsigned jobs; // at a time, 1 to HD_HUNTS_JOBS_MAX

    bool (*enough)(void *context); // asked often: end now
    void (*began)(void *context, size_t index);
    void (*done)(void *context, size_t index, const struct hd_hunt_result *result);
    void *context;
};

/// Runs each in a process and a temporary folder of its own, and removes that folder. They begin in
/// order, and end in any. HD_UNAVAILABLE: there can be no folder or process, or `enough`. Fails as
/// hd_hunt_run does, when one of them does. None runs any more when it returns.
HD_MUST_USE enum hd_status hd_hunts_run(const struct hd_hunts *hunts, struct hd_message *message);

#endif
