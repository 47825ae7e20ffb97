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

/// The same for what is filled to its end however large that is: more than a MiB lies in a
/// temporary file, all of whose room is taken beforehand.
HD_MUST_USE enum hd_status hd_watched_map_filled(size_t bytes, int *file, void **memory,
                                                 struct hd_message *message);

#define HD_WATCHED_FILES_MAX 3

/// What is executed, and how it is watched.
struct hd_watch {
    const char *name;                // its argv[0]
    int files[HD_WATCHED_FILES_MAX]; // it is handed; their numbers are its argv[1] and so on
    size_t file_count;
    uint32_t deadline_ms;        // it is killed then; 0: never
    void (*tell)(void *context); // called some times a second meanwhile; NULL: not
    void *context;
};

/// Executes this program and waits for its end. HD_OK however it ended, also where it could not be
/// executed: then it said so and ended with HD_UNAVAILABLE. HD_UNAVAILABLE: no child could be made
/// or watched.
HD_MUST_USE enum hd_status hd_watched_run(const struct hd_watch *watch, struct hd_ending *ending,
                                          struct hd_message *message);

/// In the child: the mapping of the file whose number `text` is, which counts as an arena from then
/// on; the file is closed. Ends the process where there is none.
void *hd_watched_take(const char *text);

/// In the child: it ends with `parent`, and its signals do what they do by default.
void hd_watched_begin(pid_t parent);

#endif
