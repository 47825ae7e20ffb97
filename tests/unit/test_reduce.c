// SPDX-License-Identifier: MIT
/// test_reduce.c: operations are left out until none can be, and no more often tried than it takes.
#include "tests/unit/random_ops.h"

#include "tests/unit/reducing.h"

#define LONG 200

/// A free of slot 7 stands before a calloc of at least this many bytes.
struct ordered {
    uint64_t size_min;
    uint64_t calls;
};

static bool ordered_fails(void *context, const struct hd_trace *trace)
{
    struct ordered *ordered = context;
    ordered->calls++;
    bool first = false;
    for (size_t i = 0; i < trace->count; i++) {
        const struct hd_op *op = &trace->ops[i];
        first |= op->kind == HD_OP_FREE;
        if (first && op->kind == HD_OP_CALLOC && op->size >= ordered->size_min) return true;
    }
    return false;
}

/// A long trace in which two operations matter.
static void fill_ordered(struct hd_op ops[LONG])
{
    for (uint32_t i = 0; i < LONG; i++)
        ops[i] = make_op(HD_OP_MALLOC, i, i * 10);
    ops[61] = make_op(HD_OP_FREE, 7, 0);
    ops[150] = make_op(HD_OP_CALLOC, 9, 70000);
    ops[150].extra = 12;
}

static void two_operations_in_order_are_found(void **state)
{
    (void)state;
    static const uint64_t sizes_min[] = {0, 1, 24, 1000, 4097, 65536, 69999, 70000};
    struct hd_op ops[LONG];
    fill_ordered(ops);
    for (size_t i = 0; i < sizeof sizes_min / sizeof sizes_min[0]; i++) {
        struct ordered ordered = {.size_min = sizes_min[i]};
        struct hd_arena arena;
        const struct hd_reduction reduction =
            reduce_ops(ops, LONG, ordered_fails, &ordered, &arena);
        assert_int_equal(reduction.count, 2);
        assert_op(&reduction.ops[0], HD_OP_FREE, 1, 0);
        assert_op(&reduction.ops[1], HD_OP_CALLOC, 2, sizes_min[i]);
        assert_int_equal(reduction.ops[1].extra, 0);
        assert_false(reduction.stopped);
        assert_int_equal(reduction.trials, ordered.calls);
        assert_in_range(ordered.calls, 10, 120); // of 200 operations
        hd_arena_close(&arena);
    }
}

static bool never_fails(void *context, const struct hd_trace *trace)
{
    (void)trace;
    ++*(uint64_t *)context;
    return false;
}

static void what_never_fails_comes_back_as_it_was(void **state)
{
    (void)state;
    struct hd_op ops[LONG];
    fill_ordered(ops);
    uint64_t calls = 0;
    struct hd_arena arena;
    const struct hd_reduction reduction = reduce_ops(ops, LONG, never_fails, &calls, &arena);
    assert_int_equal(reduction.count, LONG);
    assert_memory_equal(reduction.ops, ops, sizeof ops);
    assert_in_range(calls, LONG, LONG * 50); // each number may be asked for some forty times
    hd_arena_close(&arena);
}

static bool always_fails(void *context, const struct hd_trace *trace)
{
    (void)trace;
    ++*(uint64_t *)context;
    return true;
}

static void what_always_fails_becomes_empty(void **state)
{
    (void)state;
    struct hd_op ops[LONG];
    fill_ordered(ops);
    uint64_t calls = 0;
    struct hd_arena arena;
    const struct hd_reduction reduction = reduce_ops(ops, LONG, always_fails, &calls, &arena);
    assert_int_equal(reduction.count, 0);
    assert_in_range(calls, 1, 8);
    hd_arena_close(&arena);
}

static void a_minimal_trace_stays(void **state)
{
    (void)state;
    struct hd_op ops[] = {make_op(HD_OP_FREE, 1, 0), make_op(HD_OP_CALLOC, 2, 0)};
    struct ordered ordered = {0};
    struct hd_arena arena;
    const struct hd_reduction reduction = reduce_ops(ops, 2, ordered_fails, &ordered, &arena);
    assert_int_equal(reduction.count, 2);
    assert_memory_equal(reduction.ops, ops, sizeof ops);
    assert_in_range(ordered.calls, 2, 5);
    hd_arena_close(&arena);
}

static void an_empty_trace_stays(void **state)
{
    (void)state;
    uint64_t calls = 0;
    struct hd_arena arena;
    const struct hd_op none = {0};
    const struct hd_reduction reduction = reduce_ops(&none, 0, always_fails, &calls, &arena);
    assert_int_equal(reduction.count, 0);
    assert_int_equal(calls, 0);
    hd_arena_close(&arena);
}

// ---------------------------------------------------------------------------- the caller's word

struct few {
    struct ordered ordered;
    uint64_t calls_max;
};

static bool few_fails(void *context, const struct hd_trace *trace)
{
    struct few *few = context;
    return ordered_fails(&few->ordered, trace);
}

static bool few_enough(void *context)
{
    const struct few *few = context;
    return few->ordered.calls >= few->calls_max;
}

static void enough_ends_it_with_the_best_so_far(void **state)
{
    (void)state;
    struct hd_op ops[LONG];
    fill_ordered(ops);
    for (uint64_t calls_max = 0; calls_max < 60; calls_max++) {
        struct few few = {.calls_max = calls_max};
        struct hd_reduction reduction = {
            .still_fails = few_fails, .enough = few_enough, .context = &few};
        const struct hd_trace trace = {.ops = ops, .count = LONG};
        struct hd_arena arena;
        hd_arena_open(&arena, (size_t)64 << 20);
        hd_reduce(&reduction, &trace, &arena);
        const struct hd_trace best = hd_reduction_trace(&reduction);
        assert_int_equal(few.ordered.calls <= calls_max, true);
        if (reduction.stopped) assert_int_equal(few.ordered.calls, calls_max);
        assert_true(ordered_fails(&few.ordered, &best));
        hd_arena_close(&arena);
    }
}

// ---------------------------------------------------------------------------- any predicate

/// Needs a few operations, told by kind and slot of the trace given, of which some can take the
/// place of others: by no means monotone, but a fixed answer for a fixed trace.
struct odd {
    uint64_t seed;
    struct hd_op needs[3];
};

static bool odd_fails(void *context, const struct hd_trace *trace)
{
    const struct odd *odd = context;
    unsigned found = 0;
    for (size_t i = 0; i < trace->count; i++)
        for (unsigned k = 0; k < 3; k++)
            if (trace->ops[i].kind == odd->needs[k].kind &&
                trace->ops[i].size >= odd->needs[k].size / 2)
                found |= 1U << k;
    if (found != 7) return false;
    return (trace->count * 7 + odd->seed) % 5 != 0; // and lengths at which it hides
}

static void no_operation_of_the_result_can_be_left_out(void **state)
{
    (void)state;
    uint64_t random = 1;
    size_t reduced = 0;
    for (unsigned round = 0; round < 300; round++) {
        struct hd_op ops[60];
        struct odd odd = {.seed = random_next(&random)};
        for (size_t i = 0; i < 60; i++)
            ops[i] = random_op(&random);
        for (size_t k = 0; k < 3; k++)
            odd.needs[k] = ops[random_below(&random, 60)];
        const struct hd_trace trace = {.ops = ops, .count = 60};
        if (!odd_fails(&odd, &trace)) continue;

        struct hd_arena arena;
        const struct hd_reduction reduction = reduce_ops(ops, 60, odd_fails, &odd, &arena);
        const struct hd_trace result = hd_reduction_trace(&reduction);
        assert_true(odd_fails(&odd, &result));
        assert_true(is_1_minimal(&reduction));
        assert_in_range(reduction.trials, 1, 5000);
        for (size_t i = 0; i < reduction.count; i++)
            assert_true(hd_op_well_formed(&reduction.ops[i]));
        reduced++;
        hd_arena_close(&arena);
    }
    assert_in_range(reduced, 100, 300);
}

static void the_same_again_is_the_same(void **state)
{
    (void)state;
    struct hd_op ops[LONG];
    fill_ordered(ops);
    struct ordered ordered[2] = {{.size_min = 777}, {.size_min = 777}};
    struct hd_arena arenas[2];
    struct hd_reduction reductions[2];
    for (size_t i = 0; i < 2; i++)
        reductions[i] = reduce_ops(ops, LONG, ordered_fails, &ordered[i], &arenas[i]);
    assert_int_equal(ordered[0].calls, ordered[1].calls);
    assert_int_equal(reductions[0].count, reductions[1].count);
    assert_memory_equal(reductions[0].ops, reductions[1].ops, reductions[0].count * sizeof ops[0]);
    hd_arena_close(&arenas[0]);
    hd_arena_close(&arenas[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_operations_in_order_are_found),
        cmocka_unit_test(what_never_fails_comes_back_as_it_was),
        cmocka_unit_test(what_always_fails_becomes_empty),
        cmocka_unit_test(a_minimal_trace_stays),
        cmocka_unit_test(an_empty_trace_stays),
        cmocka_unit_test(enough_ends_it_with_the_best_so_far),
        cmocka_unit_test(no_operation_of_the_result_can_be_left_out),
        cmocka_unit_test(the_same_again_is_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
