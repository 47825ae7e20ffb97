// SPDX-License-Identifier: MIT
/// syscalls.h: the ways in which `heapduel syscalls` writes what it recorded, on standard output.
#ifndef HD_SYSCALLS_VIEW_H
#define HD_SYSCALLS_VIEW_H

#include "harness/cli/trials.h"

#include <stdbool.h>

struct hd_syscalls_view {
    const struct hd_trials *trials;
    bool relative; // addresses as offsets into regions
    bool brief;    // operations without calls are left out
    int width;     // of the page, in columns
};

/// One allocator after the other: each operation and under it its calls.
void hd_syscalls_text(const struct hd_syscalls_view *view);

/// A table for each allocator.
void hd_syscalls_summary(const struct hd_syscalls_view *view);

/// Two allocators beside each other. pre: the roster holds two.
void hd_syscalls_columns(const struct hd_syscalls_view *view);

/// The operations at which two allocators made different calls. pre: the roster holds two.
void hd_syscalls_diff(const struct hd_syscalls_view *view);

void hd_syscalls_json(const struct hd_syscalls_view *view);

#endif
