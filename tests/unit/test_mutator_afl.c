// SPDX-License-Identifier: MIT
/// test_mutator_afl.c: AFL++'s hooks: fuzzing from one seed, and trimming by operations.
#include "harness/fuzz/mutator/draft.h"
#include "harness/trace/binary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

// As AFL++ takes them out of the library.
void *afl_custom_init(void *afl, unsigned int seed);
size_t afl_custom_fuzz(void *data, uint8_t *buf, size_t buf_size, uint8_t **out_buf,
                       uint8_t *add_buf, size_t add_buf_size, size_t max_size);
int32_t afl_custom_init_trim(void *data, uint8_t *buf, size_t buf_size);
size_t afl_custom_trim(void *data, uint8_t **out_buf);
int32_t afl_custom_post_trim(void *data, uint8_t success);
void afl_custom_deinit(void *data);

#define COUNT_MAX 200

static uint8_t input[COUNT_MAX * HD_RECORD_SIZE + 7];

static void fill_input(size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct hd_op op = hd_op_of(HD_OP_MALLOC, (uint32_t)i, i, 0);
        hd_binary_encode(&op, input + i * HD_RECORD_SIZE);
    }
}

static void the_seed_decides(void **state)
{
    (void)state;
    void *one = afl_custom_init(NULL, 5);
    void *same = afl_custom_init(NULL, 5);
    void *other = afl_custom_init(NULL, 6);
    assert_true(one != NULL && same != NULL && other != NULL);
    fill_input(10);
    size_t different = 0;
    for (int i = 0; i < 1000; i++) {
        uint8_t *outs[3];
        uint8_t *add = i % 2 ? input : NULL;
        const size_t limit = i % 5 ? 1000 : 30;
        const size_t size = afl_custom_fuzz(one, input, 240, &outs[0], add, 48, limit);
        assert_int_equal(afl_custom_fuzz(same, input, 240, &outs[1], add, 48, limit), size);
        assert_true(size > 0 && size <= limit && size % HD_RECORD_SIZE == 0);
        assert_memory_equal(outs[0], outs[1], size);
        const size_t size_other = afl_custom_fuzz(other, input, 240, &outs[2], add, 48, limit);
        different += size != size_other || memcmp(outs[0], outs[2], size) != 0;
    }
    assert_true(different > 900);
    afl_custom_deinit(one);
    afl_custom_deinit(same);
    afl_custom_deinit(other);
}

/// Whether the records hold the operations that malloc `wanted` bytes, by which the target would
/// take the same edges.
static bool has(const uint8_t *bytes, size_t size, const uint64_t *wanted, size_t wanted_count)
{
    size_t found = 0;
    for (size_t i = 0; i < size; i += HD_RECORD_SIZE) {
        struct hd_op op;
        hd_binary_decode(bytes + i, &op);
        for (size_t k = 0; k < wanted_count; k++)
            found += op.size == wanted[k];
    }
    return found == wanted_count;
}

/// Trims as afl-fuzz does; returns the size of what is left. `*steps` is how often it ran the
/// target.
static size_t trim(size_t size, const uint64_t *wanted, size_t wanted_count, size_t *steps)
{
    void *mutator = afl_custom_init(NULL, 1);
    assert_non_null(mutator);
    const int32_t step_max = afl_custom_init_trim(mutator, input, size);
    *steps = 0;
    for (int32_t step = 0; step < step_max; (*steps)++) {
        uint8_t *out = NULL;
        const size_t out_size = afl_custom_trim(mutator, &out);
        assert_non_null(out);
        assert_true(out_size > 0 && out_size < size && out_size % HD_RECORD_SIZE == 0);
        const bool success = has(out, out_size, wanted, wanted_count);
        if (success) memcpy(input, out, size = out_size);
        step = afl_custom_post_trim(mutator, success);
        assert_true(step > 0);
    }
    afl_custom_deinit(mutator);
    return size;
}

static void trimming_leaves_what_matters(void **state)
{
    (void)state;
    static const struct {
        size_t count;
        uint64_t wanted[3];
        size_t wanted_count;
    } cases[] = {
        {2, {0}, 1},           {2, {1}, 1},       {3, {1}, 1},        {7, {0, 6}, 2},
        {64, {5, 6, 63}, 3},   {64, {0}, 1},      {100, {98, 99}, 2}, {COUNT_MAX, {199}, 1},
        {33, {15, 16, 17}, 3}, {5, {0, 2, 4}, 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t steps;
        fill_input(cases[i].count);
        const size_t left =
            trim(cases[i].count * HD_RECORD_SIZE, cases[i].wanted, cases[i].wanted_count, &steps);
        assert_int_equal(left, cases[i].wanted_count * HD_RECORD_SIZE);
        assert_true(has(input, left, cases[i].wanted, cases[i].wanted_count));
        assert_true(steps <= 2 * cases[i].count);
    }
}

static void what_cannot_be_shorter_is_not_trimmed(void **state)
{
    (void)state;
    size_t steps;
    fill_input(1);
    for (size_t size = 0; size < 2 * HD_RECORD_SIZE; size++) {
        assert_int_equal(trim(size, NULL, 0, &steps), size);
        assert_int_equal(steps, 0);
    }
}

/// What a last, short record says is lost when any run is.
static void a_short_record_goes_first(void **state)
{
    (void)state;
    size_t steps;
    fill_input(4);
    static const uint64_t wanted[] = {3};
    assert_int_equal(trim(4 * HD_RECORD_SIZE + 7, wanted, 1, &steps), HD_RECORD_SIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_seed_decides),
        cmocka_unit_test(trimming_leaves_what_matters),
        cmocka_unit_test(what_cannot_be_shorter_is_not_trimmed),
        cmocka_unit_test(a_short_record_goes_first),
    };
    return cmocka_run_group_tests_name("mutator_afl", tests, NULL, NULL);
}
