// SPDX-License-Identifier: MIT
/// words.h: the names that the kernel's headers give to the values of an argument.
///
/// In strace's order, and with its wording for what has no name.
#ifndef HD_NOTATION_WORDS_H
#define HD_NOTATION_WORDS_H

#include "harness/notation/text.h"

#include <stddef.h>
#include <stdint.h>

struct hd_notation_word {
    uint64_t value;
    const char *text;
};

struct hd_notation_words {
    const struct hd_notation_word *words;
    size_t count;
    const char *unknown; // stands as a comment behind a number without a name; NULL: nothing does
};

// Whole values.
extern const struct hd_notation_words hd_words_map_type;
extern const struct hd_notation_words hd_words_advice;
extern const struct hd_notation_words hd_words_futex;
extern const struct hd_notation_words hd_words_bitset;
extern const struct hd_notation_words hd_words_clock;
extern const struct hd_notation_words hd_words_whence;
extern const struct hd_notation_words hd_words_how;
extern const struct hd_notation_words hd_words_prctl;
extern const struct hd_notation_words hd_words_prctl_vma;

// Bits.
extern const struct hd_notation_words hd_words_protection;
extern const struct hd_notation_words hd_words_map;
extern const struct hd_notation_words hd_words_remap;
extern const struct hd_notation_words hd_words_getrandom;
extern const struct hd_notation_words hd_words_sync;
extern const struct hd_notation_words hd_words_lock;
extern const struct hd_notation_words hd_words_lockall;
extern const struct hd_notation_words hd_words_timer;

/// `MADV_FREE`; `0x5 /* MADV_??? */` for a value without a name.
void hd_notation_put_word(struct hd_notation_text *text, const struct hd_notation_words *words,
                          uint64_t value);

/// `PROT_READ|PROT_WRITE`; what has no name last, as `PROT_READ|0x10` or `0x10 /* PROT_??? */`.
void hd_notation_put_bits(struct hd_notation_text *text, const struct hd_notation_words *words,
                          uint64_t value);

/// mmap's fourth argument, which is a type, bits, and the logarithm of a huge page's size.
void hd_notation_put_mapping(struct hd_notation_text *text, uint32_t flags);

#endif
