// SPDX-License-Identifier: MIT
/// output.h: a file that is written whole or not at all.
#ifndef HD_OUTPUT_H
#define HD_OUTPUT_H

#include "allocators/status.h"

#include <limits.h>
#include <stdbool.h>

struct hd_output {
    const char *name;         // stands in messages
    int fd;                   // write here
    bool standard;            // standard output, which stays open
    char path[PATH_MAX];      // what to replace at the end, symbolic links followed
    char temporary[PATH_MAX]; // what is written meanwhile, in the same folder; "" when nothing is
};

/// Begins writing `path`; "-" is standard output. A regular file, or one not there yet, is written
/// as a temporary beside it; what is no file (a terminal, a pipe, a device) is written to directly.
/// HD_UNAVAILABLE when it cannot be; then there is nothing to finish.
HD_MUST_USE enum hd_status hd_output_open(struct hd_output *output, const char *path,
                                          struct hd_message *message);

/// Ends writing. If `status` (how it went so far) is HD_OK, puts the file in its place; otherwise,
/// or when that fails, removes the temporary, and the old file is as it was. Returns how all went.
HD_MUST_USE enum hd_status hd_output_finish(struct hd_output *output, enum hd_status status,
                                            struct hd_message *message);

#endif
