// SPDX-License-Identifier: MIT
/// reducing.h: what the tests of hd_reduce share: traces written down, made-up failures.
#ifndef HD_TESTS_REDUCING_H
#define HD_TESTS_REDUCING_H

#include "harness/reduce/reduce.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/// Reduces an array of operations with `predicate`; the result lies in `arena`, to be closed by the
/// caller.
static inline struct hd_reduction reduce_ops(const struct hd_op *ops, size_t count,
                                             bool (*predicate)(void *, const struct hd_trace *),
                                             void *context, struct hd_arena *arena)
{
    struct hd_reduction reduction = {.still_fails = predicate, .context = context};
    const struct hd_trace trace = {.ops = ops, .count = count};
    hd_arena_open(arena, (size_t)64 << 20);
    hd_reduce(&reduction, &trace, arena);
    return reduction;
}

static inline struct hd_op make_op(enum hd_op_kind kind, uint32_t slot, uint64_t size)
{
    return (struct hd_op){.kind = (uint8_t)kind, .slot = slot, .size = size};
}

static inline void assert_op(const struct hd_op *op, enum hd_op_kind kind, uint32_t slot,
                             uint64_t size)
{
    assert_int_equal(op->kind, kind);
    assert_int_equal(op->slot, slot);
    assert_int_equal(op->size, size);
}

/// Leaves each operation out of the trace in turn: true when none of these fails.
static inline bool is_1_minimal(const struct hd_reduction *reduction)
{
    struct hd_op shorter[256];
    for (size_t gone = 0; gone < reduction->count; gone++) {
        size_t count = 0;
        for (size_t i = 0; i < reduction->count; i++)
            if (i != gone) shorter[count++] = reduction->ops[i];
        const struct hd_trace trace = {.ops = shorter, .count = count};
        if (reduction->still_fails(reduction->context, &trace)) return false;
    }
    return true;
}

#endif
