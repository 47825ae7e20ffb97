// SPDX-License-Identifier: MIT
/// cache.c: the way between a thread's cache and the heap: by several chunks at a time.
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

static void release(struct brkmap_heap *heap, struct brkmap_cached *cached)
{
    cached->owner = NULL;
    brkmap_chunk_release(heap, brkmap_chunk_of(cached));
}

static void empty(struct brkmap_heap *heap, struct brkmap_cache *cache)
{
    for (size_t class = 0; class < BRKMAP_CLASSES; class ++) {
        for (struct brkmap_cached *next, *cached = cache->lists[class]; cached != NULL;
             cached = next) {
            next = cached->next;
            release(heap, cached);
        }
        cache->lists[class] = NULL;
    }
    set_room(cache, cache->closed);
}

/// Keeps the half that was freed last, which is in the processor's caches still.
static void give_half(struct brkmap_heap *heap, struct brkmap_cache *cache, size_t class)
{
    struct brkmap_cached **link = &cache->lists[class];
    for (unsigned kept = 0; kept < brkmap_class_depth(class) / 2u; kept++)
        link = &(*link)->next;
    struct brkmap_cached *cached = *link;
    *link = NULL;
    while (cached != NULL) {
        struct brkmap_cached *next = cached->next;
        release(heap, cached);
        cache->room[class]++;
        cached = next;
    }
}

/// A large heap of which little is in use would be kept whole by a few cached chunks at its top. So
/// it is served without the cache, until it is small or full again.
static void close_if_sparse(struct brkmap_heap *heap, struct brkmap_cache *cache)
{
    const bool sparse = heap->held > BRKMAP_SPARSE_FROM && heap->used < heap->held / 8;
    if (sparse == cache->closed) return;
    if (sparse) empty(heap, cache);
    set_room(cache, sparse);
}

void brkmap_cache_spill(struct brkmap_heap *heap, struct chunk *chunk)
{
    const bool locked = brkmap_lock(heap);
    const size_t size = brkmap_size(chunk);
    struct brkmap_cache *cache = brkmap_cache_of(heap);
    brkmap_chunk_release(heap, chunk);
    if (cache != NULL) {
        if (size <= BRKMAP_CACHED_MAX && !cache->closed)
            give_half(heap, cache, brkmap_class_of(size));
        close_if_sparse(heap, cache);
    }
    brkmap_unlock(heap, locked);
}

// ---------------------------------------------------------------------------- from the heap

/// Fills a quarter of a list, with what the heap has, so that it is handed out in the order of
/// addresses. pre: the list is empty.
static void fetch(struct brkmap_heap *heap, struct brkmap_cache *cache, size_t chunk_size)
{
    struct brkmap_cached **link = &cache->lists[brkmap_class_of(chunk_size)];
    uint16_t *room = &cache->room[brkmap_class_of(chunk_size)];
    for (unsigned more = *room / 4u; more > 0; more--) {
        struct chunk *chunk = brkmap_chunk_take(heap, chunk_size, false);
        if (chunk == NULL) break;
        if (brkmap_size(chunk) != chunk_size) { // a bit was left over that is too small to cut off
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
    struct chunk *chunk =
        brkmap_chunk_take(heap, brkmap_chunk_size(sizeof(struct brkmap_cache)), true);
    if (chunk == NULL) return NULL;
    struct brkmap_cache *cache = brkmap_block(chunk);
    memset(cache->lists, 0, sizeof cache->lists);
    set_room(cache, false);
    brkmap_slot.cache = cache;
    link_slot(heap, &brkmap_slot);
    return cache;
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

void *brkmap_cache_refill(struct brkmap_heap *heap, size_t chunk_size)
{
    const bool locked = brkmap_lock(heap);
    struct brkmap_cache *cache = brkmap_cache_of(heap);
    const bool opens = cache == NULL && heap == &brkmap_heap_default && !brkmap_slot.ended &&
                       brkmap_thread_watchable();
    if (opens) cache = open_cache(heap);
    // Who refuses the heap a cache is not asked again for what it would have held.
    const bool may_grow = !opens || cache != NULL;
    struct chunk *chunk = brkmap_chunk_take(heap, chunk_size, may_grow);
    if (chunk != NULL && cache != NULL) {
        close_if_sparse(heap, cache);
        fetch(heap, cache, chunk_size);
    }
    brkmap_unlock(heap, locked);
    if (opens && cache != NULL) watch_thread();
    return chunk != NULL ? brkmap_block(chunk) : NULL;
}

// ---------------------------------------------------------------------------- checks

bool brkmap_cache_has(const struct brkmap_cache *cache, const void *block)
{
    const size_t class = brkmap_class_of(brkmap_size(brkmap_chunk_of(block)));
    if (class >= BRKMAP_CLASSES) return false;
    const struct brkmap_cached *cached = cache->lists[class];
    while (cached != NULL && cached != block)
        cached = cached->next;
    return cached != NULL;
}
