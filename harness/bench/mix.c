// SPDX-License-Identifier: MIT
/// mix.c: each block is drawn with the moment of its death; who dies when is a list a moment.
#include "harness/bench/mix.h"

#include "harness/bench/random.h"

#include <string.h>

const char *const hd_mix_names[HD_MIXES] = {
#define HD_MIX(program) #program,
#define HD_MIX_RANGE(program, size_max, share, ...)
#include "harness/bench/mixes.def"
#undef HD_MIX
#undef HD_MIX_RANGE
};

const uint32_t hd_mix_lifetimes[HD_MIX_LIFETIMES - 1] = {8, 64, 512, 4096, 32768};

struct range {
    enum hd_mix mix;
    uint32_t size_max;
    uint32_t share;
    uint32_t lifetimes[HD_MIX_LIFETIMES];
};

static const struct range ranges[] = {
#define HD_MIX(program)
#define HD_MIX_RANGE(program, size_max, share, ...)                                                \
    {HD_MIX_##program, size_max, share, {__VA_ARGS__}},
#include "harness/bench/mixes.def"
#undef HD_MIX
#undef HD_MIX_RANGE
};

#define RANGES (sizeof ranges / sizeof ranges[0])

// ---------------------------------------------------------------------------- one block

/// By the shares, whose sum is about 10,000.
static const struct range *draw_range(enum hd_mix mix, struct hd_random *random)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < RANGES; i++)
        if (ranges[i].mix == mix) sum += ranges[i].share;
    uint64_t left = hd_random_next(random) % sum;
    for (size_t i = 0; i < RANGES; i++) {
        if (ranges[i].mix != mix) continue;
        if (left < ranges[i].share) return &ranges[i];
        left -= ranges[i].share;
    }
    HD_ASSERT(false);
}

static uint64_t draw_size(const struct range *range, struct hd_random *random)
{
    const uint64_t below = range->size_max == 16 ? 0 : range->size_max / 2;
    return hd_random_between(random, below + 1, range->size_max);
}

/// n: the block is freed right before the n-th allocation after its own; UINT32_MAX: it is not.
static uint32_t draw_lifetime(const struct range *range, struct hd_random *random)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < HD_MIX_LIFETIMES; i++)
        sum += range->lifetimes[i];
    uint64_t left = hd_random_next(random) % sum;
    size_t age = 0;
    while (left >= range->lifetimes[age])
        left -= range->lifetimes[age++];
    if (age == HD_MIX_LIFETIMES - 1) return UINT32_MAX;

    // A class of ages is a factor of 8: one of three doublings, then evenly in it.
    const uint32_t end = hd_mix_lifetimes[age];
    const uint32_t low = end >> hd_random_between(random, 1, 3);
    return (uint32_t)hd_random_between(random, low, 2 * (uint64_t)low - 1);
}

// ---------------------------------------------------------------------------- the trace

/// What lies ahead. Slots are indexes; 0 stands for none, so each is one more than it is.
struct future {
    uint32_t *dying; // by allocation: the first of the slots that are freed before it
    uint32_t *next;  // by slot: the next that is freed then, or the next free slot
    uint32_t unused; // the first free slot
    uint32_t slots;
};

static uint32_t take_slot(struct future *future)
{
    if (future->unused == 0) return future->slots++;
    const uint32_t slot = future->unused - 1;
    future->unused = future->next[slot];
    return slot;
}

/// Frees those whose moment it is; returns how many operations that took.
static size_t free_dying(struct future *future, uint32_t now, struct hd_op *ops)
{
    size_t count = 0;
    uint32_t link = future->dying[now];
    while (link != 0) {
        const uint32_t slot = link - 1;
        link = future->next[slot];
        ops[count++] = (struct hd_op){.kind = HD_OP_FREE, .slot = slot};
        future->next[slot] = future->unused;
        future->unused = slot + 1;
    }
    return count;
}

static uint32_t *take_words(struct hd_arena *arena, uint32_t count)
{
    uint32_t *words = hd_arena_take(arena, count * sizeof *words, _Alignof(uint32_t));
    memset(words, 0, count * sizeof *words);
    return words;
}

void hd_mix_make(enum hd_mix mix, uint64_t seed, uint32_t allocations, struct hd_arena *arena,
                 struct hd_trace *trace)
{
    HD_ASSERT(allocations <= HD_SLOT_MAX);
    struct hd_random random = {.state = seed + mix};
    struct hd_op *ops =
        hd_arena_take(arena, 2 * (size_t)allocations * sizeof *ops, _Alignof(struct hd_op));
    const size_t used = arena->used;
    struct future future = {.dying = take_words(arena, allocations),
                            .next = take_words(arena, allocations)};
    size_t count = 0;
    for (uint32_t now = 0; now < allocations; now++) {
        count += free_dying(&future, now, ops + count);
        const struct range *range = draw_range(mix, &random);
        const uint32_t slot = take_slot(&future);
        ops[count++] =
            (struct hd_op){.kind = HD_OP_MALLOC, .slot = slot, .size = draw_size(range, &random)};
        const uint32_t lifetime = draw_lifetime(range, &random);
        if (lifetime >= allocations - now) continue; // it is left
        uint32_t *dying = &future.dying[now + lifetime];
        future.next[slot] = *dying;
        *dying = slot + 1;
    }
    hd_arena_reset(arena, used);
    *trace = (struct hd_trace){.ops = ops, .count = count, .slot_count = future.slots};
}
