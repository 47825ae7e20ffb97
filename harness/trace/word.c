// SPDX-License-Identifier: MIT
/// word.c: the words of ops.def, found by their text, also when it is misspelt.
#include "harness/trace/word.h"

#include <stdint.h>
#include <string.h>

/// Longer texts resemble no word.
#define WORD_MAX 32

enum hd_op_kind hd_word_find(const char *text, size_t length)
{
    unsigned kind = 0;
    for (; kind < HD_OP_KINDS; kind++) {
        const char *word = hd_op_infos[kind].text;
        if (strlen(word) == length && memcmp(word, text, length) == 0) break;
    }
    return (enum hd_op_kind)kind;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/// Words are of small letters: a capital is no edit.
static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/// Edits from `a` to the word `b`, two swapped neighbours counting as one (optimal string
/// alignment, Damerau 1964). Row i of the table tells the edits from the first i bytes of `a`.
static unsigned edits(const char *a, size_t a_length, const char *b, size_t b_length)
{
    unsigned table[WORD_MAX + 1][WORD_MAX + 1];
    for (size_t j = 0; j <= b_length; j++)
        table[0][j] = (unsigned)j;
    for (size_t i = 1; i <= a_length; i++) {
        table[i][0] = (unsigned)i;
        for (size_t j = 1; j <= b_length; j++) {
            const unsigned wrong = small(a[i - 1]) != b[j - 1];
            unsigned best = table[i - 1][j - 1] + wrong;
            best = least(best, least(table[i - 1][j], table[i][j - 1]) + 1);
            if (i > 1 && j > 1 && small(a[i - 1]) == b[j - 2] && small(a[i - 2]) == b[j - 1])
                best = least(best, table[i - 2][j - 2] + 1);
            table[i][j] = best;
        }
    }
    return table[a_length][b_length];
}

enum hd_op_kind hd_word_nearest(const char *text, size_t length)
{
    unsigned nearest = HD_OP_KINDS;
    unsigned fewest = UINT32_MAX;
    if (length > WORD_MAX) return HD_OP_KINDS;

    for (unsigned kind = 0; kind < HD_OP_KINDS; kind++) {
        const char *word = hd_op_infos[kind].text;
        const size_t word_length = strlen(word);
        if (word_length > WORD_MAX) continue;
        const unsigned count = edits(text, length, word, word_length);
        if (count > word_length / 3 || count >= fewest) continue;
        nearest = kind;
        fewest = count;
    }
    return (enum hd_op_kind)nearest;
}
