// SPDX-License-Identifier: MIT
/// cache.c: the way between a thread's cache and the heap: by several chunks at a time, and side by
/// side where they can be.
#include "allocators/brkmap/cache.h"

#include <errno.h>
#include <string.h>

_Thread_local struct brkmap_slot brkmap_slot __attribute__((tls_model("initial-exec")));

static void link_slot(struct brkmap_heap *heap, struct brkmap_slot *slot)
{
    slot->prev = NULL;
    slot->next = heap->threads;
    if (slot->next != NULL) slot->next->prev = slot;
    heap->threads = slot;
}

static void unlink_slot(struct brkmap_heap *heap, struct brkmap_slot *slot)
{
    if (slot->next != NULL) slot->next->prev = slot->prev;
    if (slot->prev != NULL)
        slot->prev->next = slot->next;
    else
        heap->threads = slot->next;
}

static void set_room(struct brkmap_cache *cache, bool closed)
{
    cache->closed = closed;
    for (size_t class = 0; class < BRKMAP_CLASSES; class ++)
        cache->room[class] = closed ? 0 : brkmap_class_depth(class);
}

// ---------------------------------------------------------------------------- to the heap

/// Frees a list from here on; the top's end is left for the caller to settle. Blocks are often
/// freed in the order that they were handed out in, or against it; so what follows each other in
/// the list and in memory is made one chunk first, and the heap has to join and bin only that.
///
///   link -> C -> B -> A -> F        | A | B | C | ... | F |   becomes   | chunk     | ... | F |
static void release(struct brkmap_heap *heap, struct brkmap_cached **link)
{
    struct brkmap_cached *cached = *link;
    *link = NULL;
    while (cached != NULL) {
        struct chunk *run = brkmap_chunk_of(cached);
        cached->owner = NULL;
        for (cached = cached->next; cached != NULL; cached = cached->next) {
            struct chunk *chunk = brkmap_chunk_of(cached);
            if (brkmap_chunk_unite(chunk, run))
                run = chunk;
            else if (!brkmap_chunk_unite(run, chunk))
                break;
            cached->owner = NULL;
        }
        brkmap_segment_settle_arena(heap, brkmap_chunk_free(heap, run));
    }
}

static void empty(struct brkmap_heap *heap, struct brkmap_cache *cache)
{
    release(heap, &cache->large);
    for (size_t class = 0; class < BRKMAP_CLASSES; class ++)
        release(heap, &cache->lists[class]);
    brkmap_segment_settle_top(heap);
    set_room(cache, cache->closed);
}

/// Keeps the half that was freed last, which is in the processor's caches still.
static void give_half(struct brkmap_heap *heap, struct brkmap_cache *cache, size_t class)
{
    struct brkmap_cached **link = &cache->lists[class];
    const uint16_t depth = brkmap_class_depth(class);
    uint16_t kept = 0;
    for (; kept < depth / 2 && *link != NULL; kept++)
        link = &(*link)->next;
    release(heap, link);
    cache->room[class] = depth - kept;
}

/// A large heap of which little is in use would be kept whole by a few cached chunks at its top. So
/// it is served without the cache, until it is small or full again, or free from there to the top.
/// The break is moved once, however many lists come free there.
static void close_if_sparse(struct brkmap_heap *heap, struct brkmap_cache *cache)
{
    const size_t reach = brkmap_segment_reach(heap);
    const bool sparse = reach > BRKMAP_SPARSE_FROM && heap->used < reach / 8;
    if (sparse == cache->closed) return;
    if (sparse) empty(heap, cache);
    set_room(cache, sparse);
}

void brkmap_cache_spill(struct brkmap_heap *heap, struct chunk *chunk)
{
    const bool locked = brkmap_lock(heap);
    const size_t size = brkmap_size(chunk);
    struct brkmap_cache *cache = brkmap_cache_of(heap);
    if (cache != NULL && !cache->closed) {
        if (size <= BRKMAP_LISTED_MAX)
            give_half(heap, cache, brkmap_class_of(size));
        else if (size <= BRKMAP_CACHED_MAX)
            release(heap, &cache->large);
    }
    if (brkmap_cache_push(cache, brkmap_block(chunk)))
        brkmap_segment_settle_top(heap); // of what made room for it
    else
        brkmap_chunk_release(heap, chunk);
    if (cache != NULL) close_if_sparse(heap, cache);
    brkmap_unlock(heap, locked);
}

// ---------------------------------------------------------------------------- from the heap

/// How many chunks to take for a list beside the one that is asked for: a quarter of what it takes.
static size_t batch(const struct brkmap_cache *cache, size_t size)
{
    if (cache == NULL || size > BRKMAP_LISTED_MAX) return 0;
    return cache->room[brkmap_class_of(size)] / 4;
}

/// Puts `more` chunks into a list, so that it hands them out in the order of addresses: those
/// behind the first of `run`, which is somebody's, and then what the heap has. pre: the list is
/// empty.
///
///   | run, in use                     |
///   | size, the caller's | size | size |       both others cached
static void fetch(struct brkmap_heap *heap, struct brkmap_cache *cache, struct chunk *run,
                  size_t size, size_t more)
{
    struct brkmap_cached **link = &cache->lists[brkmap_class_of(size)];
    uint16_t *room = &cache->room[brkmap_class_of(size)];
    for (run = brkmap_chunk_cut(run, size); more > 0; more--) {
        if (run == NULL) run = brkmap_chunk_take_run(heap, size, more, false);
        if (run == NULL) break;
        struct chunk *chunk = run;
        run = brkmap_chunk_cut(chunk, size);
        if (brkmap_size(chunk) != size) { // a bit was left over that is too small to cut off
            brkmap_chunk_release(heap, chunk);
            break;
        }
        struct brkmap_cached *cached = brkmap_block(chunk);
        cached->owner = cache;
        *link = cached;
        link = &cached->next;
        --*room;
    }
    *link = NULL;
}

/// A cache for this thread, in a block of the heap; NULL: none is to be had, now or any more.
static struct brkmap_cache *open_cache(struct brkmap_heap *heap)
{
    struct chunk *chunk = brkmap_chunk_take(heap, brkmap_chunk_size(sizeof(struct brkmap_cache)));
    if (chunk == NULL) return NULL;
    struct brkmap_cache *cache = brkmap_block(chunk);
    memset(cache->lists, 0, sizeof cache->lists);
    cache->large = NULL;
    set_room(cache, false);
    brkmap_slot.cache = cache;
    link_slot(heap, &brkmap_slot);
    return cache;
}

void brkmap_cache_make_way(struct brkmap_heap *heap, const struct chunk *chunk)
{
    struct brkmap_cache *cache = brkmap_cache_of(heap);
    struct chunk *above = brkmap_next(chunk);
    if (!brkmap_is(above, BRKMAP_IN_USE)) above = brkmap_next(above);
    if (cache == NULL || cache->large != brkmap_block(above)) return;
    cache->large->owner = NULL;
    cache->large = NULL;
    (void)brkmap_chunk_free(heap, above);
}

void brkmap_cache_close(struct brkmap_heap *heap)
{
    struct brkmap_cache *cache = brkmap_slot.cache;
    empty(heap, cache);
    unlink_slot(heap, &brkmap_slot);
    brkmap_slot.cache = NULL;
    brkmap_chunk_release(heap, brkmap_chunk_of(cache));
}

void brkmap_thread_end(void)
{
    struct brkmap_heap *heap = &brkmap_heap_default;
    const bool locked = brkmap_lock(heap);
    if (brkmap_slot.cache != NULL) brkmap_cache_close(heap);
    brkmap_slot.ended = true;
    brkmap_unlock(heap, locked);
}

void brkmap_caches_forget(struct brkmap_heap *heap)
{
    for (struct brkmap_slot *slot = heap->threads, *next; slot != NULL; slot = next) {
        next = slot->next;
        *slot = (struct brkmap_slot){0};
    }
    heap->threads = NULL;
}

/// What arranges for the thread's end may call malloc: so the thread has its cache by then, and the
/// lock is free.
static void watch_thread(void)
{
    const int error = errno;
    if (!brkmap_thread_watch()) brkmap_thread_end();
    errno = error;
}

void *brkmap_cache_refill(struct brkmap_heap *heap, size_t size)
{
    const bool locked = brkmap_lock(heap);
    struct brkmap_cache *cache = brkmap_cache_of(heap);
    const bool opens = cache == NULL && heap == &brkmap_heap_default && !brkmap_slot.ended &&
                       brkmap_thread_watchable();
    if (opens) cache = open_cache(heap);
    // Who refuses the heap a cache is not asked again for what it would have held.
    const bool may_grow = !opens || cache != NULL;
    if (cache != NULL) close_if_sparse(heap, cache);
    const size_t more = batch(cache, size);
    struct chunk *chunk = brkmap_chunk_take_run(heap, size, 1 + more, may_grow);
    if (chunk != NULL && more > 0) fetch(heap, cache, chunk, size, more);
    brkmap_unlock(heap, locked);
    if (opens && cache != NULL) watch_thread();
    return chunk != NULL ? brkmap_block(chunk) : NULL;
}

// ---------------------------------------------------------------------------- checks

bool brkmap_cache_has(const struct brkmap_cache *cache, const void *block)
{
    if (block == cache->large) return true;
    const size_t class = brkmap_class_of(brkmap_size(brkmap_chunk_of(block)));
    if (class >= BRKMAP_CLASSES) return false;
    const struct brkmap_cached *cached = cache->lists[class];
    while (cached != NULL && cached != block)
        cached = cached->next;
    return cached != NULL;
}
