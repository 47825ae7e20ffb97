// SPDX-License-Identifier: MIT
/// test_bench_mix.c: made traces have the sizes and lifetimes that mixes.def says.
#include "harness/bench/mix.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ALLOCATIONS 50000
#define ARENA       ((size_t)1 << 28)

/// Of a trace: how many blocks of a range of sizes there are, and how many of them are freed before
/// eight more allocations.
struct found {
    unsigned made;
    unsigned young;
};

/// Asserts on the way that each operation applies.
static struct found look(const struct hd_trace *trace, uint64_t size_min, uint64_t size_max)
{
    struct block {
        uint64_t size; // 0: none lives
        unsigned born;
    } *blocks = calloc(trace->slot_count, sizeof *blocks);
    struct found found = {0};
    unsigned allocations = 0;
    assert_non_null(blocks);
    for (size_t i = 0; i < trace->count; i++) {
        const struct hd_op *op = &trace->ops[i];
        assert_true(hd_op_well_formed(op));
        assert_true(op->slot < trace->slot_count);
        struct block *block = &blocks[op->slot];
        if (op->kind == HD_OP_FREE) {
            assert_int_not_equal(block->size, 0);
            const bool in_range = size_min <= block->size && block->size <= size_max;
            found.young += in_range && allocations - block->born < 8;
            block->size = 0;
            continue;
        }
        assert_int_equal(op->kind, HD_OP_MALLOC);
        assert_int_equal(block->size, 0);
        *block = (struct block){.size = op->size, .born = allocations++};
        found.made += size_min <= op->size && op->size <= size_max;
    }
    assert_int_equal(allocations, ALLOCATIONS);
    free(blocks);
    return found;
}

static const struct row {
    const char *name;
    enum hd_mix mix;
    uint64_t size_min;
    uint64_t size_max;
    double share; // as in mixes.def
    double young; // of 1
} rows[] = {
    {"sqlite3, the least", HD_MIX_sqlite3, 1, 16, 0.3984, 0.978},
    {"sqlite3, to 32 bytes", HD_MIX_sqlite3, 17, 32, 0.4282, 0.972},
    {"git, to 8 KiB", HD_MIX_git, 4097, 8192, 0.1330, 0.752},
    {"git, to 32 KiB", HD_MIX_git, 16385, 32768, 0.0906, 0.970},
    {"perl, the least", HD_MIX_perl, 1, 16, 0.7900, 0.002},
    {"python3, to 64 bytes", HD_MIX_python3, 33, 64, 0.5618, 0.352},
};

static void sizes_and_lifetimes_are_those_of_the_program(void **state)
{
    (void)state;
    struct hd_arena arena;
    hd_arena_open(&arena, ARENA);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        struct hd_trace trace;
        hd_mix_make(row->mix, 1, ALLOCATIONS, &arena, &trace);
        const struct found found = look(&trace, row->size_min, row->size_max);
        const double share = (double)found.made / ALLOCATIONS;
        const double young = (double)found.young / found.made;
        if (fabs(share - row->share) > 0.01 || fabs(young - row->young) > 0.02)
            fail_msg("%s: a share of %.3f, of that %.3f young", row->name, share, young);
        hd_arena_reset(&arena, 0);
    }
    hd_arena_close(&arena);
}

static void the_seed_decides(void **state)
{
    (void)state;
    struct hd_arena arena;
    struct hd_trace first;
    struct hd_trace same;
    struct hd_trace other;
    hd_arena_open(&arena, ARENA);
    hd_mix_make(HD_MIX_git, 7, 1000, &arena, &first);
    hd_mix_make(HD_MIX_git, 7, 1000, &arena, &same);
    hd_mix_make(HD_MIX_git, 8, 1000, &arena, &other);
    assert_int_equal(first.count, same.count);
    assert_int_equal(first.slot_count, same.slot_count);
    assert_memory_equal(first.ops, same.ops, first.count * sizeof *first.ops);
    const size_t both = first.count < other.count ? first.count : other.count;
    assert_memory_not_equal(first.ops, other.ops, both * sizeof *first.ops);
    hd_arena_close(&arena);
}

static void nothing_may_be_asked_for(void **state)
{
    (void)state;
    struct hd_arena arena;
    struct hd_trace trace;
    hd_arena_open(&arena, ARENA);
    hd_mix_make(HD_MIX_perl, 1, 0, &arena, &trace);
    assert_int_equal(trace.count, 0);
    assert_int_equal(trace.slot_count, 0);
    hd_arena_close(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_and_lifetimes_are_those_of_the_program),
        cmocka_unit_test(the_seed_decides),
        cmocka_unit_test(nothing_may_be_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
