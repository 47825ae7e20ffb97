// SPDX-License-Identifier: MIT
/// test_mutator_crossover.c: a trace of two is made of both, in their order.
#include "harness/fuzz/mutator/mutator.h"

#include "harness/trace/binary.h"
#include "tests/unit/mutator_rig.h"
#include "tests/unit/random_ops.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define COUNT 20

static uint8_t a[COUNT * HD_RECORD_SIZE];
static uint8_t b[COUNT * HD_RECORD_SIZE];
static uint8_t out[4 * COUNT * HD_RECORD_SIZE + 1];
static struct hd_draft result;

/// Sizes tell where an operation comes from: 1000 and up of the first, 2000 and up of the second.
static void fill(void)
{
    for (uint32_t i = 0; i < COUNT; i++) {
        struct hd_op op = hd_op_of(HD_OP_MALLOC, i, 1000 + i, 0);
        hd_binary_encode(&op, a + i * HD_RECORD_SIZE);
        op.size += 1000;
        hd_binary_encode(&op, b + i * HD_RECORD_SIZE);
    }
}

static size_t cross(size_t count_max, uint64_t seed)
{
    const size_t out_max = count_max * HD_RECORD_SIZE;
    out[out_max] = 0xa5;
    const size_t size = hd_crossover(a, sizeof a, b, sizeof b, out, out_max, seed);
    assert_int_equal(out[out_max], 0xa5);
    assert_true(size > 0 && size <= out_max && size % HD_RECORD_SIZE == 0);
    result.count_max = count_max;
    hd_draft_decode(&result, out, size);
    return result.count;
}

/// Whether operations of one parent stand in their order; `*count` of them.
static bool in_order(uint64_t base, size_t *count)
{
    uint64_t last = 0;
    *count = 0;
    for (size_t i = 0; i < result.count; i++) {
        if (result.ops[i].size / 1000 * 1000 != base) continue;
        if (result.ops[i].size <= last) return false;
        last = result.ops[i].size;
        (*count)++;
    }
    return true;
}

static void both_parents_keep_their_order(void **state)
{
    (void)state;
    fill();
    size_t of_both = 0;
    size_t apart = 0;
    for (uint64_t seed = 0; seed < 10000; seed++) {
        size_t of_a = 0;
        size_t of_b = 0;
        const size_t count = cross(1 + seed % (3 * COUNT), seed);
        assert_true(in_order(1000, &of_a) && in_order(2000, &of_b));
        assert_int_equal(of_a + of_b, count);
        bool shared = false;
        for (size_t i = 0; i < count; i++)
            shared |= result.ops[i].size >= 2000 && result.ops[i].slot < COUNT;
        of_both += of_a > 0 && of_b > 0;
        apart += of_b > 0 && !shared;
    }
    assert_true(of_both > 6000);
    assert_in_range(apart, 2000, 8000); // slots are kept apart half of the time
}

static void all_three_ways_are_taken(void **state)
{
    (void)state;
    fill();
    size_t head_and_tail = 0;
    size_t inside = 0;
    size_t interleaved = 0;
    for (uint64_t seed = 0; seed < 1000; seed++) {
        const size_t count = cross(3 * COUNT, seed);
        size_t changes = 0; // from one parent to the other
        for (size_t i = 1; i < count; i++)
            changes += (result.ops[i].size < 2000) != (result.ops[i - 1].size < 2000);
        head_and_tail += changes <= 1;
        inside += changes == 2;
        interleaved += changes > 2 && count == 2 * COUNT;
    }
    assert_true(head_and_tail > 200 && inside > 150 && interleaved > 200);
}

static void any_bytes_can_be_crossed(void **state)
{
    (void)state;
    uint64_t dice = 3;
    for (unsigned i = 0; i < 50000; i++) {
        const size_t a_size = random_below(&dice, sizeof a + 1);
        const size_t b_size = random_below(&dice, sizeof b + 1);
        for (size_t k = 0; k < sizeof a; k++) {
            a[k] = (uint8_t)random_next(&dice);
            b[k] = (uint8_t)random_next(&dice);
        }
        const size_t out_max = random_below(&dice, sizeof out);
        out[out_max] = 0xa5;
        const size_t size = hd_crossover(a, a_size, b, b_size, out, out_max, i);
        assert_int_equal(out[out_max], 0xa5);
        assert_int_equal(size % HD_RECORD_SIZE, 0);
        assert_in_range(size, 0, out_max);
        assert_int_equal(size == 0, out_max < HD_RECORD_SIZE || a_size + b_size == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_parents_keep_their_order),
        cmocka_unit_test(all_three_ways_are_taken),
        cmocka_unit_test(any_bytes_can_be_crossed),
    };
    return cmocka_run_group_tests_name("mutator_crossover", tests, NULL, NULL);
}
