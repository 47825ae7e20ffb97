// SPDX-License-Identifier: MIT
/// consistent.c: every invariant of heap.h, checked. Nothing is read that was not first found to
/// lie inside a segment, so a broken heap gives an answer and not a crash.
#include "allocators/brkmap/cache.h"

static bool in_a_segment(const struct brkmap_heap *heap, const struct chunk *chunk)
{
    const uintptr_t at = (uintptr_t)chunk;
    if (at % BRKMAP_ALIGNMENT != 0) return false;
    for (const struct segment *segment = heap->segments; segment != NULL; segment = segment->next) {
        const uintptr_t first = (uintptr_t)brkmap_first(segment);
        if (at >= first && at - first <= segment->end - first - BRKMAP_CHUNK_MIN) return true;
    }
    return false;
}

/// Both neighbours in the bin point back. So no chunk is in a list twice, or in two.
static bool links_hold(const struct brkmap_heap *heap, const struct chunk *chunk)
{
    const struct chunk *next = chunk->next;
    if (next != NULL && (!in_a_segment(heap, next) || next->prev != chunk)) return false;
    if (chunk->prev == NULL) return heap->bins[brkmap_bin_of(brkmap_size(chunk))] == chunk;
    return in_a_segment(heap, chunk->prev) && chunk->prev->next == chunk;
}

/// What the walk over the segments finds.
struct sums {
    size_t free_count; // chunks
    size_t used;       // bytes in use
    size_t held;       // bytes
};

/// From the first chunk to the fence, each begins where the one below ends.
static bool chunks_hold(const struct brkmap_heap *heap, const struct segment *segment,
                        struct sums *sums)
{
    const struct chunk *fence = brkmap_fence(segment);
    const struct chunk *chunk = brkmap_first(segment);
    size_t below_size = 0; // of the chunk below, if it is free
    while (chunk != fence) {
        const size_t size = brkmap_size(chunk);
        if (size < BRKMAP_CHUNK_MIN || size > (uintptr_t)fence - (uintptr_t)chunk) return false;
        if (brkmap_is(chunk, BRKMAP_MAPPED | BRKMAP_FENCE)) return false;
        if (brkmap_is(chunk, BRKMAP_PREV_IN_USE) != (below_size == 0)) return false;
        if (below_size != 0 && chunk->prev_size != below_size) return false;

        const bool is_free = !brkmap_is(chunk, BRKMAP_IN_USE);
        if (is_free) {
            if (below_size != 0 || !links_hold(heap, chunk)) return false;
            sums->free_count++;
        } else {
            sums->used += size;
        }
        below_size = is_free ? size : 0;
        chunk = brkmap_next(chunk);
    }
    sums->held += segment->end - (uintptr_t)segment;
    if (brkmap_header(fence) !=
        (BRKMAP_FENCE | BRKMAP_IN_USE | (below_size == 0 ? (size_t)BRKMAP_PREV_IN_USE : 0)))
        return false;
    return below_size == 0 || fence->prev_size == below_size;
}

/// How many bins hold a chunk.
static unsigned filled_bins(const struct brkmap_heap *heap)
{
    uint64_t filled = 0; // as wide as a pointer: a loop a compiler can vectorise
    for (unsigned bin = 0; bin < BRKMAP_BIN_COUNT; bin++)
        filled += heap->bins[bin] != NULL;
    return (unsigned)filled;
}

/// Every chunk in the bin is free, and in the right one. Counts them, to `free_count` at most.
static bool bin_holds(const struct brkmap_heap *heap, unsigned bin, size_t free_count,
                      size_t *binned)
{
    for (const struct chunk *chunk = heap->bins[bin]; chunk != NULL; chunk = chunk->next) {
        if (++*binned > free_count) return false; // a cycle, or a stranger
        if (!in_a_segment(heap, chunk) || brkmap_is(chunk, BRKMAP_IN_USE)) return false;
        if (brkmap_bin_of(brkmap_size(chunk)) != bin || !links_hold(heap, chunk)) return false;
    }
    return true;
}

/// The bins are marked that hold chunks, and hold as many as the segments have free ones.
static bool bins_hold(const struct brkmap_heap *heap, size_t free_count)
{
    size_t binned = 0;
    unsigned marked = 0;
    for (unsigned word = 0; word < BRKMAP_BIN_WORDS; word++) {
        for (uint64_t used = heap->bins_used[word]; used != 0; used &= used - 1, marked++) {
            const unsigned bin = word * 64 + (unsigned)__builtin_ctzll(used);
            if (bin >= BRKMAP_BIN_COUNT || heap->bins[bin] == NULL) return false;
            if (!bin_holds(heap, bin, free_count, &binned)) return false;
        }
    }
    return marked == filled_bins(heap) && binned == free_count;
}

/// The chunk lies in a segment, is in use and in this cache.
static bool is_cached(const struct brkmap_heap *heap, const struct brkmap_cache *cache,
                      const struct brkmap_cached *cached)
{
    const struct chunk *chunk = brkmap_chunk_of(cached);
    return in_a_segment(heap, chunk) && brkmap_is(chunk, BRKMAP_IN_USE) && cached->owner == cache;
}

/// Those of a list are of its class, and as many as its room says.
static bool list_holds(const struct brkmap_heap *heap, const struct brkmap_cache *cache,
                       size_t class)
{
    size_t left = (cache->closed ? 0u : brkmap_class_depth(class)) - cache->room[class];
    for (const struct brkmap_cached *cached = cache->lists[class]; cached != NULL;
         cached = cached->next) {
        if (left-- == 0) return false; // a cycle, or a stranger
        if (!is_cached(heap, cache, cached)) return false;
        if (brkmap_class_of(brkmap_size(brkmap_chunk_of(cached))) != class) return false;
    }
    return left == 0;
}

static bool large_holds(const struct brkmap_heap *heap, const struct brkmap_cache *cache)
{
    if (cache->large == NULL) return true;
    if (cache->closed || !is_cached(heap, cache, cache->large)) return false;
    const size_t size = brkmap_size(brkmap_chunk_of(cache->large));
    return size > BRKMAP_LISTED_MAX && size <= BRKMAP_CACHED_MAX;
}

static bool caches_hold(const struct brkmap_heap *heap)
{
    for (const struct brkmap_slot *slot = heap->threads; slot != NULL; slot = slot->next) {
        if (!large_holds(heap, slot->cache)) return false;
        for (size_t class = 0; class < BRKMAP_CLASSES; class ++)
            if (!list_holds(heap, slot->cache, class)) return false;
    }
    return true;
}

bool brkmap_consistent(struct brkmap_heap *heap)
{
    struct sums sums = {0};
    bool top_found = heap->top == NULL;
    for (const struct segment *segment = heap->segments; segment != NULL; segment = segment->next) {
        if (!chunks_hold(heap, segment, &sums)) return false;
        if (segment == heap->top) top_found = true;
    }
    return top_found && sums.used == heap->used && sums.held == heap->held &&
           bins_hold(heap, sums.free_count) && caches_hold(heap);
}
