// SPDX-License-Identifier: MIT
/// pattern.c: filling and checking blocks, word by word in loops a compiler can vectorise.
#include "harness/model/pattern.h"

#include <string.h>

// STRIDE times this is 1 modulo 2^64.
#define STRIDE_INVERSE UINT64_C(0xf1de83e19937733d)
_Static_assert(HD_PATTERN_STRIDE * STRIDE_INVERSE == 1, "STRIDE_INVERSE is STRIDE's inverse");

#define WORD       sizeof(uint64_t)
#define PER_OCTAVE 16

/// Bytes from `start` to before `end` of a block; `start` is a multiple of WORD.
struct span {
    size_t start;
    size_t end;
};

uint64_t hd_pattern_key(uint64_t n)
{
    // splitmix64: neighbouring numbers give keys that have nothing in common
    uint64_t key = (n + 1) * UINT64_C(0xbf58476d1ce4e5b9);
    key = (key ^ (key >> 27)) * UINT64_C(0x94d049bb133111eb);
    return key ^ (key >> 31);
}

/// The span after the one that ends at `position` of a large block's sample; false at its end.
///
///     0            WHOLE                                  size - TAIL     size
///     |#############|--#----#----#----#--------#--------#---|###############|
static bool next_sample(size_t size, size_t position, struct span *span)
{
    const size_t tail = (size - HD_PATTERN_TAIL) & ~(WORD - 1);
    if (position >= size) return false;

    const unsigned octave = 63 - (unsigned)__builtin_clzll(position);
    const size_t step = ((size_t)1 << octave) / PER_OCTAVE;
    const size_t word = (position + step - 1) & ~(step - 1);
    if (word + WORD <= tail)
        *span = (struct span){word, word + WORD};
    else
        *span = (struct span){tail, size};
    return true;
}

/// The first span of a block's sample: all of it, unless it is large.
static struct span first_sample(size_t size)
{
    return (struct span){0, size <= HD_PATTERN_WHOLE + HD_PATTERN_TAIL ? size : HD_PATTERN_WHOLE};
}

/// Two words side by side: a vector on every machine. Two such vectors a round, so that neither
/// waits for the other.
typedef uint64_t words __attribute__((vector_size(2 * WORD)));
#define ROUND (2 * sizeof(words))

/// The pattern's words from the one at `start` on.
static words words_at(size_t start, uint64_t key)
{
    const uint64_t first = key + start / WORD * HD_PATTERN_STRIDE;
    return (words){first, first + HD_PATTERN_STRIDE};
}

static void fill_span(uintptr_t block, struct span span, uint64_t key)
{
    uint8_t *at = (uint8_t *)block + span.start;
    uint8_t *end = (uint8_t *)block + span.end;
    words low = words_at(span.start, key);
    words high = low + 2 * HD_PATTERN_STRIDE;
    for (; (size_t)(end - at) >= ROUND; at += ROUND) {
        memcpy(at, &low, sizeof low);
        memcpy(at + sizeof low, &high, sizeof high);
        low += 4 * HD_PATTERN_STRIDE;
        high += 4 * HD_PATTERN_STRIDE;
    }
    const uint64_t rest[] = {low[0], low[1], high[0], high[1]};
    const uint64_t *word = rest;
    for (; (size_t)(end - at) >= WORD; at += WORD) memcpy(at, word++, WORD);
    if (at < end) memcpy(at, word, (size_t)(end - at));
}

void hd_pattern_fill(uintptr_t block, size_t size, size_t kept, uint64_t key)
{
    struct span span = first_sample(size);
    do {
        if (kept >= span.end) continue;
        if (kept > span.start) span.start = kept & ~(WORD - 1);
        fill_span(block, span, key);
    } while (next_sample(size, span.end, &span));
}

static bool span_holds(uintptr_t block, struct span span, uint64_t key)
{
    const uint8_t *at = (const uint8_t *)block + span.start;
    const uint8_t *end = (const uint8_t *)block + span.end;
    words low = words_at(span.start, key);
    words high = low + 2 * HD_PATTERN_STRIDE;
    words difference = {0};
    for (; (size_t)(end - at) >= ROUND; at += ROUND) {
        words found[2];
        memcpy(found, at, sizeof found);
        difference |= (found[0] ^ low) | (found[1] ^ high);
        low += 4 * HD_PATTERN_STRIDE;
        high += 4 * HD_PATTERN_STRIDE;
    }
    const uint64_t rest[] = {low[0], low[1], high[0], high[1]};
    const uint64_t *word = rest;
    uint64_t differs = difference[0] | difference[1];
    for (; (size_t)(end - at) >= WORD; at += WORD) {
        uint64_t found;
        memcpy(&found, at, WORD);
        differs |= found ^ *word++;
    }
    return differs == 0 && (at == end || memcmp(at, word, (size_t)(end - at)) == 0);
}

static size_t first_difference(uintptr_t block, struct span span, uint64_t key)
{
    size_t offset = span.start;
    while (((const uint8_t *)block)[offset] == hd_pattern_byte(offset, key)) offset++;
    return offset;
}

size_t hd_pattern_check(uintptr_t block, size_t size, size_t limit, uint64_t key)
{
    struct span span = first_sample(size);
    do {
        const size_t end = span.end;
        if (span.start >= limit) break;
        if (span.end > limit) span.end = limit;
        if (!span_holds(block, span, key)) return first_difference(block, span, key);
        span.end = end;
    } while (next_sample(size, span.end, &span));
    return limit;
}

uint8_t hd_pattern_byte(size_t offset, uint64_t key)
{
    const uint64_t word = key + offset / WORD * HD_PATTERN_STRIDE;
    uint8_t bytes[WORD];
    memcpy(bytes, &word, WORD);
    return bytes[offset % WORD];
}

size_t hd_pattern_offset(uint64_t word, size_t size, uint64_t key)
{
    const uint64_t index = (word - key) * STRIDE_INVERSE;
    return index < size / WORD ? index * WORD : SIZE_MAX;
}

static bool span_is_zero(uintptr_t block, struct span span)
{
    const uint8_t *bytes = (const uint8_t *)block;
    size_t offset = span.start;
    uint64_t any = 0;
    for (; offset + WORD <= span.end; offset += WORD) {
        uint64_t found;
        memcpy(&found, bytes + offset, WORD);
        any |= found;
    }
    for (; offset < span.end; offset++) any |= bytes[offset];
    return any == 0;
}

size_t hd_pattern_check_zero(uintptr_t block, size_t size)
{
    struct span span = first_sample(size);
    do {
        if (span_is_zero(block, span)) continue;
        size_t offset = span.start;
        while (((const uint8_t *)block)[offset] == 0) offset++;
        return offset;
    } while (next_sample(size, span.end, &span));
    return size;
}
