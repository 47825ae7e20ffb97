// SPDX-License-Identifier: MIT
/// values.c: numbers become small: sizes, counts, alignments, how often is refused.
///
/// First the round ones are tried, smallest first, then by bisection what lies between the last
/// that did not fail and the number. A number only ever becomes smaller.
#include "harness/reduce/passes.h"

enum field { FIELD_SIZE, FIELD_EXTRA };

// Behind them every power of two follows. Around a page, and around the size from which on glibc
// and others map a block of its own, more than the power itself is of interest.
static const uint64_t round_ones[] = {0,    1,    2,     3,     4,     8,      16,     24,    32,
                                      48,   64,   128,   256,   512,   1024,   2048,   4095,  4096,
                                      4097, 8192, 16384, 32768, 65536, 131071, 131072, 131073};
#define ROUND_ONES (sizeof round_ones / sizeof round_ones[0])
#define POWER_FROM 18 // the first that the list does not have

/// The i-th round number; 0 after the last.
static uint64_t round_one(size_t i)
{
    if (i < ROUND_ONES) return round_ones[i];
    const size_t power = i - ROUND_ONES + POWER_FROM;
    return power < 64 ? UINT64_C(1) << power : 0;
}

/// A break is moved by a signed number: what becomes smaller is how far.
static bool is_negative(const struct hd_op *op, enum field field)
{
    return field == FIELD_SIZE && (hd_op_infos[op->kind].operands & HD_DELTA) != 0 &&
           (int64_t)op->size < 0;
}

static uint64_t value_of(const struct hd_op *op, enum field field)
{
    const uint64_t value = field == FIELD_SIZE ? op->size : op->extra;
    return is_negative(op, field) ? 0 - value : value;
}

static bool try_value(struct hd_reduction *reduction, size_t at, enum field field, uint64_t value)
{
    hd_reduction_copy(reduction);
    struct hd_op *op = &reduction->trial[at];
    const uint64_t written = is_negative(op, field) ? 0 - value : value;
    *(field == FIELD_SIZE ? &op->size : &op->extra) = written;
    return hd_reduction_try(reduction, reduction->count);
}

static bool bisect(struct hd_reduction *reduction, size_t at, enum field field, uint64_t least)
{
    bool helped = false;
    uint64_t value = value_of(&reduction->ops[at], field);
    while (least < value && !reduction->stopped) {
        const uint64_t middle = least + (value - least) / 2;
        if (try_value(reduction, at, field, middle)) {
            helped = true;
            value = middle;
        } else
            least = middle + 1;
    }
    return helped;
}

/// The smallest round number that still fails takes its place; below `least` none does, then.
static bool make_round(struct hd_reduction *reduction, size_t at, enum field field, uint64_t *least)
{
    const uint64_t value = value_of(&reduction->ops[at], field);
    for (size_t i = 0; !reduction->stopped; i++) {
        const uint64_t candidate = round_one(i);
        if (candidate >= value || (i > 0 && candidate == 0)) break;
        if (candidate < *least) continue;
        if (try_value(reduction, at, field, candidate)) return true;
        *least = candidate + 1;
    }
    return false;
}

/// Whether half of it or one less still fails. A number that was gone into before and withstands
/// both is not gone into again.
static bool gives_way(struct hd_reduction *reduction, size_t at, enum field field, uint64_t least)
{
    const uint64_t value = value_of(&reduction->ops[at], field);
    if (value <= least) return false;
    const uint64_t half = value / 2 > least ? value / 2 : least;
    return try_value(reduction, at, field, half) || try_value(reduction, at, field, value - 1);
}

static bool lower(struct hd_reduction *reduction, size_t at, enum field field)
{
    const unsigned operands = hd_op_infos[reduction->ops[at].kind].operands;
    uint64_t least = field == FIELD_SIZE && (operands & HD_TIMES) != 0 ? 1 : 0;
    bool helped = false;
    if (reduction->round > 0) {
        helped = gives_way(reduction, at, field, least);
        if (!helped) return false;
    }
    helped |= make_round(reduction, at, field, &least);
    return bisect(reduction, at, field, least) || helped;
}

bool hd_reduce_values(struct hd_reduction *reduction)
{
    bool helped = false;
    for (size_t at = 0; at < reduction->count && !reduction->stopped; at++) {
        const unsigned operands = hd_op_infos[reduction->ops[at].kind].operands;
        if (operands & HD_IN_SIZE) helped |= lower(reduction, at, FIELD_SIZE);
        if (operands & (HD_COUNT | HD_ALIGNMENT)) helped |= lower(reduction, at, FIELD_EXTRA);
    }
    return helped;
}
