// SPDX-License-Identifier: MIT
/// words.c: the names that the kernel's headers give to the values of an argument.
#include "harness/notation/words.h"

#include <linux/futex.h>
#include <linux/mman.h>
#include <linux/prctl.h>
#include <linux/random.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

// The kernel defines these; the C library's <sys/mman.h> and <time.h> do not, or not yet.
#ifndef PROT_SEM
#define PROT_SEM 0x8
#endif
#ifndef MADV_SOFT_OFFLINE
#define MADV_SOFT_OFFLINE 101
#endif
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif
#define CLOCK_SGI_CYCLE 10

#define WORD(name)                                                                                 \
    {                                                                                              \
        (uint64_t)(name), #name                                                                    \
    }

#define WORDS(table, unknown_word)                                                                 \
    {                                                                                              \
        .words = (table), .count = sizeof(table) / sizeof(table)[0], .unknown = (unknown_word)     \
    }

// ---------------------------------------------------------------------------- memory

static const struct hd_notation_word protection[] = {
    WORD(PROT_NONE),      WORD(PROT_READ),    WORD(PROT_WRITE), WORD(PROT_EXEC), WORD(PROT_SEM),
#ifdef PROT_BTI // aarch64
    WORD(PROT_BTI),
#endif
#ifdef PROT_MTE
    WORD(PROT_MTE),
#endif
    WORD(PROT_GROWSDOWN), WORD(PROT_GROWSUP),
};
const struct hd_notation_words hd_words_protection = WORDS(protection, "PROT_???");

static const struct hd_notation_word map_type[] = {
    WORD(MAP_FILE),
    WORD(MAP_SHARED),
    WORD(MAP_PRIVATE),
    WORD(MAP_SHARED_VALIDATE),
};
const struct hd_notation_words hd_words_map_type = WORDS(map_type, "MAP_???");

static const struct hd_notation_word map[] = {
    WORD(MAP_FIXED),     WORD(MAP_ANONYMOUS),
#ifdef MAP_32BIT // x86
    WORD(MAP_32BIT),
#endif
    WORD(MAP_NORESERVE), WORD(MAP_POPULATE),   WORD(MAP_NONBLOCK),        WORD(MAP_GROWSDOWN),
    WORD(MAP_DENYWRITE), WORD(MAP_EXECUTABLE), WORD(MAP_LOCKED),          WORD(MAP_STACK),
    WORD(MAP_HUGETLB),   WORD(MAP_SYNC),       WORD(MAP_FIXED_NOREPLACE),
};
const struct hd_notation_words hd_words_map = WORDS(map, NULL);

static const struct hd_notation_word remap[] = {
    WORD(MREMAP_MAYMOVE),
    WORD(MREMAP_FIXED),
    WORD(MREMAP_DONTUNMAP),
};
const struct hd_notation_words hd_words_remap = WORDS(remap, "MREMAP_???");

static const struct hd_notation_word advice[] = {
    WORD(MADV_NORMAL),          WORD(MADV_RANDOM),        WORD(MADV_SEQUENTIAL),
    WORD(MADV_WILLNEED),        WORD(MADV_DONTNEED),      WORD(MADV_FREE),
    WORD(MADV_REMOVE),          WORD(MADV_DONTFORK),      WORD(MADV_DOFORK),
    WORD(MADV_MERGEABLE),       WORD(MADV_UNMERGEABLE),   WORD(MADV_HUGEPAGE),
    WORD(MADV_NOHUGEPAGE),      WORD(MADV_DONTDUMP),      WORD(MADV_DODUMP),
    WORD(MADV_WIPEONFORK),      WORD(MADV_KEEPONFORK),    WORD(MADV_COLD),
    WORD(MADV_PAGEOUT),         WORD(MADV_POPULATE_READ), WORD(MADV_POPULATE_WRITE),
    WORD(MADV_DONTNEED_LOCKED), WORD(MADV_COLLAPSE),      WORD(MADV_HWPOISON),
    WORD(MADV_SOFT_OFFLINE),
};
const struct hd_notation_words hd_words_advice = WORDS(advice, "MADV_???");

static const struct hd_notation_word sync_bits[] = {WORD(MS_SYNC), WORD(MS_ASYNC),
                                                    WORD(MS_INVALIDATE)};
const struct hd_notation_words hd_words_sync = WORDS(sync_bits, "MS_???");

static const struct hd_notation_word lock[] = {WORD(MLOCK_ONFAULT)};
const struct hd_notation_words hd_words_lock = WORDS(lock, "MLOCK_???");

static const struct hd_notation_word lockall[] = {WORD(MCL_CURRENT), WORD(MCL_FUTURE),
                                                  WORD(MCL_ONFAULT)};
const struct hd_notation_words hd_words_lockall = WORDS(lockall, "MCL_???");

// ---------------------------------------------------------------------------- others

static const struct hd_notation_word getrandom_bits[] = {WORD(GRND_NONBLOCK), WORD(GRND_RANDOM),
                                                         WORD(GRND_INSECURE)};
const struct hd_notation_words hd_words_getrandom = WORDS(getrandom_bits, "GRND_???");

// Pasted, so that the names are not replaced by their values before they become text.
#define FUTEX(op) WORD(FUTEX_##op), WORD(FUTEX_##op##_PRIVATE)
#define ON_CLOCK(op)                                                                               \
    {                                                                                              \
        FUTEX_##op | FUTEX_CLOCK_REALTIME, "FUTEX_" #op "|FUTEX_CLOCK_REALTIME"                    \
    }
static const struct hd_notation_word futex[] = {
    FUTEX(WAIT),
    ON_CLOCK(WAIT),
    ON_CLOCK(WAIT_PRIVATE),
    FUTEX(WAKE),
    WORD(FUTEX_FD),
    {FUTEX_FD | FUTEX_PRIVATE_FLAG, "FUTEX_FD|FUTEX_PRIVATE_FLAG"},
    FUTEX(REQUEUE),
    FUTEX(CMP_REQUEUE),
    FUTEX(WAKE_OP),
    FUTEX(LOCK_PI),
    FUTEX(UNLOCK_PI),
    FUTEX(TRYLOCK_PI),
    FUTEX(WAIT_BITSET),
    ON_CLOCK(WAIT_BITSET),
    ON_CLOCK(WAIT_BITSET_PRIVATE),
    FUTEX(WAKE_BITSET),
    FUTEX(WAIT_REQUEUE_PI),
    ON_CLOCK(WAIT_REQUEUE_PI),
    ON_CLOCK(WAIT_REQUEUE_PI_PRIVATE),
    FUTEX(CMP_REQUEUE_PI),
    FUTEX(LOCK_PI2),
};
const struct hd_notation_words hd_words_futex = WORDS(futex, "FUTEX_???");

static const struct hd_notation_word bitset[] = {WORD(FUTEX_BITSET_MATCH_ANY)};
const struct hd_notation_words hd_words_bitset = WORDS(bitset, NULL);

static const struct hd_notation_word clock_ids[] = {
    WORD(CLOCK_REALTIME),          WORD(CLOCK_MONOTONIC),     WORD(CLOCK_PROCESS_CPUTIME_ID),
    WORD(CLOCK_THREAD_CPUTIME_ID), WORD(CLOCK_MONOTONIC_RAW), WORD(CLOCK_REALTIME_COARSE),
    WORD(CLOCK_MONOTONIC_COARSE),  WORD(CLOCK_BOOTTIME),      WORD(CLOCK_REALTIME_ALARM),
    WORD(CLOCK_BOOTTIME_ALARM),    WORD(CLOCK_SGI_CYCLE),     WORD(CLOCK_TAI),
};
const struct hd_notation_words hd_words_clock = WORDS(clock_ids, "CLOCK_???");

static const struct hd_notation_word timer[] = {WORD(TIMER_ABSTIME)};
const struct hd_notation_words hd_words_timer = WORDS(timer, "TIMER_???");

static const struct hd_notation_word whence[] = {WORD(SEEK_SET), WORD(SEEK_CUR), WORD(SEEK_END),
                                                 WORD(SEEK_DATA), WORD(SEEK_HOLE)};
const struct hd_notation_words hd_words_whence = WORDS(whence, "SEEK_???");

static const struct hd_notation_word how[] = {WORD(SIG_BLOCK), WORD(SIG_UNBLOCK),
                                              WORD(SIG_SETMASK)};
const struct hd_notation_words hd_words_how = WORDS(how, "SIG_???");

static const struct hd_notation_word prctl_options[] = {WORD(PR_SET_VMA), WORD(PR_SET_THP_DISABLE),
                                                        WORD(PR_GET_THP_DISABLE)};
const struct hd_notation_words hd_words_prctl = WORDS(prctl_options, "PR_???");

static const struct hd_notation_word prctl_vma[] = {WORD(PR_SET_VMA_ANON_NAME)};
const struct hd_notation_words hd_words_prctl_vma = WORDS(prctl_vma, "PR_SET_VMA_???");

// ---------------------------------------------------------------------------- writing

static const char *find(const struct hd_notation_words *words, uint64_t value)
{
    for (size_t i = 0; i < words->count; i++)
        if (words->words[i].value == value) return words->words[i].text;
    return NULL;
}

static void put_unknown(struct hd_notation_text *text, const struct hd_notation_words *words,
                        uint64_t value)
{
    hd_notation_put(text, "%#jx", (uintmax_t)value);
    if (words->unknown != NULL) hd_notation_put(text, " /* %s */", words->unknown);
}

void hd_notation_put_word(struct hd_notation_text *text, const struct hd_notation_words *words,
                          uint64_t value)
{
    const char *name = find(words, value);
    if (name != NULL)
        hd_notation_put(text, "%s", name);
    else
        put_unknown(text, words, value);
}

/// Writes the bits that have names, each after `separator`, which is "|" after the first. Returns
/// the bits that have none.
static uint64_t put_named(struct hd_notation_text *text, const struct hd_notation_words *words,
                          uint64_t value, const char *separator)
{
    for (size_t i = 0; i < words->count; i++) {
        const struct hd_notation_word *word = &words->words[i];
        if ((value & word->value) == 0) continue;
        hd_notation_put(text, "%s%s", separator, word->text);
        separator = "|";
        value &= ~word->value;
    }
    return value;
}

void hd_notation_put_bits(struct hd_notation_text *text, const struct hd_notation_words *words,
                          uint64_t value)
{
    const char *zero = find(words, 0);
    if (value == 0) {
        hd_notation_put(text, "%s", zero != NULL ? zero : "0");
        return;
    }
    const uint64_t rest = put_named(text, words, value, "");
    if (rest == value)
        put_unknown(text, words, rest);
    else if (rest != 0)
        hd_notation_put(text, "|%#jx", (uintmax_t)rest);
}

void hd_notation_put_mapping(struct hd_notation_text *text, uint32_t flags)
{
    const uint32_t huge = (uint32_t)MAP_HUGE_MASK << MAP_HUGE_SHIFT;

    hd_notation_put_word(text, &hd_words_map_type, flags & MAP_TYPE);
    const uint64_t rest = put_named(text, &hd_words_map, flags & ~(huge | MAP_TYPE), "|");
    if (rest != 0) hd_notation_put(text, "|%#jx", (uintmax_t)rest);
    if ((flags & huge) != 0)
        hd_notation_put(text, "|%u<<MAP_HUGE_SHIFT", (flags & huge) >> MAP_HUGE_SHIFT);
}
