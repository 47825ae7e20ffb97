// SPDX-License-Identifier: MIT
/// scripted.h: a simple correct allocator that can misbehave once, in one way, and keeps a diary.
#ifndef HD_TEST_SCRIPTED_H
#define HD_TEST_SCRIPTED_H

#include "allocators/allocator.h"
#include "harness/trace/op.h"

#include <stdint.h>

/// What it does instead of its duty, at the call chosen.
enum misdeed {
    HONEST,
    ANSWERS_NULL,        // with ENOMEM
    ANSWERS_NULL_MUTELY, // with errno left alone
    EATS_MEMORY,         // maps pages until it is refused, or has 16 MiB, and answers NULL
    OVERLAPS,            // the new block begins 16 bytes into the first one
    MISALIGNED,          // the new block begins a byte late
    LOSES_PREFIX,        // realloc moves and copies nothing
    SPOILS_OLD,          // realloc fails, and the old block's first byte is changed
    GIVES_FOR_ZERO,      // realloc to no bytes gives a block (a choice, no misdeed)
    USABLE_TOO_LARGE,    // claims 4096 bytes more, and later gives them away
    USABLE_TOO_SMALL,    // claims nothing
    USABLE_ENDLESS,      // claims everything
    RUBBISH,             // calloc's block is not zero
    SETS_ERRNO,          // free sets EINVAL
    SCRIBBLES,           // changes the first block's last byte
    POINTER_ALONE,       // posix_memalign returns 0 and sets nothing
    INCONSISTENT,        // its own check fails
};

/// A call that was made of it. `consistent` and malloc_usable_size, too.
struct call {
    enum hd_op_kind kind; // HD_OP_KINDS: consistent
    uintptr_t block;
    size_t first;
    size_t second;
};

#define CALLS_MAX  256
#define BLOCKS_MAX 128

struct hd_heap {
    enum misdeed misdeed;
    unsigned at; // the how manieth call for or about a block it happens at, 1 for the first; 0: all

    // The diary.
    struct call calls[CALLS_MAX];
    unsigned call_count;

    // Its own state.
    unsigned served; // calls but for malloc_usable_size and consistent
    size_t used;
    struct {
        uintptr_t address;
        size_t size;
    } blocks[BLOCKS_MAX];
    unsigned block_count;
    _Alignas(4096) uint8_t memory[64 << 10];
};

/// A fresh heap in `heap`, all functions offered.
struct hd_subject scripted_subject(struct hd_heap *heap, enum misdeed misdeed, unsigned at);

#endif
