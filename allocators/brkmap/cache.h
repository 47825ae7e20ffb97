// SPDX-License-Identifier: MIT
/// cache.h: what a thread keeps for its next requests, so that they need no lock.
///
///   slot       in each thread's own storage: leads to its cache, and links those that have one
///   cache      a block of the heap: for each size class a list of chunks, the last freed first,
///              and the last freed of the larger ones
///
///   class     0    1    2   ...   63      large
///   chunk    32   48   64   ... 1040     -65552   bytes
///   depth    32   32   32   ...    4          1   chunks at most: 4 KiB of a class, but 4 at least
///
/// A cached chunk is in use as the heap sees it. In its block stand the link to the next one, and
/// whose it is, by which a second free of it is seen. Only the default heap has caches.
///
///   chunk    +8  size | IN_USE | ...
///   block   +16  next, owner               owner: the cache; 0 again when it is handed out
///
/// Who makes a buffer, uses it and frees it, again and again, gets the same one each time. More
/// large chunks than one would cost more than they save: small blocks that would have been cut of
/// them come from memory then that was not touched before.
#ifndef BRKMAP_CACHE_H
#define BRKMAP_CACHE_H

#include "allocators/brkmap/heap.h"

enum {
    BRKMAP_LISTED_MAX = 1040, // the largest chunk with a class: of a request of 1032 bytes
    BRKMAP_CLASSES = BRKMAP_LISTED_MAX / BRKMAP_ALIGNMENT - 1,
    BRKMAP_CACHED_MAX = 65552, // the largest at all: of a request of 65544 bytes
};

struct brkmap_cached {
    struct brkmap_cached *next;
    struct brkmap_cache *owner;
};

struct brkmap_cache {
    struct brkmap_cached *lists[BRKMAP_CLASSES];
    uint16_t room[BRKMAP_CLASSES]; // how many more each list takes
    struct brkmap_cached *large;   // NULL: none
    bool closed;                   // it takes none, of any class: the heap is sparse
};

/// A thread's, all zero at its start. Its cache is NULL until it first asks for a block of a size
/// that is cached, after a trim until the next time, and when the thread ends; what it frees then
/// goes straight to the heap.
struct brkmap_slot {
    struct brkmap_cache *cache;
    struct brkmap_slot *next; // in the heap's list of threads; under its lock
    struct brkmap_slot *prev;
    bool ended;
};

extern _Thread_local struct brkmap_slot brkmap_slot __attribute__((tls_model("initial-exec")));

extern struct brkmap_heap brkmap_heap_default;

static inline size_t brkmap_class_of(size_t chunk_size)
{
    return chunk_size / BRKMAP_ALIGNMENT - 2;
}

/// How many chunks of a class are kept at most.
static inline uint16_t brkmap_class_depth(size_t class)
{
    const unsigned depth = 4096 / BRKMAP_ALIGNMENT / ((unsigned)class + 2);
    return (uint16_t)(depth > 32 ? 32 : depth < 4 ? 4 : depth);
}

/// The calling thread's cache of that heap; NULL: it has none.
static inline struct brkmap_cache *brkmap_cache_of(const struct brkmap_heap *heap)
{
    return heap == &brkmap_heap_default ? brkmap_slot.cache : NULL;
}

/// The large chunk's block, if it is not larger than needed by more than an eighth.
static inline void *brkmap_cache_pop_large(struct brkmap_cache *cache, size_t need)
{
    struct brkmap_cached *large = cache->large;
    if (large == NULL) return NULL;
    const size_t size = brkmap_size(brkmap_chunk_of(large));
    if (size < need || size - need > need / 8) return NULL;
    cache->large = NULL;
    large->owner = NULL;
    return large;
}

/// A block for a request out of the cache; NULL: it has none of that size.
static inline void *brkmap_cache_pop(struct brkmap_cache *cache, size_t request)
{
    if (cache == NULL || request > BRKMAP_CACHED_MAX - 8) return NULL;
    const size_t need = brkmap_chunk_size(request);
    if (need > BRKMAP_LISTED_MAX) return brkmap_cache_pop_large(cache, need);
    const size_t class = brkmap_class_of(need);
    struct brkmap_cached *first = cache->lists[class];
    if (first == NULL) return NULL;

    if (!brkmap_has_fault(brkmap_fault_inside_cache_hands_out_twice) || first->next != NULL) {
        cache->lists[class] = first->next;
        cache->room[class]++;
    }
    first->owner = NULL;
    return first;
}

/// Keeps a block that is freed. False: it is not a plain live one, or too large, or there is no
/// room; or it says of itself that it is in the cache.
static inline bool brkmap_cache_push(struct brkmap_cache *cache, void *block)
{
    if (cache == NULL || (uintptr_t)block % BRKMAP_ALIGNMENT != 0) return false;
    const size_t header = brkmap_header(brkmap_chunk_of(block));
    if ((header & (BRKMAP_FLAGS & ~BRKMAP_PREV_IN_USE)) != BRKMAP_IN_USE) return false;
    const size_t size = header & ~(size_t)BRKMAP_FLAGS;
    struct brkmap_cached *cached = block;
    const size_t class = brkmap_class_of(size);
    if (class < BRKMAP_CLASSES) {
        if (cache->room[class] == 0 || cached->owner == cache) return false;
        cached->next = cache->lists[class];
        cache->lists[class] = cached;
        cache->room[class]--;
    } else {
        if (size <= BRKMAP_LISTED_MAX || size > BRKMAP_CACHED_MAX) return false;
        if (cache->large != NULL || cache->closed) return false;
        cached->next = NULL;
        cache->large = cached;
    }
    cached->owner = cache;
    return true;
}

// What follows is in cache.c. These take the heap's lock.

/// A block for a request that the cache did not serve, and some more of its class, if it has one,
/// into the cache, which the thread gets if it has none. NULL: the kernel refused.
/// pre: chunk_size <= CACHED_MAX.
void *brkmap_cache_refill(struct brkmap_heap *heap, size_t chunk_size);
/// Makes room for a chunk that the cache did not keep: half of its list is freed, or the large one.
/// Then the cache keeps it; or it is freed too.
void brkmap_cache_spill(struct brkmap_heap *heap, struct chunk *chunk);

/// Gives the calling thread's cache back, for good.
void brkmap_thread_end(void);

// These do not: the caller holds it, or the cache is its own.

/// Whether the cache holds the block.
bool brkmap_cache_has(const struct brkmap_cache *cache, const void *block);
/// Frees the large chunk if it is what `chunk` would have to grow over; gives no memory back for
/// it.
void brkmap_cache_make_way(struct brkmap_heap *heap, const struct chunk *chunk);
/// Gives the calling thread's cache to the heap, with all that it holds; the next small request
/// opens another. pre: it has one.
void brkmap_cache_close(struct brkmap_heap *heap);
/// Forgets all caches: their memory is gone. pre: no thread is in the heap.
void brkmap_caches_forget(struct brkmap_heap *heap);

// threads.c

/// Whether a thread's end can be watched: not before the library's constructors ran.
bool brkmap_thread_watchable(void);
/// The calling thread's cache is given back when it ends. False: that could not be arranged.
bool brkmap_thread_watch(void);

#endif
