// SPDX-License-Identifier: MIT
/// roster.h: the allocators that a command works with.
#ifndef HD_ROSTER_H
#define HD_ROSTER_H

#include "allocators/status.h"
#include "harness/cli/allocator_options.h"

struct hd_roster {
    const char *names[HD_CONTESTANTS_MAX]; // as given, or of the known ones
    size_t count;
};

/// Those given, each tried in a child; without any given, those known ones that are on this
/// machine. HD_UNAVAILABLE: one that was given is not to be had.
HD_MUST_USE enum hd_status hd_roster_select(const struct hd_allocator_options *options,
                                            struct hd_roster *roster, struct hd_message *message);

/// Columns of the longest name.
int hd_roster_width(const struct hd_roster *roster);

#endif
