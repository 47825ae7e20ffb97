// SPDX-License-Identifier: MIT
/// test_reduce_passes.c: what each way to make a trace smaller does that the others do not.
#include "tests/unit/reducing.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

// ---------------------------------------------------------------------------- pairs

/// How many blocks live after the trace, if each malloc finds its slot empty and each free finds a
/// block; else -1.
static int live_after(const struct hd_trace *trace)
{
    bool live[16] = {false};
    int count = 0;
    for (size_t i = 0; i < trace->count; i++) {
        const struct hd_op *op = &trace->ops[i];
        if ((op->kind == HD_OP_MALLOC) == live[op->slot]) return -1;
        live[op->slot] = op->kind != HD_OP_FREE;
        count += op->kind == HD_OP_MALLOC ? 1 : op->kind == HD_OP_FREE ? -1 : 0;
    }
    return count;
}

static bool one_lives(void *context, const struct hd_trace *trace)
{
    (void)context;
    return live_after(trace) == 1;
}

static void a_block_and_its_free_go_together(void **state)
{
    (void)state;
    const struct hd_op ops[] = {
        make_op(HD_OP_MALLOC, 1, 0), make_op(HD_OP_MALLOC, 2, 0), make_op(HD_OP_WRITE, 2, 0),
        make_op(HD_OP_MALLOC, 3, 0), make_op(HD_OP_FREE, 2, 0),   make_op(HD_OP_FREE, 3, 0),
    };
    struct hd_arena arena;
    const struct hd_reduction reduction = reduce_ops(ops, COUNT(ops), one_lives, NULL, &arena);
    assert_int_equal(reduction.count, 1);
    assert_op(&reduction.ops[0], HD_OP_MALLOC, 1, 0);
    hd_arena_close(&arena);
}

static bool five_first_and_one_lives(void *context, const struct hd_trace *trace)
{
    return one_lives(context, trace) && trace->ops[0].size == 5;
}

static void a_free_goes_with_the_malloc_after_it(void **state)
{
    (void)state;
    const struct hd_op ops[] = {make_op(HD_OP_MALLOC, 1, 5), make_op(HD_OP_FREE, 1, 0),
                                make_op(HD_OP_MALLOC, 1, 9)};
    struct hd_arena arena;
    const struct hd_reduction reduction =
        reduce_ops(ops, COUNT(ops), five_first_and_one_lives, NULL, &arena);
    assert_int_equal(reduction.count, 1);
    assert_op(&reduction.ops[0], HD_OP_MALLOC, 1, 5);
    hd_arena_close(&arena);
}

/// Something that happens at every second operation, the last of which is a free.
static bool of_even_length_with_both_ends(void *context, const struct hd_trace *trace)
{
    (void)context;
    return trace->count != 0 && trace->count % 2 == 0 && trace->ops[0].kind == HD_OP_FREE_NULL &&
           trace->ops[trace->count - 1].kind == HD_OP_FREE;
}

static void two_that_have_nothing_in_common_go_together(void **state)
{
    (void)state;
    const struct hd_op ops[] = {
        make_op(HD_OP_FREE_NULL, 0, 0),  make_op(HD_OP_MALLOC, 1, 0),
        make_op(HD_OP_REFUSE_ALL, 0, 1), make_op(HD_OP_CALLOC, 2, 0),
        make_op(HD_OP_LIMIT, 0, 0),      make_op(HD_OP_FREE, 3, 0),
    };
    struct hd_arena arena;
    const struct hd_reduction reduction =
        reduce_ops(ops, COUNT(ops), of_even_length_with_both_ends, NULL, &arena);
    assert_int_equal(reduction.count, 2);
    hd_arena_close(&arena);
}

// ---------------------------------------------------------------------------- numbers

/// One operation is there, and its number is at least this, or exactly a multiple of it.
struct number {
    enum hd_op_kind kind;
    uint64_t least;
    uint64_t multiple_of; // 0: of anything
    bool extra;           // that number, not the size
};

static bool number_fails(void *context, const struct hd_trace *trace)
{
    const struct number *number = context;
    for (size_t i = 0; i < trace->count; i++) {
        const struct hd_op *op = &trace->ops[i];
        uint64_t value = number->extra ? op->extra : op->size;
        if (op->kind == HD_OP_FOREIGN_SBRK && (int64_t)value < 0) value = 0 - value;
        if (op->kind != number->kind || value < number->least) continue;
        if (number->multiple_of == 0 || value % number->multiple_of == 0) return true;
    }
    return false;
}

static const struct {
    const char *name;
    struct number fails;
    struct hd_op op;
    uint64_t want;
} numbers[] = {
    {"any size will do", {HD_OP_MALLOC, 0, 0, false}, {HD_OP_MALLOC, 0, 1, 12345, 0}, 0},
    {"a size to the byte", {HD_OP_MALLOC, 12344, 0, false}, {HD_OP_MALLOC, 0, 1, 12345, 0}, 12344},
    {"a size that cannot be less", {HD_OP_MALLOC, 99, 0, false}, {HD_OP_MALLOC, 0, 1, 99, 0}, 99},
    {"a round one in between",
     {HD_OP_MALLOC, 33, 4096, false},
     {HD_OP_MALLOC, 0, 1, 40960, 0},
     4096},
    {"one more than a page",
     {HD_OP_MALLOC, 4097, 4097, false},
     {HD_OP_MALLOC, 0, 1, 8194, 0},
     4097},
    {"one less than a page",
     {HD_OP_MALLOC, 4095, 4095, false},
     {HD_OP_MALLOC, 0, 1, 8190, 0},
     4095},
    {"past PTRDIFF_MAX",
     {HD_OP_MALLOC, UINT64_C(1) << 63, 0, false},
     {HD_OP_MALLOC, 0, 1, UINT64_MAX, 0},
     UINT64_C(1) << 63},
    {"the largest",
     {HD_OP_MALLOC, UINT64_MAX, 0, false},
     {HD_OP_MALLOC, 0, 1, UINT64_MAX, 0},
     UINT64_MAX},
    {"a count", {HD_OP_CALLOC, 3, 0, true}, {HD_OP_CALLOC, 0, 1, 8, 1000}, 3},
    {"an alignment", {HD_OP_MEMALIGN, 32, 32, true}, {HD_OP_MEMALIGN, 0, 1, 8, 4096}, 32},
    {"times are 1 at least", {HD_OP_REFUSE_ALL, 0, 0, false}, {HD_OP_REFUSE_ALL, 0, 0, 64, 0}, 1},
    {"the fifth is refused", {HD_OP_REFUSE, 5, 0, false}, {HD_OP_REFUSE, 0, 0, 64, 1}, 5},
    {"a break raised",
     {HD_OP_FOREIGN_SBRK, 100, 0, false},
     {HD_OP_FOREIGN_SBRK, 0, 0, 65536, 0},
     100},
    {"a break lowered",
     {HD_OP_FOREIGN_SBRK, 64, 0, false},
     {HD_OP_FOREIGN_SBRK, 0, 0, (uint64_t)-65536, 0},
     (uint64_t)-64},
};

static void numbers_become_small(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(numbers); i++) {
        struct number fails = numbers[i].fails;
        struct hd_arena arena;
        const struct hd_reduction reduction =
            reduce_ops(&numbers[i].op, 1, number_fails, &fails, &arena);
        assert_int_equal(reduction.count, 1);
        const uint64_t got = fails.extra ? reduction.ops[0].extra : reduction.ops[0].size;
        if (got != numbers[i].want) fail_msg("%s: %llu", numbers[i].name, (unsigned long long)got);
        assert_in_range(reduction.trials, 1, 200);
        hd_arena_close(&arena);
    }
}

static void a_refused_call_stays_the_one_it_is(void **state)
{
    (void)state;
    struct number fails = {.kind = HD_OP_REFUSE, .least = 1};
    const struct hd_op op = {.kind = HD_OP_REFUSE, .size = 9, .extra = 2};
    struct hd_arena arena;
    const struct hd_reduction reduction = reduce_ops(&op, 1, number_fails, &fails, &arena);
    assert_int_equal(reduction.ops[0].size, 1);
    assert_int_equal(reduction.ops[0].extra, 2);
    hd_arena_close(&arena);
}

// ---------------------------------------------------------------------------- merging

static bool asks_in_all(void *context, const struct hd_trace *trace)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < trace->count; i++)
        if (trace->ops[i].kind == HD_OP_MALLOC) sum += trace->ops[i].size;
    return sum >= *(const uint64_t *)context;
}

static void many_requests_become_one(void **state)
{
    (void)state;
    struct hd_op ops[40];
    for (uint32_t i = 0; i < COUNT(ops); i++)
        ops[i] = make_op(HD_OP_MALLOC, i, 1000);
    uint64_t least = 40000;
    struct hd_arena arena;
    const struct hd_reduction reduction = reduce_ops(ops, COUNT(ops), asks_in_all, &least, &arena);
    assert_int_equal(reduction.count, 1);
    assert_op(&reduction.ops[0], HD_OP_MALLOC, 1, 40000);
    hd_arena_close(&arena);
}

// ---------------------------------------------------------------------------- threads and slots

/// Two operations on different slots, and the second on thread 3 if `thread` says so.
static bool two_slots(void *context, const struct hd_trace *trace)
{
    const bool *thread = context;
    return trace->count >= 2 && trace->ops[0].slot != trace->ops[1].slot &&
           (!*thread || trace->ops[1].thread == 3);
}

static void slots_and_threads_are_put_in_order(void **state)
{
    (void)state;
    const struct hd_op ops[] = {
        {HD_OP_MALLOC, 2, 900, 0, 0}, {HD_OP_MALLOC, 3, 17, 0, 0}, {HD_OP_FREE, 3, 900, 0, 0}};
    for (unsigned needs_thread = 0; needs_thread < 2; needs_thread++) {
        bool thread = needs_thread != 0;
        struct hd_arena arena;
        const struct hd_reduction reduction =
            reduce_ops(ops, COUNT(ops), two_slots, &thread, &arena);
        assert_int_equal(reduction.count, 2);
        assert_int_equal(reduction.ops[0].slot, 1);
        assert_int_equal(reduction.ops[1].slot, 2);
        assert_int_equal(reduction.ops[0].thread, 0);
        assert_int_equal(reduction.ops[1].thread, thread ? 3 : 0);
        assert_int_equal(hd_reduction_trace(&reduction).slot_count, 3);
        hd_arena_close(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_and_its_free_go_together),
        cmocka_unit_test(a_free_goes_with_the_malloc_after_it),
        cmocka_unit_test(two_that_have_nothing_in_common_go_together),
        cmocka_unit_test(numbers_become_small),
        cmocka_unit_test(a_refused_call_stays_the_one_it_is),
        cmocka_unit_test(many_requests_become_one),
        cmocka_unit_test(slots_and_threads_are_put_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
