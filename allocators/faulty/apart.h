// SPDX-License-Identifier: MIT
/// apart.h: a small allocator that keeps what it knows apart from the blocks.
///
/// Blocks abut in one arena and are described in a table. So a fault that writes over a block's end
/// spoils the next block, and not the allocator: what the oracle should see is seen, where with
/// headers between the blocks the next call would crash.
///
///   arena    | block | block | block | ...            not yet given
///   table    { start, extent, size, live } ...        by rising start; never removed, but reused
///
/// The three hooks are weak: a faulty allocator may define one of them instead of a C function.
#ifndef FAULTY_APART_H
#define FAULTY_APART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct apart_block {
    uintptr_t start;
    size_t extent; // bytes to the next block's start
    size_t size;   // what was asked; at most the extent
    bool live;
    bool taken; // it has become part of one below it
    struct apart_block *next_free;
};

size_t apart_alignment(size_t size); // hook: what a block of `size` is a multiple of; 16
size_t apart_extent(size_t size);    // hook: what it takes; the size in multiples of that
size_t apart_limit(void);            // hook: bytes of the arena

/// NULL: the arena is used up, or could not be had; errno is left alone.
void *apart_allocate(size_t alignment, size_t size);
/// pre: live, as for the next.
void apart_release(struct apart_block *block);
/// The live block that starts there. Anything else is a caller's error and aborts.
struct apart_block *apart_find(const void *start);
/// The block behind in the arena, live or not; NULL: none yet.
struct apart_block *apart_above(struct apart_block *block);
/// Makes `block` larger by the one above it, which is out of its list from then on.
/// pre: `above` is apart_above(block), and not live.
void apart_take_above(struct apart_block *block, struct apart_block *above);
/// No block lives.
bool apart_is_empty(void);
/// pre: no block lives. The arena is one free piece, as at first.
void apart_start_anew(void);

#endif
