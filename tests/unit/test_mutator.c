// SPDX-License-Identifier: MIT
/// test_mutator.c: whatever goes in, whole canonical records come out, the same each time.
#include "harness/fuzz/mutator/mutator.h"

#include "harness/trace/binary.h"
#include "tests/unit/malloc_counter.h"
#include "tests/unit/mutator_rig.h"
#include "tests/unit/random_ops.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ROUNDS    100000
#define BYTES_MAX 3000

static struct hd_draft before;
static struct hd_draft after;

static void assert_canonical(const uint8_t *bytes, size_t size, size_t size_max)
{
    assert_true(size > 0 && size <= size_max);
    assert_int_equal(size % HD_RECORD_SIZE, 0);
    for (size_t i = 0; i < size; i += HD_RECORD_SIZE) {
        struct hd_op op;
        uint8_t record[HD_RECORD_SIZE];
        hd_binary_decode(bytes + i, &op);
        hd_binary_encode(&op, record);
        assert_memory_equal(bytes + i, record, HD_RECORD_SIZE);
    }
}

static void any_bytes_become_whole_canonical_records(void **state)
{
    (void)state;
    static uint8_t first[BYTES_MAX + 1];
    static uint8_t second[BYTES_MAX + 1];
    uint64_t dice = 1;
    for (unsigned i = 0; i < ROUNDS; i++) {
        const size_t limit = random_below(&dice, 8) ? 400 : BYTES_MAX;
        const size_t size_max = HD_RECORD_SIZE + random_below(&dice, limit - HD_RECORD_SIZE);
        const size_t size = random_below(&dice, size_max + 1);
        for (size_t k = 0; k < size; k++)
            first[k] = random_below(&dice, 3) ? (uint8_t)random_next(&dice) : 0;
        memcpy(second, first, size);
        first[size_max] = second[size_max] = 0xa5; // must not be written
        const size_t mutated = hd_mutate(first, size, size_max, i);
        assert_canonical(first, mutated, size_max);
        assert_int_equal(first[size_max], 0xa5);
        assert_int_equal(hd_mutate(second, size, size_max, i), mutated);
        assert_memory_equal(first, second, mutated);
    }
}

static void less_than_a_record_is_left_alone(void **state)
{
    (void)state;
    for (size_t size_max = 0; size_max < HD_RECORD_SIZE; size_max++) {
        uint8_t bytes[HD_RECORD_SIZE];
        memset(bytes, 7, sizeof bytes);
        assert_int_equal(hd_mutate(bytes, size_max, size_max, 1), 0);
        for (size_t i = 0; i < sizeof bytes; i++)
            assert_int_equal(bytes[i], 7);
    }
}

/// Whoever gives no flags and no inputs is to come to several operations at once.
static void nothing_becomes_a_small_trace(void **state)
{
    (void)state;
    uint8_t bytes[4096];
    size_t most = 0;
    size_t sum = 0;
    for (unsigned seed = 0; seed < 1000; seed++) {
        const size_t count = hd_mutate(bytes, 0, sizeof bytes, seed) / HD_RECORD_SIZE;
        sum += count;
        if (count > most) most = count;
    }
    assert_in_range(sum, 8 * 1000, 40 * 1000);
    assert_in_range(most, 24, sizeof bytes / HD_RECORD_SIZE);
}

/// From nothing, with the result of each call given to the next: each kind is met, most operations
/// apply, and traces grow without end to neither side.
static void a_chain_of_mutations_meets_every_kind(void **state)
{
    (void)state;
    uint8_t bytes[4096];
    size_t size = 0;
    size_t kinds[HD_OP_KINDS] = {0};
    size_t applying = 0;
    size_t all = 0;
    for (unsigned seed = 0; seed < 20000; seed++) {
        if (seed % 16 == 0) size = 0;
        size = hd_mutate(bytes, size, sizeof bytes, seed);
        if (seed % 16 != 15) continue;
        after.count_max = sizeof bytes / HD_RECORD_SIZE;
        hd_draft_decode(&after, bytes, size);
        struct hd_occupancy *occupancy = hd_occupancy_at(&after, 0);
        hd_occupancy_begin(occupancy, after.count);
        for (size_t i = 0; i < after.count; i++, all++) {
            kinds[after.ops[i].kind]++;
            applying += hd_occupancy_applies(occupancy, &after.ops[i]);
            hd_occupancy_step(occupancy, &after.ops[i], i);
        }
    }
    assert_in_range(kinds[HD_OP_THREAD_END], 1, 99); // few have threads
    for (size_t kind = 0; kind < HD_OP_THREAD_END; kind++)
        if (kinds[kind] < 100) fail_msg("%s: %zu times", hd_op_infos[kind].text, kinds[kind]);
    print_message("%zu of %zu operations apply\n", applying, all);
    assert_true(applying > all / 4 * 3);
}

/// How often a call of the mutator left fewer than the trace's eight blocks of `size` bytes.
static unsigned times_lightened(uint64_t size)
{
    unsigned times = 0;
    for (unsigned seed = 0; seed < 1000; seed++) {
        uint8_t bytes[2400];
        size_t blocks = 0;
        for (uint32_t slot = 0; slot < 8; slot++) {
            const struct hd_op op = hd_op_of(HD_OP_MALLOC, slot, size, 0);
            hd_binary_encode(&op, bytes + slot * HD_RECORD_SIZE);
        }
        after.count_max = sizeof bytes / HD_RECORD_SIZE;
        hd_draft_decode(&after, bytes, hd_mutate(bytes, 8 * HD_RECORD_SIZE, sizeof bytes, seed));
        for (size_t i = 0; i < after.count; i++)
            blocks += after.ops[i].size == size;
        times += blocks < 6;
    }
    return times;
}

/// Filling pages takes most of the time; what nobody serves takes none.
static void heavy_traces_become_lighter(void **state)
{
    (void)state;
    const unsigned light = times_lightened(4000);
    assert_in_range(times_lightened(UINT64_C(4) << 20), light + 200, 1000);
    assert_in_range(times_lightened(UINT64_C(1) << 40), 0, light + 60);
}

/// More of those that have threads are left with one than of those that have one get more.
static void half_of_those_with_threads_have_one_again(void **state)
{
    (void)state;
    unsigned with_threads[2] = {0};
    for (unsigned had = 0; had < 2; had++) {
        for (uint64_t seed = 0; seed < 1000; seed++) {
            uint8_t bytes[32 * HD_RECORD_SIZE];
            struct hd_op op = hd_op_of(HD_OP_MALLOC, 0, 8, 0);
            op.thread = (uint8_t)had;
            hd_binary_encode(&op, bytes);
            hd_binary_encode(&op, bytes + HD_RECORD_SIZE);
            const size_t size = hd_mutate(bytes, 2 * HD_RECORD_SIZE, sizeof bytes, seed);
            unsigned threads = 0;
            for (size_t at = 0; at < size; at += HD_RECORD_SIZE) {
                hd_binary_decode(bytes + at, &op);
                threads |= op.thread;
            }
            with_threads[had] += threads != 0;
        }
    }
    assert_in_range(with_threads[0], 20, 250);
    assert_in_range(with_threads[1], 250, 600);
}

/// Each mutation on random traces, some kinds off: what it says it did not do it did not, what it
/// did is well formed and short enough, and no kind that is off has become more.
static void each_mutation_keeps_to_its_contract(void **state)
{
    (void)state;
    uint64_t dice = 2;
    size_t made[HD_MUTATIONS] = {0};
    for (unsigned i = 0; i < ROUNDS; i++) {
        const size_t id = i % HD_MUTATIONS;
        draft_of_dice(&before, 1 + random_below(&dice, 60), &dice);
        before.off = random_below(&dice, 2) ? random_next(&dice) : 0;
        draft_copy(&after, &before);
        after.random = i;
        const bool changed = hd_mutations[id].apply(&after);
        assert_int_equal(after.run_count, 0);
        assert_in_range(after.count, 1, after.count_max);
        if (!changed && !draft_same(&before, &after))
            fail_msg("%s says it changed nothing", hd_mutations[id].name);
        for (size_t k = 0; k < after.count; k++)
            if (!hd_op_well_formed(&after.ops[k])) fail_msg("%s", hd_mutations[id].name);
        for (uint8_t kind = 0; kind < HD_OP_KINDS; kind++)
            if (!hd_draft_is_on(&before, kind) &&
                kind_count(&after, kind) > kind_count(&before, kind))
                fail_msg("%s makes %s", hd_mutations[id].name, hd_op_infos[kind].text);
        made[id] += changed;
    }
    for (size_t id = 0; id < HD_MUTATIONS; id++)
        if (made[id] < 200) fail_msg("%s: %zu times", hd_mutations[id].name, made[id]);
}

static void nothing_is_allocated(void **state)
{
    (void)state;
    uint8_t bytes[2048];
    uint8_t crossed[2048];
    size_t size = 0;
    malloc_counter_start();
    const unsigned long calls = malloc_counter_calls();
    for (unsigned seed = 0; seed < 2000; seed++) {
        size = hd_mutate(bytes, size, sizeof bytes, seed);
        assert_true(hd_crossover(bytes, size, bytes, size / 2, crossed, sizeof crossed, seed) > 0);
    }
    assert_int_equal(malloc_counter_calls(), calls);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_bytes_become_whole_canonical_records),
        cmocka_unit_test(less_than_a_record_is_left_alone),
        cmocka_unit_test(nothing_becomes_a_small_trace),
        cmocka_unit_test(a_chain_of_mutations_meets_every_kind),
        cmocka_unit_test(heavy_traces_become_lighter),
        cmocka_unit_test(half_of_those_with_threads_have_one_again),
        cmocka_unit_test(each_mutation_keeps_to_its_contract),
        cmocka_unit_test(nothing_is_allocated),
    };
    return cmocka_run_group_tests_name("mutator", tests, NULL, NULL);
}
