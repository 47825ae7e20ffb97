// SPDX-License-Identifier: MIT
/// ending.h: how a watched child ended, in words.
#ifndef HD_ENDING_H
#define HD_ENDING_H

#include "allocators/status.h"
#include "harness/engine/run.h"
#include "harness/runner/stuck.h"

#include <stdbool.h>

struct hd_ending {
    int wait_status;     // as waitpid gives it
    bool timed_out;      // it was killed at the deadline,
    enum hd_stuck stuck; // or before, since it would never have ended
    char said[256];      // the end of what it wrote, in one line
};

/// True where it did not end by itself.
static inline bool hd_ending_is_hang(const struct hd_ending *ending)
{
    return ending->timed_out || ending->stuck != HD_STUCK_NOT;
}

/// Takes the end of what the child wrote into `said`, its lines joined: an allocator's own last
/// words come last. `output` is the file that it wrote to.
void hd_ending_read_output(struct hd_ending *ending, int output);

/// Adds to a run that did not come to its end the finding that says how and where it ended.
void hd_ending_add_finding(const struct hd_ending *ending, struct hd_run *run);

/// HD_UNAVAILABLE: the child ended before its allocator was loaded.
HD_MUST_USE enum hd_status hd_ending_while_loading(const struct hd_ending *ending, const char *spec,
                                                   struct hd_message *message);

#endif
