// SPDX-License-Identifier: MIT
/// ask_aligned.c: alignments and sizes that the standards forbid, leave open, or do not know.
#include "harness/probe/prober.h"

#include <unistd.h>

/// One call, whose block is freed.
static void vote(struct hd_prober *prober, enum hd_op_kind kind, uint64_t alignment, uint64_t size,
                 struct hd_votes *votes)
{
    char word[HD_WORD_MAX];
    const struct hd_answer answer = hd_prober_call(prober, kind, 0, alignment, size);
    hd_answer_word(kind, &answer, word);
    hd_vote(votes, "%s", word);
    if (answer.result != 0) hd_prober_free(prober, answer.result);
}

static const size_t sizes[] = {24, 64, 1000, 5000, 200000};

/// By one alignment, with sizes that are multiples of it and others.
static void ask_by(struct hd_prober *prober, enum hd_op_kind kind, uint64_t alignment)
{
    struct hd_votes votes = {0};
    if (!hd_prober_offers(prober, kind)) return;
    for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        vote(prober, kind, alignment, sizes[i], &votes);
    hd_tell_votes(&votes, prober->told);
}

void hd_ask_aligned_alloc_odd_size(struct hd_prober *prober)
{
    struct hd_votes votes = {0};
    if (!hd_prober_offers(prober, HD_OP_ALIGNED_ALLOC)) return;
    for (uint64_t alignment = 8; alignment <= 4096; alignment *= 2)
        for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
            vote(prober, HD_OP_ALIGNED_ALLOC, alignment, sizes[i] | 1, &votes);
    hd_tell_votes(&votes, prober->told);
}

void hd_ask_aligned_alloc_by_0(struct hd_prober *prober)
{
    ask_by(prober, HD_OP_ALIGNED_ALLOC, 0);
}

void hd_ask_aligned_alloc_by_1(struct hd_prober *prober)
{
    ask_by(prober, HD_OP_ALIGNED_ALLOC, 1);
}

void hd_ask_aligned_alloc_by_3(struct hd_prober *prober)
{
    ask_by(prober, HD_OP_ALIGNED_ALLOC, 3);
}

void hd_ask_posix_memalign_by_0(struct hd_prober *prober)
{
    ask_by(prober, HD_OP_POSIX_MEMALIGN, 0);
}

void hd_ask_posix_memalign_by_4(struct hd_prober *prober)
{
    struct hd_votes votes = {0};
    if (!hd_prober_offers(prober, HD_OP_POSIX_MEMALIGN)) return;
    for (uint64_t alignment = 1; alignment < sizeof(void *); alignment *= 2)
        vote(prober, HD_OP_POSIX_MEMALIGN, alignment, 100, &votes);
    hd_tell_votes(&votes, prober->told);
}

void hd_ask_posix_memalign_by_24(struct hd_prober *prober)
{
    ask_by(prober, HD_OP_POSIX_MEMALIGN, 24);
}

void hd_ask_memalign_by_3(struct hd_prober *prober)
{
    ask_by(prober, HD_OP_MEMALIGN, 3);
}

// ---------------------------------------------------------------------------- pages

/// How a block of one byte that was asked for by pages lies, and how much of it there is.
static void tell_page(struct hd_prober *prober, uintptr_t block)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    if (block == 0) {
        hd_tell_words(prober->told, "NULL");
        return;
    }
    const size_t usable = hd_prober_usable(prober, block, 0);
    const char *aligned = block % page == 0 ? "page-aligned" : "not page-aligned";
    if (usable == 0)
        hd_tell_words(prober->told, "%s", aligned);
    else
        hd_tell_words(prober->told, "%s, %s", aligned,
                      usable >= page ? "a page or more is usable" : "less than a page is usable");
}

void hd_ask_valloc(struct hd_prober *prober)
{
    if (!hd_prober_offers(prober, HD_OP_VALLOC)) return;
    tell_page(prober, hd_prober_call(prober, HD_OP_VALLOC, 0, 0, 1).result);
}

void hd_ask_pvalloc(struct hd_prober *prober)
{
    const struct hd_allocator *allocator = &prober->subject.allocator;
    if (allocator->allocate_pages == NULL) {
        prober->told->kind = HD_TOLD_NOT_OFFERED;
        return;
    }
    hd_tap_clear();
    hd_tap_arm();
    const uintptr_t block = (uintptr_t)allocator->allocate_pages(prober->subject.heap, 1);
    hd_tap_disarm();
    hd_prober_take_calls(prober);
    tell_page(prober, block);
}
