// SPDX-License-Identifier: MIT
/// heap.h: how brkmap lays out its memory, and what its own files call of each other.
///
///   segment    a run of memory from the kernel, ours from its start to its end: by brk, or where
///              that is refused an arena, by mmap
///   top        the brk segment that ends at the break: it grows and shrinks with it
///   chunk      a piece of a segment: a header and a payload; in use, or free and in a bin
///   fence      the header that ends a segment: in use for ever, with no payload
///   bin        a list of the free chunks of like size
///   cached     a chunk that a thread keeps for its next request: in use, as the heap sees it
///   run        chunks of one size side by side, while they are one: cut from one free chunk, or
///              on their way back to the heap
///   mapped     a block with a mapping of its own, in no segment and no bin
///
///   segment  +0  next | end
///           +16  arena | -                 the record stands in the memory it describes
///           +32  chunk | chunk | ... | chunk
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
/// chunk is in the bin of its size, once; `used` and `held` are sums over all chunks and segments;
/// a cached chunk is in use, of its list's size, and in one list once. brkmap_consistent checks it.
///
/// Everything here but a cache and the block that a caller owns is touched under the heap's lock.
/// One word is not so simple: a header's size is its owner's to read at any time, while PREV_IN_USE
/// in it changes under the lock when the chunk below does. So headers are read and written whole.
#ifndef BRKMAP_HEAP_H
#define BRKMAP_HEAP_H

#include "allocators/brkmap/brkmap.h"
#include "allocators/brkmap/faults.h"
#include "allocators/brkmap/kernel.h"
#include "allocators/brkmap/sbrk.h"

#include <pthread.h>
#include <sys/single_threaded.h>

enum {
    BRKMAP_ALIGNMENT = 16,
    BRKMAP_HEADER = 16,
    BRKMAP_CHUNK_MIN = 32,            // a header and the two links
    BRKMAP_MAP_FROM = 128 * 1024,     // size + alignment this large: a mapping, to begin with
    BRKMAP_MAP_FROM_MAX = 32 << 20,   // and at the most
    BRKMAP_ARENA = 1 << 20,           // mapped at once where the break is refused
    BRKMAP_TOP_PAD = 128 * 1024,      // asked of brk beyond the need, kept when giving back
    BRKMAP_BREATH_MAX = 32 << 20,     // kept at most of what was given back and asked for again
    BRKMAP_SPARSE_FROM = 1024 * 1024, // a heap this large that is mostly free caches nothing
    BRKMAP_BIN_COUNT = 161,           // the last: 64 MiB and larger; see bins.c
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
    size_t header;      // size | flags; only by brkmap_header and brkmap_set_header
    struct chunk *next; // this and prev: only while free
    struct chunk *prev;
};

struct segment {
    struct segment *next; // the one got before this
    uintptr_t end;
    size_t arena; // 1: mapped, and unmapped when it is one free chunk; 0: by brk
    size_t unused;
};

_Static_assert(sizeof(struct chunk) == BRKMAP_CHUNK_MIN, "a free chunk is its header and links");
_Static_assert(sizeof(struct segment) % BRKMAP_ALIGNMENT == 0, "the first chunk is aligned");

/// All zero is an empty heap, ready to use.
struct brkmap_heap {
    pthread_mutex_t lock;
    struct brkmap_sbrk sbrk;
    struct segment *segments; // newest first
    struct segment *top;      // NULL: none yet, or somebody moved the break away from it
    struct chunk *bins[BRKMAP_BIN_COUNT];
    uint64_t bins_used[BRKMAP_BIN_WORDS]; // bit i: bins[i] is not empty
    size_t held;                          // bytes of all segments
    size_t used;                          // bytes of all chunks in use, fences not counted
    size_t lowered; // bytes of the top that were given back and not asked for again
    size_t breath;  // bytes that were asked for again: so many are kept
    size_t mapped_count;
    size_t mapped_bytes;
    size_t map_from_raised;      // the threshold, once it was raised; 0: not yet
    struct brkmap_slot *threads; // that have a cache; cache.h
};

/// Locks the heap, unless this is the process's only thread: it cannot get a second one while it is
/// in here. To be given to brkmap_unlock.
static inline bool brkmap_lock(struct brkmap_heap *heap)
{
    if (__libc_single_threaded) return false;
    (void)pthread_mutex_lock(&heap->lock);
    return true;
}

static inline void brkmap_unlock(struct brkmap_heap *heap, bool locked)
{
    if (locked) (void)pthread_mutex_unlock(&heap->lock);
}

static inline size_t brkmap_header(const struct chunk *chunk)
{
    return __atomic_load_n(&chunk->header, __ATOMIC_RELAXED);
}

static inline void brkmap_set_header(struct chunk *chunk, size_t header)
{
    __atomic_store_n(&chunk->header, header, __ATOMIC_RELAXED);
}

static inline size_t brkmap_size(const struct chunk *chunk)
{
    return brkmap_header(chunk) & ~(size_t)BRKMAP_FLAGS;
}

static inline bool brkmap_is(const struct chunk *chunk, size_t flag)
{
    return (brkmap_header(chunk) & flag) != 0;
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

/// Size + alignment from which on a request gets a mapping.
static inline size_t brkmap_map_from(const struct brkmap_heap *heap)
{
    return heap->map_from_raised != 0 ? heap->map_from_raised : BRKMAP_MAP_FROM;
}

/// Free chunks from this size on may be given back: what is asked for again and again comes from
/// the heap, and stays in it.
static inline size_t brkmap_trim_from(const struct brkmap_heap *heap)
{
    return 2 * brkmap_map_from(heap);
}

// die.c

/// Writes the line, a literal, to standard error, and aborts. The heap may be broken: nothing here
/// allocates.
#define BRKMAP_DIE(line) brkmap_die((line), sizeof(line) - 1)
_Noreturn void brkmap_die(const char *line, size_t length);

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
/// Dies where the links are broken. pre: the chunk's size is what it was when it was put there.
void brkmap_bin_remove(struct brkmap_heap *heap, struct chunk *chunk);
/// A free chunk of `need` bytes or more, in its bin still; NULL: none found.
/// pre: `need` belongs in no bin but below the last.
struct chunk *brkmap_bin_find(struct brkmap_heap *heap, size_t need);

// chunks.c

/// A chunk of at least `need` bytes, now in use; NULL: there is none, and the kernel refused.
/// pre: as brkmap_bin_find.
struct chunk *brkmap_chunk_take(struct brkmap_heap *heap, size_t need);
/// The same, with its block a multiple of `alignment`. pre: need + alignment + CHUNK_MIN too.
struct chunk *brkmap_chunk_take_aligned(struct brkmap_heap *heap, size_t alignment, size_t need);
/// A run of up to `most` chunks of `need` bytes, as many as one free chunk has, to be cut: exactly
/// a multiple of `need`, or for a single one what brkmap_chunk_take gives. NULL: there is none, and
/// the heap may not grow or the kernel refused.
struct chunk *brkmap_chunk_take_run(struct brkmap_heap *heap, size_t need, size_t most,
                                    bool may_grow);
/// Cuts a chunk in use in two in use, the first of `size` bytes. The second; NULL: what is left
/// over is too little for one, and nothing changed. pre: CHUNK_MIN <= size <= the chunk's.
struct chunk *brkmap_chunk_cut(struct chunk *chunk, size_t size);
/// Makes a chunk in use and `above` one in use; false: `above` is not the next one, or not in use,
/// and nothing changed.
bool brkmap_chunk_unite(struct chunk *chunk, struct chunk *above);
/// Makes a chunk in use free: joins it with its free neighbours, and gives memory back where that
/// left much. Dies where the headers around it are broken.
void brkmap_chunk_release(struct brkmap_heap *heap, struct chunk *chunk);
/// The same, but gives nothing back. The joined chunk.
struct chunk *brkmap_chunk_free(struct brkmap_heap *heap, struct chunk *chunk);
/// The same, of a chunk that `used` does not count.
struct chunk *brkmap_chunk_join(struct brkmap_heap *heap, struct chunk *chunk);
/// Makes a chunk in use at least `need` large where it stands; false: no room, nothing changed.
bool brkmap_chunk_grow(struct brkmap_heap *heap, struct chunk *chunk, size_t need);
/// Cuts a chunk in use down to `need`, if what is left over is enough for a chunk.
void brkmap_chunk_shrink(struct brkmap_heap *heap, struct chunk *chunk, size_t need);

// segments.c

/// A free chunk of at least `need` bytes, in its bin, by moving the break or in a new arena; NULL:
/// refused.
struct chunk *brkmap_segment_grow(struct brkmap_heap *heap, size_t need);
/// Gives memory back to the kernel where this free chunk is brkmap_trim_from or more: the arena
/// that it fills, or of the top's end all but a part that grows with the heap, and with what was
/// asked for again.
void brkmap_segment_settle(struct brkmap_heap *heap, struct chunk *chunk);
/// The same in two steps, for who frees many chunks and is to ask the kernel once: of each its
/// arena, and behind the last of them the top's end.
void brkmap_segment_settle_arena(struct brkmap_heap *heap, struct chunk *chunk);
void brkmap_segment_settle_top(struct brkmap_heap *heap);
/// Bytes of all segments but for the free end of the top.
size_t brkmap_segment_reach(const struct brkmap_heap *heap);
/// Gives all free memory back that can go, but for `keep` bytes of the top. Whether any went.
bool brkmap_segment_trim(struct brkmap_heap *heap, size_t keep);

// mapped.c

/// A block with a mapping of its own, all zero; NULL: refused, or the sums do not fit.
/// pre: the alignment is a power of two of at least 16.
void *brkmap_mapped_allocate(struct brkmap_heap *heap, size_t alignment, size_t size);
/// The block resized, moved perhaps; NULL: refused, and the block is whole. pre: chunk is MAPPED.
void *brkmap_mapped_resize(struct brkmap_heap *heap, struct chunk *chunk, size_t size);
/// Programs ask again for what they freed: the next block of that size comes from the heap.
void brkmap_mapped_release(struct brkmap_heap *heap, struct chunk *chunk);

#endif
