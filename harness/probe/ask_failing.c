// SPDX-License-Identifier: MIT
/// ask_failing.c: requests that nobody can serve, and errno.
#include "harness/probe/prober.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/// What one call gives, `block` being the one it resizes.
static void ask(struct hd_prober *prober, enum hd_op_kind kind, uintptr_t block, uint64_t extra,
                uint64_t size)
{
    char word[HD_WORD_MAX];
    const struct hd_answer answer = hd_prober_call(prober, kind, block, extra, size);
    hd_answer_word(kind, &answer, word);
    hd_tell_words(prober->told, "%s", word);
}

static void ask_new(struct hd_prober *prober, enum hd_op_kind kind, uint64_t extra, uint64_t size)
{
    if (hd_prober_offers(prober, kind)) ask(prober, kind, 0, extra, size);
}

static void ask_resized(struct hd_prober *prober, enum hd_op_kind kind, uint64_t extra)
{
    if (!hd_prober_offers(prober, kind)) return;
    const uintptr_t block = hd_prober_malloc(prober, 100);
    ask(prober, kind, block, extra, SIZE_MAX);
}

void hd_ask_malloc_fails(struct hd_prober *prober)
{
    ask_new(prober, HD_OP_MALLOC, 0, SIZE_MAX);
}

void hd_ask_calloc_overflows(struct hd_prober *prober)
{
    ask_new(prober, HD_OP_CALLOC, 2, SIZE_MAX);
}

void hd_ask_realloc_fails(struct hd_prober *prober)
{
    ask_resized(prober, HD_OP_REALLOC, 0);
}

void hd_ask_reallocarray_overflows(struct hd_prober *prober)
{
    ask_resized(prober, HD_OP_REALLOCARRAY, 2);
}

void hd_ask_aligned_alloc_fails(struct hd_prober *prober)
{
    ask_new(prober, HD_OP_ALIGNED_ALLOC, 64, SIZE_MAX - 63);
}

void hd_ask_posix_memalign_fails(struct hd_prober *prober)
{
    ask_new(prober, HD_OP_POSIX_MEMALIGN, 64, SIZE_MAX);
}

void hd_ask_memalign_fails(struct hd_prober *prober)
{
    ask_new(prober, HD_OP_MEMALIGN, 64, SIZE_MAX);
}

// ---------------------------------------------------------------------------- errno

static const size_t sizes[] = {1, 100, 5000, 300000, (size_t)8 << 20};

#define SIZES (sizeof sizes / sizeof sizes[0])

static void vote_errno(struct hd_votes *votes, int error)
{
    const char *name = strerrorname_np(error);
    if (error == HD_ERRNO_BEFORE)
        hd_vote(votes, "as before");
    else
        hd_vote(votes, "%s", name != NULL ? name : error == 0 ? "0" : "no known errno");
}

void hd_ask_errno_first(struct hd_prober *prober)
{
    struct hd_votes votes = {0};
    vote_errno(&votes, hd_prober_call(prober, HD_OP_MALLOC, 0, 0, 1).errno_after);
    hd_tell_votes(&votes, prober->told);
}

void hd_ask_errno_success(struct hd_prober *prober)
{
    struct hd_votes votes = {0};
    const uintptr_t first = hd_prober_malloc(prober, 1); // asked about by errno_first
    for (enum hd_op_kind kind = 0; kind < HD_OP_KINDS; kind++) {
        if ((hd_op_infos[kind].operands & HD_RESULT) == 0) continue;
        if (!hd_call_offered(&prober->subject.allocator, kind)) continue;
        const bool aligned = (hd_op_infos[kind].operands & HD_ALIGNMENT) != 0;
        for (unsigned i = 0; i < SIZES; i++) {
            const size_t size = aligned ? (sizes[i] + 63) & ~(size_t)63 : sizes[i];
            const struct hd_answer answer = hd_prober_call(prober, kind, 0, aligned ? 64 : 1, size);
            if (answer.result != 0) vote_errno(&votes, answer.errno_after);
            hd_prober_free(prober, answer.result);
        }
    }
    hd_prober_free(prober, first);
    hd_tell_votes(&votes, prober->told);
}

void hd_ask_errno_free(struct hd_prober *prober)
{
    struct hd_votes votes = {0};
    for (unsigned i = 0; i < SIZES; i++) {
        const uintptr_t block = hd_prober_malloc(prober, sizes[i]);
        if (block == 0) continue;
        vote_errno(&votes, hd_prober_call(prober, HD_OP_FREE, block, 0, 0).errno_after);
    }
    hd_tell_votes(&votes, prober->told);
}
