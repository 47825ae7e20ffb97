// SPDX-License-Identifier: MIT
/// ask_alignment.c: what blocks are multiples of.
#include "harness/probe/prober.h"

#include <stdalign.h>

#define RANGES      21 // 1, 2-3, 4-7, ... bytes, up to 2 MiB
#define TINY_BLOCKS 4096
#define TINY_SLOTS  256
#define TINY_LEAST  64 // blocks of a range, for its alignment to say something
#define FEW_FROM    16 // from this range on, so that they fit in the memory limit
#define FEW         12
#define MANY        96
#define TOLD_MOST   4096 // more is not told apart

/// All addresses of a range's blocks, put together by or: their lowest bit is the alignment.
struct seen {
    uintptr_t bits[RANGES];
    uint32_t blocks[RANGES];
};

static unsigned range_of(size_t size)
{
    return 63u - (unsigned)__builtin_clzl(size);
}

static void note(struct seen *seen, size_t size, uintptr_t block)
{
    if (block == 0) return;
    seen->bits[range_of(size)] |= block;
    seen->blocks[range_of(size)]++;
}

static uint64_t alignment_of(const struct seen *seen, unsigned range)
{
    const uintptr_t bits = seen->bits[range] | TOLD_MOST;
    return bits & -bits;
}

/// A linear congruential step (Knuth's MMIX constants).
static uint64_t next(uint64_t *random)
{
    *random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *random >> 33;
}

#define TINY_MOST 15

/// In memory that was never used: each tiny size behind each other one. They are left alive.
static void try_tiny_pairs(struct hd_prober *prober, struct seen *seen)
{
    for (size_t size = 1; size <= TINY_MOST; size++)
        for (size_t other = 1; other <= TINY_MOST; other++) {
            note(seen, size, hd_prober_malloc(prober, size));
            note(seen, other, hd_prober_malloc(prober, other));
        }
}

/// Tiny blocks of mixed sizes come and go: behind a block of one size stands one of another, and
/// holes are filled with smaller ones; by malloc, calloc, and realloc to less.
static void try_tiny(struct hd_prober *prober, struct seen *seen)
{
    const struct hd_allocator *allocator = &prober->subject.allocator;
    static uintptr_t slots[TINY_SLOTS];
    uint64_t random = 1;
    for (unsigned i = 0; i < TINY_BLOCKS; i++) {
        uintptr_t *slot = &slots[next(&random) % TINY_SLOTS];
        const size_t size = 1 + next(&random) % TINY_MOST;
        const uint64_t way = next(&random) % 4;
        hd_prober_free(prober, *slot);
        if (way == 0 && allocator->allocate_zeroed != NULL)
            *slot = hd_prober_call(prober, HD_OP_CALLOC, 0, 1, size).result;
        else
            *slot = hd_prober_malloc(prober, way == 1 ? 2 * size : size);
        if (way == 1 && *slot != 0 && allocator->resize != NULL) {
            const uintptr_t resized = hd_prober_call(prober, HD_OP_REALLOC, *slot, 0, size).result;
            if (resized != 0) *slot = resized;
            note(seen, resized != 0 ? size : 2 * size, *slot);
        } else {
            note(seen, way == 1 ? 2 * size : size, *slot);
        }
    }
    for (unsigned i = 0; i < TINY_SLOTS; i++)
        hd_prober_free(prober, slots[i]);
}

/// Sizes of a range, odd ones among them, all alive at once.
static void try_range(struct hd_prober *prober, unsigned range, struct seen *seen)
{
    uintptr_t blocks[MANY];
    const unsigned count = range < FEW_FROM ? MANY : FEW;
    const size_t low = (size_t)1 << range;
    for (unsigned i = 0; i < count; i++) {
        const unsigned other = i < count / 3 ? 0 : i % 24; // the first third of the least size
        const size_t size = low + low * (other / 2) / 12 + (other & 1);
        blocks[i] = hd_prober_malloc(prober, size);
        note(seen, size, blocks[i]);
    }
    for (unsigned i = 0; i < count; i++)
        hd_prober_free(prober, blocks[i]);
}

/// What can be held to. Blocks are multiples of 2 or 4 by chance, of a word or more by design.
static uint8_t tiny_alignment(const struct seen *seen, unsigned range)
{
    const uint64_t found = alignment_of(seen, range);
    if (seen->blocks[range] < TINY_LEAST || found < sizeof(void *)) return 0;
    return (uint8_t)(found < alignof(max_align_t) ? found : alignof(max_align_t));
}

void hd_ask_alignment(struct hd_prober *prober)
{
    struct seen seen = {0};
    try_tiny_pairs(prober, &seen);
    try_tiny(prober, &seen);
    for (unsigned range = 4; range < RANGES; range++)
        try_range(prober, range, &seen);
    for (unsigned range = 0; range < HD_TINY_RANGES; range++)
        prober->page->probe.choices.alignment[range] = tiny_alignment(&seen, range);

    unsigned from = 0;
    for (unsigned range = 1; range <= RANGES; range++) {
        if (seen.blocks[from] == 0) {
            from = range; // it served none of these
        } else if (range == RANGES || seen.blocks[range] == 0 ||
                   alignment_of(&seen, range) != alignment_of(&seen, from)) {
            (void)hd_tell_row(prober, UINT64_C(1) << from, (UINT64_C(1) << range) - 1,
                              alignment_of(&seen, from));
            from = range;
        }
    }
    if (prober->told->row_count == 0) hd_tell_nothing(prober->told, "no request was served");
}

// ---------------------------------------------------------------------------- the largest

#define LARGEST_BITS 28 // 256 MiB: no machine is too small

/// The call that can ask for any alignment with any size, as far as one is offered.
static enum hd_op_kind aligned_call(const struct hd_allocator *allocator)
{
    if (allocator->allocate_posix != NULL) return HD_OP_POSIX_MEMALIGN;
    return allocator->allocate_memalign != NULL ? HD_OP_MEMALIGN : HD_OP_ALIGNED_ALLOC;
}

void hd_ask_alignment_largest(struct hd_prober *prober)
{
    const enum hd_op_kind kind = aligned_call(&prober->subject.allocator);
    if (!hd_prober_offers(prober, kind)) return;
    uint64_t largest = 0;
    for (unsigned bits = 3; bits <= LARGEST_BITS; bits++) {
        const uint64_t alignment = UINT64_C(1) << bits;
        const uint64_t size = kind == HD_OP_ALIGNED_ALLOC ? alignment : 64;
        const uintptr_t block = hd_prober_call(prober, kind, 0, alignment, size).result;
        if (block != 0 && block % alignment == 0) largest = alignment;
        hd_prober_free(prober, block);
    }
    if (largest == 0)
        hd_tell_words(prober->told, "none");
    else
        hd_tell_bytes(prober->told, largest);
    if (largest == UINT64_C(1) << LARGEST_BITS)
        hd_tell_words(prober->told, "256 MiB and perhaps more");
}
