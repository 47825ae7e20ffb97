// SPDX-License-Identifier: MIT
/// ask_realloc.c: when a block stays where it is.
#include "harness/probe/prober.h"

static bool made(enum hd_syscall_id id)
{
    const struct hd_tap_log *log = hd_tap_log();
    for (uint32_t i = 0; i < log->count; i++)
        if (hd_syscall_of(log->calls[i].number) == id) return true;
    return false;
}

/// A block of `from` bytes becomes one of `to`.
static void vote(struct hd_prober *prober, size_t from, size_t to, struct hd_votes *votes)
{
    const uintptr_t old = hd_prober_malloc(prober, from);
    if (old == 0) return;
    const size_t wanted = to != 0 ? to : hd_prober_usable(prober, old, from);
    const uintptr_t block = hd_prober_call(prober, HD_OP_REALLOC, old, 0, wanted).result;
    const char *by = made(HD_SYSCALL_mremap) ? ", by mremap" : "";
    if (block == 0)
        hd_vote(votes, "NULL");
    else
        hd_vote(votes, "%s%s", block == old ? "in place" : "moves", by);
}

static void ask(struct hd_prober *prober, size_t from, size_t to)
{
    struct hd_votes votes = {0};
    if (!hd_prober_offers(prober, HD_OP_REALLOC)) return;
    vote(prober, from, to, &votes);
    hd_tell_votes(&votes, prober->told);
}

void hd_ask_grow_usable(struct hd_prober *prober)
{
    static const size_t sizes[] = {1, 25, 100, 1000, 5000, 40000, 300000};
    struct hd_votes votes = {0};
    if (!hd_prober_offers(prober, HD_OP_REALLOC)) return;
    if (!hd_prober_offers(prober, HD_OP_USABLE_SIZE)) return;
    for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        vote(prober, sizes[i], 0, &votes);
    hd_tell_votes(&votes, prober->told);
}

void hd_ask_grow_small(struct hd_prober *prober)
{
    ask(prober, 100, 200);
}

void hd_ask_grow_large(struct hd_prober *prober)
{
    ask(prober, (size_t)1 << 20, (size_t)2 << 20);
}

void hd_ask_shrink_small(struct hd_prober *prober)
{
    ask(prober, 1000, 100);
}

void hd_ask_shrink_large(struct hd_prober *prober)
{
    ask(prober, (size_t)2 << 20, (size_t)1 << 20);
}
