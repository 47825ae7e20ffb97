// SPDX-License-Identifier: MIT
/// reproduce.h: a finding as a C program that needs heapduel no more: libc and the allocator.
#ifndef HD_REPRODUCE_H
#define HD_REPRODUCE_H

#include "harness/runner/runner.h"

#include <stdio.h>

struct hd_reproduction {
    const struct hd_trace *trace;
    const struct hd_result *result; // of a run that recorded calls, for a finding at the end
    const struct hd_finding *finding; // one of the result's
    const char *allocator;            // as it was given to the runner
    const char *library;              // its file, for the command that the heading shows
    const char *prefix;               // of its functions; "" for the names of C
    const char *source;               // how the program's file is called, for the same
    size_t memory_bytes;              // that the allocator could map; 0: all
};

/// Writes the program. It exits with 1 and a line on stderr where the bug shows, with 0 where it
/// does not; a crash it leaves to be one. HD_UNAVAILABLE: only what the allocator asks of the
/// kernel shows the bug, and no program sees that: then `file` has one that makes the calls, says
/// so and exits with 3. Whether writing succeeded `file` knows.
HD_MUST_USE enum hd_status hd_reproduce(const struct hd_reproduction *reproduction, FILE *file,
                                        struct hd_message *message);

#endif
