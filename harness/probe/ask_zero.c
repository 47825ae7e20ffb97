// SPDX-License-Identifier: MIT
/// ask_zero.c: requests of no bytes.
#include "harness/probe/prober.h"

#include <string.h>

#define AT_ONCE 4

struct request {
    enum hd_op_kind kind;
    enum hd_zero_request choice; // HD_ZERO_REQUESTS: none that it is held to
    uint64_t extra;
    uint64_t size;
};

/// True when another of the blocks that live is at the same place.
static bool is_given_twice(const uintptr_t blocks[AT_ONCE], unsigned i)
{
    for (unsigned k = 0; k < AT_ONCE; k++)
        if (k != i && blocks[k] == blocks[i]) return true;
    return false;
}

static void count(struct hd_prober *prober, enum hd_zero_request choice, uintptr_t block)
{
    if (choice == HD_ZERO_REQUESTS) return;
    (block != 0 ? prober->page->blocks : prober->page->nulls)[choice]++;
}

/// Some at once, one of them again after it was freed; nothing is told yet.
static void try(struct hd_prober *prober, const struct request *request, struct hd_votes *votes)
{
    uintptr_t blocks[AT_ONCE];
    char words[AT_ONCE][HD_WORD_MAX];
    for (unsigned i = 0; i <= AT_ONCE; i++) {
        const unsigned at = i % AT_ONCE; // the first once more
        if (i == AT_ONCE) hd_prober_free(prober, blocks[at]);
        const struct hd_answer answer =
            hd_prober_call(prober, request->kind, 0, request->extra, request->size);
        blocks[at] = answer.result;
        hd_answer_word(request->kind, &answer, words[at]);
        count(prober, request->choice, answer.result);
    }
    for (unsigned i = 0; i < AT_ONCE; i++) {
        if (blocks[i] == 0)
            hd_vote(votes, "%s", words[i]);
        else
            hd_vote(votes, "%s",
                    is_given_twice(blocks, i) ? "the same block each time" : "a block of its own");
    }
    for (unsigned i = 0; i < AT_ONCE; i++)
        if (blocks[i] != 0 && !(i > 0 && blocks[i] == blocks[0])) hd_prober_free(prober, blocks[i]);
}

static void ask(struct hd_prober *prober, const struct request *request)
{
    struct hd_votes votes = {0};
    if (!hd_prober_offers(prober, request->kind)) return;
    try(prober, request, &votes);
    hd_tell_votes(&votes, prober->told);
}

/// An aligned call, with alignments from a pointer's to a page's.
static void ask_aligned(struct hd_prober *prober, enum hd_op_kind kind, enum hd_zero_request choice)
{
    struct hd_votes votes = {0};
    if (!hd_prober_offers(prober, kind)) return;
    for (uint64_t alignment = 8; alignment <= 4096; alignment *= 8) {
        const struct request request = {.kind = kind, .choice = choice, .extra = alignment};
        try(prober, &request, &votes);
    }
    hd_tell_votes(&votes, prober->told);
}

void hd_ask_malloc_0(struct hd_prober *prober)
{
    ask(prober, &(struct request){.kind = HD_OP_MALLOC, .choice = HD_ZERO_MALLOC});
}

void hd_ask_calloc_0_n(struct hd_prober *prober)
{
    ask(prober, &(struct request){.kind = HD_OP_CALLOC, .choice = HD_ZERO_CALLOC, .size = 24});
}

void hd_ask_calloc_n_0(struct hd_prober *prober)
{
    ask(prober, &(struct request){.kind = HD_OP_CALLOC, .choice = HD_ZERO_CALLOC, .extra = 24});
}

void hd_ask_realloc_null_0(struct hd_prober *prober)
{
    ask(prober, &(struct request){.kind = HD_OP_REALLOC, .choice = HD_ZERO_REALLOC_NULL});
}

void hd_ask_aligned_alloc_0(struct hd_prober *prober)
{
    ask_aligned(prober, HD_OP_ALIGNED_ALLOC, HD_ZERO_ALIGNED_ALLOC);
}

void hd_ask_posix_memalign_0(struct hd_prober *prober)
{
    ask_aligned(prober, HD_OP_POSIX_MEMALIGN, HD_ZERO_POSIX_MEMALIGN);
}

void hd_ask_memalign_0(struct hd_prober *prober)
{
    ask_aligned(prober, HD_OP_MEMALIGN, HD_ZERO_REQUESTS); // no standard has it
}

// ---------------------------------------------------------------------------- realloc(p, 0)

/// From the smallest class to a mapping of its own.
static const size_t old_sizes[] = {1, 24, 100, 1000, 5000, 40000, 200000, (size_t)3 << 20};

#define OLD_SIZES (sizeof old_sizes / sizeof old_sizes[0])

void hd_ask_realloc_0(struct hd_prober *prober)
{
    struct hd_votes votes = {0};
    if (!hd_prober_offers(prober, HD_OP_REALLOC)) return;
    for (unsigned i = 0; i < OLD_SIZES; i++) {
        char word[HD_WORD_MAX];
        const uintptr_t old = hd_prober_malloc(prober, old_sizes[i]);
        if (old == 0) continue;
        const struct hd_answer answer = hd_prober_call(prober, HD_OP_REALLOC, old, 0, 0);
        hd_answer_word(HD_OP_REALLOC, &answer, word);
        hd_vote(&votes, "%s", word);
        count(prober, HD_ZERO_REALLOC, answer.result);
        if (answer.result != 0) hd_prober_free(prober, answer.result);
    }
    hd_tell_votes(&votes, prober->told);
}

#define RESIZED 64
#define ASKED   (2 * RESIZED)

/// Whether one of the blocks lies where an old one did.
static bool is_used_again(const uintptr_t old[RESIZED], uintptr_t block, size_t size)
{
    for (unsigned i = 0; i < RESIZED; i++)
        if (old[i] != 0 && block - old[i] < size) return true;
    return false;
}

/// Whether system calls gave back as much as a block.
static bool is_given_back(const struct hd_prober *prober, size_t size)
{
    size_t sum = 0;
    for (unsigned id = 0; id < HD_SYSCALLS; id++)
        sum += prober->lost[id];
    return sum >= size;
}

/// Many blocks are resized to no bytes, and then as many are asked for again: where these lie in
/// the old ones' memory that was freed. So was what went back to the kernel.
static void try_freed(struct hd_prober *prober, size_t size, struct hd_votes *votes)
{
    uintptr_t old[RESIZED];
    bool again = false;
    for (unsigned i = 0; i < RESIZED; i++)
        old[i] = hd_prober_malloc(prober, size);
    memset(prober->lost, 0, sizeof prober->lost);
    for (unsigned i = 0; i < RESIZED; i++) {
        if (old[i] == 0) continue;
        if (hd_prober_call(prober, HD_OP_REALLOC, old[i], 0, 0).result == 0) continue;
        hd_vote(votes, "replaced by a block");
        return;
    }
    if (is_given_back(prober, size)) {
        hd_vote(votes, "freed");
        return;
    }
    for (unsigned i = 0; i < ASKED && !again; i++) {
        const uintptr_t block = hd_prober_malloc(prober, size);
        again = block != 0 && is_used_again(old, block, size);
    }
    hd_vote(votes, "%s", again ? "freed" : "not seen to be freed");
}

void hd_ask_realloc_0_frees(struct hd_prober *prober)
{
    struct hd_votes votes = {0};
    if (!hd_prober_offers(prober, HD_OP_REALLOC)) return;
    for (unsigned i = 1; i + 1 < OLD_SIZES; i++)
        try_freed(prober, old_sizes[i], &votes);
    hd_tell_votes(&votes, prober->told);
}
