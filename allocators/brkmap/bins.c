// SPDX-License-Identifier: MIT
/// bins.c: the free chunks by size: eight lists to each power of two.
///
/// A size counts in units of 16 bytes. Below 16 units each size has a list of its own:
///
///   units     2  3 ...  7 |  8  9 ... 15 | 16-17 18-19 ... 30-31 | 32-35 ... | 2^22 and more
///   bin       2  3 ...  7 |  8  9 ... 15 |   16    17  ...   23  |   24  ... |      160
///
/// Any chunk of a bin above a request's own is large enough. In its own bin a chunk may be too
/// small, so we look at a few and then go up: a long list of near misses costs no more than that.
#include "allocators/brkmap/heap.h"

enum { LOOK_MAX = 16 };

void brkmap_bin_put(struct brkmap_heap *heap, struct chunk *chunk)
{
    const unsigned bin = brkmap_bin_of(brkmap_size(chunk));
    chunk->prev = NULL;
    chunk->next = heap->bins[bin];
    if (chunk->next != NULL) chunk->next->prev = chunk;
    heap->bins[bin] = chunk;
    heap->bins_used[bin / 64] |= UINT64_C(1) << bin % 64;
}

static void forget_bin(struct brkmap_heap *heap, unsigned bin)
{
    if (brkmap_has_fault(brkmap_fault_inside_bin_bit_kept)) return;
    heap->bins_used[bin / 64] &= ~(UINT64_C(1) << bin % 64);
}

void brkmap_bin_remove(struct brkmap_heap *heap, struct chunk *chunk)
{
    struct chunk *next = chunk->next;
    struct chunk *prev = chunk->prev;
    const unsigned bin = brkmap_bin_of(brkmap_size(chunk));
    if ((next != NULL && next->prev != chunk) ||
        (prev != NULL ? prev->next : heap->bins[bin]) != chunk)
        BRKMAP_DIE("brkmap: a free block was overwritten\n");

    if (next != NULL) next->prev = prev;
    if (prev != NULL) {
        prev->next = next;
        return;
    }
    heap->bins[bin] = next;
    if (next == NULL) forget_bin(heap, bin);
}

/// The first bin from `bin` on that is not empty; BRKMAP_BIN_COUNT: none.
static unsigned next_used(const struct brkmap_heap *heap, unsigned bin)
{
    uint64_t mask = ~UINT64_C(0) << bin % 64;
    for (unsigned word = bin / 64; word < BRKMAP_BIN_WORDS; word++) {
        const uint64_t used = heap->bins_used[word] & mask;
        if (used != 0) return word * 64 + (unsigned)__builtin_ctzll(used);
        mask = ~UINT64_C(0);
    }
    return BRKMAP_BIN_COUNT;
}

/// The smallest that is large enough of the first chunks of a bin; NULL: none is. What is left over
/// of a chunk is soon too small for anybody, so to take the first costs a fifth more memory.
static struct chunk *best_of(struct chunk *chunk, size_t need)
{
    struct chunk *best = NULL;
    for (int looked = 0; chunk != NULL && looked < LOOK_MAX; looked++, chunk = chunk->next) {
        const size_t size = brkmap_size(chunk);
        if (size == need) return chunk;
        if (size > need && (best == NULL || size < brkmap_size(best))) best = chunk;
    }
    return best;
}

struct chunk *brkmap_bin_find(struct brkmap_heap *heap, size_t need)
{
    const unsigned own = brkmap_bin_of(need);
    struct chunk *best = best_of(heap->bins[own], need);
    if (best != NULL) return best;

    const unsigned above = next_used(heap, own + 1);
    return above < BRKMAP_BIN_COUNT ? heap->bins[above] : NULL;
}
