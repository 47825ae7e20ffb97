// SPDX-License-Identifier: MIT
/// heap.h: how brkmap lays out its memory, and what its own files call of each other.
///
///   segment    a run of memory got by brk, ours from its start to its end
///   chunk      a piece of a segment: a header and a payload; in use, or free and in a bin
///   fence      the header that ends a segment: in use for ever, with no payload
///   bin        a list of the free chunks of like size
///   mapped     a block with a mapping of its own, in no segment and no bin
///
///   segment  +0  next | end                the record stands in the memory it describes
///           +16  chunk | chunk | ... | chunk
///       end -16  fence
///
/// A chunk in use, and the free one that follows it. A block may use the next chunk's prev_size,
/// which means something only while this chunk is free; so a block costs 8 bytes, not 16.
///
///   chunk A  +0  prev_size                 the payload of the chunk below, if that is in use
///            +8  size of A | flags
///   block   +16  what the caller has       A's size - 8 bytes
///            ...
///   chunk B  +0  (still A's payload)
///            +8  size of B | flags         PREV_IN_USE
///           +16  next, prev                links in B's bin
///            ...
///   chunk C  +0  prev_size = size of B     B's boundary tag: how C finds B when C is freed
///            +8  size of C | flags         no PREV_IN_USE
///
/// A mapped block keeps its mapping in the same two words; nothing follows, so it costs 16 bytes.
///
///   mapping  +0  what placing by alignment left over: `prev_size` bytes
///   chunk    +0  prev_size                 from the mapping's start to here
///            +8  size | IN_USE | MAPPED    from here to the mapping's end
///   block   +16  what the caller has
///
/// Invariants: chunks are multiples of 16 in address and size; two free chunks never touch; a free
/// chunk is in the bin of its size, once. brkmap_consistent checks all of it.
#ifndef BRKMAP_HEAP_H
#define BRKMAP_HEAP_H

#include "allocators/brkmap/brkmap.h"
#include "allocators/brkmap/kernel.h"

enum {
    BRKMAP_ALIGNMENT = 16,
    BRKMAP_HEADER = 16,
    BRKMAP_CHUNK_MIN = 32,         // a header and the two links
    BRKMAP_MAP_FROM = 128 * 1024,  // size + alignment this large: a mapping of its own
    BRKMAP_TOP_PAD = 128 * 1024,   // asked of brk beyond the need, kept when giving back
    BRKMAP_TRIM_FROM = 256 * 1024, // a free top this large is given back
    BRKMAP_BIN_COUNT = 97,         // the last: TRIM_FROM and larger; see bins.c
    BRKMAP_BIN_WORDS = (BRKMAP_BIN_COUNT + 63) / 64,
};

enum {
    BRKMAP_IN_USE = 1,
    BRKMAP_PREV_IN_USE = 2, // the chunk below is in use, or there is none
    BRKMAP_MAPPED = 4,
    BRKMAP_FENCE = 8,
    BRKMAP_FLAGS = 15,
};

struct chunk {
    size_t prev_size;
    size_t size_flags;
    struct chunk *next; // this and prev: only while free
    struct chunk *prev;
};

struct segment {
    struct segment *next; // the one got before this
    uintptr_t end;
};

_Static_assert(sizeof(struct chunk) == BRKMAP_CHUNK_MIN, "a free chunk is its header and links");
_Static_assert(sizeof(struct segment) == BRKMAP_ALIGNMENT, "the first chunk is aligned");

/// All zero is an empty heap, ready to use.
struct brkmap_heap {
    struct segment *segments; // newest first
    struct segment *top;      // the newest while the break may be its end; NULL: somebody moved it
    struct chunk *bins[BRKMAP_BIN_COUNT];
    uint64_t bins_used[BRKMAP_BIN_WORDS]; // bit i: bins[i] is not empty
    size_t mapped_count;
    size_t mapped_bytes;
};

static inline size_t brkmap_size(const struct chunk *chunk)
{
    return chunk->size_flags & ~(size_t)BRKMAP_FLAGS;
}

static inline bool brkmap_is(const struct chunk *chunk, size_t flag)
{
    return (chunk->size_flags & flag) != 0;
}

static inline struct chunk *brkmap_chunk_at(uintptr_t address)
{
    return (struct chunk *)address;
}

static inline struct chunk *brkmap_next(const struct chunk *chunk)
{
    return brkmap_chunk_at((uintptr_t)chunk + brkmap_size(chunk));
}

static inline void *brkmap_block(struct chunk *chunk)
{
    return (void *)((uintptr_t)chunk + BRKMAP_HEADER);
}

static inline struct chunk *brkmap_chunk_of(const void *block)
{
    return brkmap_chunk_at((uintptr_t)block - BRKMAP_HEADER);
}

static inline struct chunk *brkmap_first(const struct segment *segment)
{
    return brkmap_chunk_at((uintptr_t)segment + sizeof *segment);
}

static inline struct chunk *brkmap_fence(const struct segment *segment)
{
    return brkmap_chunk_at(segment->end - BRKMAP_HEADER);
}

/// The chunk that a request needs. pre: request <= PTRDIFF_MAX.
static inline size_t brkmap_chunk_size(size_t request)
{
    const size_t size = (request + 8 + BRKMAP_ALIGNMENT - 1) & ~(size_t)(BRKMAP_ALIGNMENT - 1);
    return size < BRKMAP_CHUNK_MIN ? BRKMAP_CHUNK_MIN : size;
}

/// `value` made a multiple of `alignment`, a power of two. pre: the sum does not wrap.
static inline uintptr_t brkmap_up(uintptr_t value, size_t alignment)
{
    return (value + alignment - 1) & ~(uintptr_t)(alignment - 1);
}

// bins.c

/// The bin that a free chunk of this size belongs in. Inline: consistent.c asks for each.
static inline unsigned brkmap_bin_of(size_t size)
{
    const size_t units = size / BRKMAP_ALIGNMENT;
    if (units < 8) return (unsigned)units;

    const unsigned log2 = 63 - (unsigned)__builtin_clzl(units);
    const unsigned bin = (log2 - 2) * 8 + (unsigned)(units >> (log2 - 3) & 7);
    return bin < BRKMAP_BIN_COUNT ? bin : BRKMAP_BIN_COUNT - 1;
}
/// pre: the chunk is free and in no bin.
void brkmap_bin_put(struct brkmap_heap *heap, struct chunk *chunk);
/// pre: the chunk is in its bin, and its size is what it was when it was put there.
void brkmap_bin_remove(struct brkmap_heap *heap, struct chunk *chunk);
/// A free chunk of `need` bytes or more, in its bin still; NULL: none found.
struct chunk *brkmap_bin_find(struct brkmap_heap *heap, size_t need);

// chunks.c

/// A chunk of at least `need` bytes, now in use; NULL: the break was refused.
/// pre: need < BRKMAP_TRIM_FROM, as for the next.
struct chunk *brkmap_chunk_take(struct brkmap_heap *heap, size_t need);
/// The same, with its block a multiple of `alignment`. pre: need + alignment + CHUNK_MIN too.
struct chunk *brkmap_chunk_take_aligned(struct brkmap_heap *heap, size_t alignment, size_t need);
/// Makes a chunk in use free: joins it with its free neighbours. The joined chunk, in its bin.
struct chunk *brkmap_chunk_release(struct brkmap_heap *heap, struct chunk *chunk);
/// Cuts a chunk in use down to `need`. The rest as a free chunk, or NULL: too little to cut.
struct chunk *brkmap_chunk_cut(struct brkmap_heap *heap, struct chunk *chunk, size_t need);
/// Makes a chunk in use at least `need` large where it stands; false: no room, nothing changed.
bool brkmap_chunk_grow(struct brkmap_heap *heap, struct chunk *chunk, size_t need);

// segments.c

/// A free chunk of at least `need` bytes at the top, by moving the break; NULL: refused.
struct chunk *brkmap_segment_grow(struct brkmap_heap *heap, size_t need);
/// Gives the end of a free chunk back to the kernel if it is the top and large.
void brkmap_segment_trim(struct brkmap_heap *heap, struct chunk *chunk);

// mapped.c

/// A block with a mapping of its own, all zero; NULL: refused, or the sums do not fit.
/// pre: the alignment is a power of two of at least 16.
void *brkmap_mapped_allocate(struct brkmap_heap *heap, size_t alignment, size_t size);
/// The block resized, moved perhaps; NULL: refused, and the block is whole. pre: chunk is MAPPED.
void *brkmap_mapped_resize(struct brkmap_heap *heap, struct chunk *chunk, size_t size);
void brkmap_mapped_release(struct brkmap_heap *heap, struct chunk *chunk);

#endif
