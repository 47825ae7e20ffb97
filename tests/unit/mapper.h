// SPDX-License-Identifier: MIT
/// mapper.h: a simple correct allocator that really asks the kernel, a page a block, and can
/// misbehave once, in one way.
///
/// Each block lies at the start of a page of its own, and the page behind it is free: two calls,
/// mmap of two pages and munmap of the second. free unmaps the page. All calls are made by libc.
#ifndef HD_TEST_MAPPER_H
#define HD_TEST_MAPPER_H

#include "allocators/allocator.h"

#define MAPPER_BLOCKS 64
#define MAPPER_PAGE   4096

/// What it does besides its duty, or instead, at the call chosen.
enum deed {
    NO_DEED,
    UNMAPS_FIRST,       // the page of the first block
    DISCARDS_FIRST,     // its contents, by madvise
    PROTECTS_FIRST,     // it is read-only from then on
    DISCARDS_AND_UNMAPS_FIRST,
    UNMAPS_BEHIND_FIRST,
    WRITES_BEHIND_FIRST,
    DISCARDS_BREAK,     // the last page under the break, whosever it is
    GIVES_UNMAPPED,     // a page that it has given back
    GIVES_READ_ONLY,
    GIVES_BREAK,        // a page by sbrk, never given back
    LOSES_OLD,          // realloc fails, and has unmapped the old block
    KEEPS_AT_ZERO,      // realloc to no bytes is NULL and frees nothing (a choice, no misdeed)
    REFUSES_FOR_EVER,   // once mmap has failed it answers NULL
    PURGES,             // free keeps the pages, and they are given back at the call chosen
    LEAKS,              // maps a MiB that it never gives back
    CALLS_GETPPID,
    FORKS,              // a child that ends
    CALLS_EACH,         // each call that can be refused once; how they failed stands in `errors`
};

struct mapper {
    enum deed deed;
    unsigned at; // the how manieth call it happens at, 1 for the first; 0: at all
    unsigned served;
    bool was_refused;
    struct {
        uint8_t *page;
        size_t size;
    } blocks[MAPPER_BLOCKS]; // in the order given, kept when freed
    unsigned block_count;
    void *kept[MAPPER_BLOCKS]; // pages to be given back
    unsigned kept_count;

    // The diary.
    unsigned allocations, frees, trims;
    size_t largest; // asked for
    int errors[HD_REFUSABLES];

    size_t capacity; // what `capacity` answers; more it refuses
};

/// A fresh one in `mapper`, with malloc, free, realloc, aligned_alloc and trim.
struct hd_subject mapper_subject(struct mapper *mapper, enum deed deed, unsigned at);

/// As `release`: leaves the block where it is.
void mapper_forget(struct hd_heap *heap, void *block);

/// As `capacity` of the allocator, to be put there.
size_t mapper_capacity(struct hd_heap *heap);

/// As `usable_size`: a page and a byte.
size_t mapper_usable_past_page(struct hd_heap *heap, void *block);

#endif
