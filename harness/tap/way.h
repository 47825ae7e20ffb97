// SPDX-License-Identifier: MIT
/// way.h: one way of seeing system calls: a const struct in a file of its own.
#ifndef HD_TAP_WAY_H
#define HD_TAP_WAY_H

#include "harness/tap/tap.h"

struct hd_way {
    /// Makes the calling thread tapped from now on. HD_UNAVAILABLE: not on this machine.
    enum hd_status (*open)(struct hd_message *message);

    // Optional.
    void (*open_thread)(void); // the calling thread is tapped too; a forked child has lost it
    bool sees_all;   // every call of the thread, and not those by certain functions
    bool sees_clone; // a thread that the allocator starts marks the log lost
    bool (*library_loaded)(void *handle); // works on each library by itself; false: sees nothing
                                          // of this one
};

extern const struct hd_way hd_way_off;
extern const struct hd_way hd_way_dispatch;
extern const struct hd_way hd_way_seccomp;
extern const struct hd_way hd_way_got;

#endif
