// SPDX-License-Identifier: MIT
/// events.h: what a recorded process writes of its calls: a file of fixed-size events.
///
///     0           4096
///     +-----------+--------+--------+-- ...
///     | header    | event  | event  |
///     +-----------+--------+--------+-- ...
///
/// The process has the file mapped, shared: what was written is there whatever ends the process. A
/// place in the file is an event's place in the order of all threads' calls: a call that frees
/// takes it before the function is called, one that allocates after it. So an address is given
/// again only behind the event that freed it.
#ifndef HD_EVENTS_H
#define HD_EVENTS_H

#include "harness/trace/op.h"

#include <limits.h>
#include <stdatomic.h>

/// The folder for the files, as the library is told.
#define HD_EVENTS_VARIABLE "HEAPDUEL_RECORD_FOLDER"

#define HD_EVENTS_MAGIC  "hdevent1"
#define HD_EVENTS_OFFSET 4096

/// What happened. A call that is one event is its operation's number and 1; realloc of a block is
/// two, since it frees and allocates.
enum hd_event_kind {
    HD_EVENT_NONE,        // the place was taken, and the process ended before it was filled
    HD_EVENT_RESIZE = 64, // `address` goes to realloc
    HD_EVENT_RESIZED,     // and `address` came back for it (0: NULL); `extra`: what went
    HD_EVENT_THREAD_END,  // the thread ends; its destructors ran
};
#define HD_EVENT_OF(op_kind) ((op_kind) + 1)

struct hd_event {
    uint64_t address;      // of the block that was freed, or came back; 0: NULL
    uint64_t size;         // bytes
    uint64_t extra;        // count or alignment, as the operation has it
    uint32_t thread;       // from 1, in the order of their first calls
    _Atomic uint32_t kind; // written last
};
_Static_assert(sizeof(struct hd_event) == 32, "no padding");

struct hd_event_header {
    char magic[8];
    uint64_t started_ns; // CLOCK_MONOTONIC
    uint32_t pid;
    int32_t stopped;                    // an error number: why there are no more; 0: there could be
    char program[PATH_MAX / 4];         // what is executed, maybe cut; zero-terminated
    char parent[64];                    // of a forked process: the file of its parent, and
    uint64_t parent_count;              // how many events there made the heap that it was born with
    _Alignas(64) _Atomic uint64_t next; // places taken
    _Alignas(64) _Atomic uint64_t room; // places that the file has; those behind are not there
};
_Static_assert(sizeof(struct hd_event_header) <= HD_EVENTS_OFFSET, "the header has its page");

#endif
