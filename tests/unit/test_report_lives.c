// SPDX-License-Identifier: MIT
/// test_report_lives.c: blocks as rectangles, from what each operation left behind.
#include "allocators/startup.h"
#include "harness/report/lives.h"
#include "harness/runner/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define A 0x10000
#define B 0x20000

/// An operation, and the block in its slot after it.
struct row {
    enum hd_op_kind kind;
    uint32_t slot;
    enum hd_outcome_kind outcome;
    uintptr_t address;
    size_t usable;
};

#define ROWS_MAX 8

static void check(const struct row *rows, size_t count, uint64_t step, const struct hd_life *want,
                  size_t want_count)
{
    struct hd_op ops[ROWS_MAX] = {0};
    struct hd_outcome outcomes[ROWS_MAX] = {0};
    struct hd_moment moments[ROWS_MAX] = {0};
    static struct hd_run run;
    for (size_t i = 0; i < count; i++) {
        ops[i] = (struct hd_op){.kind = (uint8_t)rows[i].kind, .slot = rows[i].slot};
        outcomes[i].kind = (uint8_t)rows[i].outcome;
        moments[i] = (struct hd_moment){.address = rows[i].address,
                                        .usable = rows[i].usable,
                                        .taken = rows[i].outcome != HD_OUTCOME_SKIPPED};
    }
    run.step = step;
    const struct hd_trace trace = {.ops = ops, .count = count, .slot_count = 4};
    const struct hd_result result = {
        .run = &run, .outcomes = outcomes, .count = count, .moments = moments};
    struct hd_lives lives;
    hd_lives_open(&lives, &trace, &result);
    assert_int_equal(lives.count, want_count);
    for (size_t i = 0; i < want_count; i++) {
        assert_int_equal(lives.items[i].birth, want[i].birth);
        assert_int_equal(lives.items[i].death, want[i].death);
        assert_int_equal(lives.items[i].address, want[i].address);
        assert_int_equal(lives.items[i].usable, want[i].usable);
    }
    hd_lives_close(&lives);
}

#define COUNT(array)            (sizeof(array) / sizeof((array)[0]))
#define CHECK(rows, step, want) check(rows, COUNT(rows), step, want, COUNT(want))

static void a_block_lives_until_it_is_freed(void **state)
{
    (void)state;
    const struct row rows[] = {
        {HD_OP_MALLOC, 1, HD_OUTCOME_BLOCK, A, 24},     {HD_OP_MALLOC, 2, HD_OUTCOME_BLOCK, B, 40},
        {HD_OP_WRITE, 1, HD_OUTCOME_DONE, A, 24},       {HD_OP_FREE_NULL, 0, HD_OUTCOME_DONE, 0, 0},
        {HD_OP_USABLE_SIZE, 2, HD_OUTCOME_DONE, B, 40}, {HD_OP_FREE, 1, HD_OUTCOME_DONE, 0, 0},
        {HD_OP_MALLOC, 2, HD_OUTCOME_SKIPPED, 0, 0},
    };
    const struct hd_life want[] = {{1, 6, A, 24}, {2, 8, B, 40}};
    CHECK(rows, 7, want);
}

static void a_realloc_begins_another_life(void **state)
{
    (void)state;
    const struct row rows[] = {
        {HD_OP_MALLOC, 1, HD_OUTCOME_BLOCK, A, 24},
        {HD_OP_REALLOC, 1, HD_OUTCOME_BLOCK, A, 32}, // in place
        {HD_OP_REALLOC, 1, HD_OUTCOME_BLOCK, B, 64},
        {HD_OP_REALLOC, 1, HD_OUTCOME_NULL, B, 64}, // failed: the old one lives
        {HD_OP_REALLOC, 1, HD_OUTCOME_NULL, 0, 0},  // to no bytes, which freed it
    };
    const struct hd_life want[] = {{1, 2, A, 24}, {2, 3, A, 32}, {3, 5, B, 64}};
    CHECK(rows, 5, want);
}

static void what_a_run_never_came_to_is_no_life(void **state)
{
    (void)state;
    const struct row rows[] = {
        {HD_OP_MALLOC, 1, HD_OUTCOME_BLOCK, A, 24},
        {HD_OP_MALLOC, 2, HD_OUTCOME_NULL, 0, 0},
        {HD_OP_MALLOC, 3, HD_OUTCOME_LOST, 0, 0},
        {HD_OP_MALLOC, 3, HD_OUTCOME_NONE, B, 1}, // never written, or written over
    };
    const struct hd_life want[] = {{1, 4, A, 24}};
    CHECK(rows, 3, want);
}

// ---------------------------------------------------------------------------- recorded

static void resident_memory_is_looked_at_evenly_and_last(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 2, 255, 256, 257, 5000, 100000};
    for (size_t i = 0; i < COUNT(counts); i++) {
        size_t looks = 0;
        for (uint64_t step = 1; step <= counts[i]; step++)
            looks += hd_timeline_looks(step, counts[i]);
        assert_true(hd_timeline_looks(counts[i], counts[i]));
        assert_in_range(looks, counts[i] < 256 ? counts[i] : 128, HD_TIMELINE_LOOKS);
    }
}

static void sums_are_of_all_operations(void **state)
{
    (void)state;
    const struct hd_moment moments[] = {
        {.mapped = 4096, .live = 10, .taken = true},
        {0}, // skipped
        {.mapped = 8192, .live = 30, .resident = 4096, .taken = true, .looked = true},
        {.mapped = 8192, .live = 0, .taken = true},
    };
    const struct hd_timeline_use use = hd_timeline_use(moments, COUNT(moments));
    assert_true(use.mapped == 20480 && use.live == 40);
    assert_int_equal(use.resident_peak, 4096);
}

static void moments_that_were_written_over_are_not_believed(void **state)
{
    (void)state;
    struct hd_moment moments[] = {{.address = A, .usable = 24, .taken = true}, {0}};
    assert_true(hd_moments_plausible(moments, 2));
    moments[0].usable = SIZE_MAX - A; // ends past the addresses that there are
    assert_false(hd_moments_plausible(moments, 2));
    moments[0].usable = 24;
    moments[1].address = UINTPTR_MAX;
    assert_false(hd_moments_plausible(moments, 2));
    moments[1].address = 0;
    memset(&moments[1].taken, 7, 1);
    assert_false(hd_moments_plausible(moments, 2));
    struct hd_timeline_use use = {.mapped = 4096, .live = 24};
    assert_true(hd_use_plausible(&use));
    use.live = -1;
    assert_false(hd_use_plausible(&use));
    memset(&use, 0xff, sizeof use); // no numbers
    assert_false(hd_use_plausible(&use));
}

/// What a child writes down of brkmap, which is compiled in and known anywhere.
static void a_child_writes_down_what_each_operation_left(void **state)
{
    (void)state;
    static const char text[] = "heapduel-trace 1\n1 = malloc 100\n2 = malloc 300000\nfree 1\n"
                               "free 3\n2 = realloc 2 50\n";
    struct hd_conditions conditions = HD_CONDITIONS_DEFAULT;
    conditions.records_timeline = true;
    conditions.sums_timeline = true;
    struct hd_arena arena;
    struct hd_trace trace;
    struct hd_result result;
    struct hd_message message;
    hd_arena_open(&arena, (size_t)1 << 20);
    assert_int_equal(hd_trace_read_bytes("test", (const uint8_t *)text, sizeof text - 1, &arena,
                                         &trace, &message),
                     HD_OK);
    assert_int_equal(hd_runner_run("brkmap", &trace, &conditions, &result, &message), HD_OK);
    const struct hd_moment *moments = result.moments;
    const struct hd_timeline_use use = hd_timeline_use(moments, result.count);
    assert_memory_equal(&result.use, &use, sizeof use); // added up there, and here
    assert_true(moments[0].address != 0 && moments[0].usable >= 100);
    assert_int_equal(moments[0].live, moments[0].usable);
    assert_true(moments[1].usable >= 300000);
    assert_int_equal(moments[1].live, moments[0].usable + moments[1].usable);
    assert_int_equal(moments[2].address, 0);
    assert_int_equal(moments[2].live, moments[1].usable);
    assert_false(moments[3].taken); // nothing is in slot 3
    assert_int_equal(moments[4].live, moments[4].usable);
    if (result.tap != HD_TAP_OFF) {
        assert_true(moments[1].mapped >= moments[0].mapped + 300000);
        assert_true(moments[4].mapped < moments[1].mapped);
        assert_true(moments[1].looked && moments[1].resident >= 4096);
        assert_true(moments[1].resident <= moments[1].mapped);
    }
    hd_result_release(&result);
    hd_arena_close(&arena);
}

int main(int argc, char **argv)
{
    (void)argc;
    hd_runner_serve(argv);
    hd_startup(argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_lives_until_it_is_freed),
        cmocka_unit_test(a_realloc_begins_another_life),
        cmocka_unit_test(what_a_run_never_came_to_is_no_life),
        cmocka_unit_test(resident_memory_is_looked_at_evenly_and_last),
        cmocka_unit_test(sums_are_of_all_operations),
        cmocka_unit_test(moments_that_were_written_over_are_not_believed),
        cmocka_unit_test(a_child_writes_down_what_each_operation_left),
    };
    return cmocka_run_group_tests_name("report_lives", tests, NULL, NULL);
}
