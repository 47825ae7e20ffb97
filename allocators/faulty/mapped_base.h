// SPDX-License-Identifier: MIT
/// mapped_base.h: a small allocator that asks the kernel often, and takes a refusal for an answer.
///
/// A block of up to MAPPED_SMALL bytes lies in a chunk with others of its class, any other in a
/// mapping of its own. Chunks come from the break, or from a mapping where the break is refused;
/// an empty one goes back, and so does a mapping whose block is freed. All that is known of them
/// stands in a table apart from them, so that memory that is lost spoils no metadata.
///
///   chunk     | block | free  | block | free  | ...   one class: a power of two, 16 to 8192 bytes
///   mapping   | block                 |               whole pages
///   table     { start, length, ... } ...              by rising start
///
/// The hooks are weak: a faulty allocator, or its neighbour, defines one of them instead of a C
/// function. They are called with the lock held. No function here touches errno, but where a hook
/// does. Sizes are bytes, addresses uintptr_t with 0 for none.
#ifndef FAULTY_MAPPED_BASE_H
#define FAULTY_MAPPED_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MAPPED_PAGE = 4096,
    MAPPED_SMALL = 2 * MAPPED_PAGE,
    MAPPED_CHUNK = 8 * MAPPED_PAGE,
    MAPPED_GRAIN = 16, // the smallest class
};

/// A chunk, or a mapping of one block.
struct mapped_region {
    uintptr_t start;
    size_t length;
    bool of_break;     // a chunk from the break; else it is mapped
    size_t class_size; // of each block of a chunk; 0: a mapping of one block
    uint32_t live;     // blocks of a chunk
    uint64_t used[MAPPED_CHUNK / MAPPED_GRAIN / 64]; // a bit a block of a chunk
    struct mapped_region *next_free;
};

// ---------------------------------------------------------------------------- hooks

/// mmap(2): private, anonymous, readable and writable. 0: refused.
uintptr_t mapped_get(size_t length);
/// munmap(2). False: refused; then the pages are lost to us, and mapped still.
bool mapped_give_back(uintptr_t start, size_t length);
/// MAPPED_CHUNK bytes from a page boundary on; sets `of_break`. 0: refused.
uintptr_t mapped_get_chunk(bool *of_break);
/// False: the empty chunk stays ours, and is used again.
bool mapped_give_back_chunk(const struct mapped_region *chunk);
/// Gives a mapping's block another size, above MAPPED_SMALL: returns where it is now, `size` bytes
/// of its contents kept, or NULL: refused, and the block is as it was. Moves it.
void *mapped_resize(struct mapped_region *mapping, size_t size);
/// Which block of the chunk is not live: the first; mapped_count(chunk): none.
size_t mapped_vacancy(const struct mapped_region *chunk);
/// Told of each block of a chunk that is freed, before it can be used again. Does nothing.
void mapped_freed(struct mapped_region *chunk, uintptr_t block);

// ---------------------------------------------------------------------------- to build on

/// What mapped_get and mapped_get_chunk do, unless a faulty allocator defines them.
uintptr_t mapped_kernel_get(size_t length);
uintptr_t mapped_chunk_of_break(void);
bool mapped_kernel_give_back(uintptr_t start, size_t length);

/// `size` in whole pages. pre: size <= PTRDIFF_MAX.
static inline size_t mapped_pages(size_t size)
{
    return (size + MAPPED_PAGE - 1) & ~(size_t)(MAPPED_PAGE - 1);
}

/// The blocks of a chunk, live or not.
static inline size_t mapped_count(const struct mapped_region *chunk)
{
    return MAPPED_CHUNK / chunk->class_size;
}

/// Whether the i-th of them is live.
static inline bool mapped_is_live(const struct mapped_region *chunk, size_t i)
{
    return (chunk->used[i / 64] >> i % 64 & 1) != 0;
}

/// NULL: refused, or the table is full.
void *mapped_allocate(size_t alignment, size_t size);
void mapped_release(void *block);
void *mapped_reallocate(void *block, size_t size);
size_t mapped_usable(void *block);

/// Allocates, copies the smaller of both sizes, releases.
void *mapped_move(void *block, size_t size);

/// The mapping is elsewhere, or has another length.
void mapped_moved(struct mapped_region *mapping, uintptr_t start, size_t length);

/// Strikes out a mapping that is not ours any more.
void mapped_strike_out(struct mapped_region *mapping);

#endif
