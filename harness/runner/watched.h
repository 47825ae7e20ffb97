// SPDX-License-Identifier: MIT
/// watched.h: this program executed anew as a child, and watched until it ends.
#ifndef HD_WATCHED_H
#define HD_WATCHED_H

#include "allocators/status.h"
#include "harness/runner/ending.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// A file in memory of so many bytes, to be handed to a child, and its mapping, shared.
/// HD_UNAVAILABLE: there is no memory; then nothing is to be closed.
HD_MUST_USE enum hd_status hd_watched_map(size_t bytes, int *file, void **memory,
                                          struct hd_message *message);

/// Executes this program with `name` as `argv[0]` and the number of `file` as `argv[1]`, waits for
/// its end, and kills it after `deadline_ms` (0: never). HD_OK however it ended, also where it
/// could not be executed: then it said so and ended with HD_UNAVAILABLE. HD_UNAVAILABLE: no child
/// could be made or watched.
HD_MUST_USE enum hd_status hd_watched_run(const char *name, int file, uint32_t deadline_ms,
                                          struct hd_ending *ending, struct hd_message *message);

/// In the child: the mapping of the file whose number `text` is, which counts as an arena from then
/// on. Ends the process where there is none.
void *hd_watched_take(const char *text);

/// In the child: it ends with `parent`, and its signals do what they do by default.
void hd_watched_begin(pid_t parent);

#endif
