// SPDX-License-Identifier: MIT
/// layout.h: an address space in rows: what lies where, and whose it is.
#ifndef HD_LAYOUT_H
#define HD_LAYOUT_H

#include "harness/cli/trials.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum hd_whose {
    HD_WHOSE_PROGRAM,   // heapduel itself: its file, its stack
    HD_WHOSE_LIBRARY,   // of a file that is mapped
    HD_WHOSE_HARNESS,   // what heapduel mapped to do its work
    HD_WHOSE_ALLOCATOR, // what the allocator got from the kernel
    HD_WHOSE_FOREIGN,   // what the trace put beside that
    HD_WHOSE_KERNEL,    // vdso and the like
    HD_WHOSE_OTHER,     // nobody told us
};

/// A mapping, or a part of one where it is not one owner's throughout.
struct hd_layout_row {
    uintptr_t start;
    uintptr_t end;
    char rights[5]; // as /proc/self/maps has them
    enum hd_whose whose;
    const char *owner; // in a word; a library's is its file's name
    const char *what;  // it is: text, data, heap, mapping, stack, ...
    uint64_t number;   // of a mapping without a file, from 1 at its owner's lowest; 0: none
    uintptr_t origin;  // where the owner's first row begins; 0: it has a number
    const struct hd_snapshot_block *blocks; // that begin in it
    size_t block_count;
};

struct hd_layout {
    struct hd_layout_row *rows; // by address
    size_t count;
    size_t capacity;
    char *text; // holds the owners' names
    uintptr_t break_at; // 0: not known
    // Bytes.
    size_t mapped;   // that are the allocator's and can be accessed
    size_t reserved; // that are its and cannot
    size_t live;     // that were asked for, in blocks that live
    size_t blocks;   // that live
};

/// Takes a snapshot apart; it must outlive the layout. `program` is the path of the program that the
/// child ran.
void hd_layout_open(struct hd_layout *layout, const struct hd_snapshot *snapshot,
                    const char *program);
void hd_layout_close(struct hd_layout *layout);

struct hd_layout_view {
    const struct hd_trials *trials;
    char program[4096]; // path
    bool relative; // no addresses that another machine would have elsewhere
    bool all;      // each block
    bool color;
};

void hd_layout_text(const struct hd_layout_view *view);
void hd_layout_json(const struct hd_layout_view *view);

#endif
