// SPDX-License-Identifier: MIT
/// recording.h: files of events, made into traces.
#ifndef HD_RECORDING_H
#define HD_RECORDING_H

#include "harness/record/events.h"
#include "harness/trace/trace.h"

/// One process's file, mapped.
struct hd_recording {
    char name[NAME_MAX + 1]; // in its folder
    const struct hd_event_header *header;
    const struct hd_event *events;
    uint64_t count; // places that were taken, and that the file has
    size_t size;    // bytes mapped
};

/// Those of a folder, in the order in which the processes began to record.
struct hd_recordings {
    struct hd_recording *items;
    size_t count;
};

/// What became of one.
struct hd_recorded {
    uint64_t operations;
    uint64_t inherited; // of these, blocks that a forked process was born with
    uint64_t skipped;   // events of blocks whose making was not seen
    size_t threads;
};

/// Maps every file of events in the folder. HD_UNAVAILABLE: one cannot be read.
HD_MUST_USE enum hd_status hd_recordings_open(struct hd_recordings *recordings, const char *folder,
                                              struct hd_message *message);

/// Writes one as a trace to `path`, in the form and packing that `conversion` says, whole or not at
/// all. A forked process's trace begins with the blocks that it was born with, as its parent's
/// events tell, the oldest first. HD_UNAVAILABLE: it cannot be written.
HD_MUST_USE enum hd_status hd_recording_write(const struct hd_recordings *recordings, size_t which,
                                              const char *path,
                                              const struct hd_conversion *conversion,
                                              struct hd_recorded *recorded,
                                              struct hd_message *message);

void hd_recordings_close(struct hd_recordings *recordings);

#endif
