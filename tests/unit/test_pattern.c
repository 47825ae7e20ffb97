// SPDX-License-Identifier: MIT
/// test_pattern.c: every byte of a small block is written and checked, of a large one the sample.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <sys/mman.h>

#include "harness/model/pattern.h"

#define SMALL_MAX 4200
#define WHOLE     HD_PATTERN_WHOLE
#define ALL_MAX   (HD_PATTERN_WHOLE + HD_PATTERN_TAIL) // the largest block with every byte written
#define MIB       ((size_t)1 << 20)
#define ROOM      (80 * MIB)
#define UNTOUCHED 0xa5

static const uint64_t key = UINT64_C(0x0123456789abcdef);
static uint8_t *memory; // ROOM bytes, mapped anew by each test

static int map_memory(void **state)
{
    (void)state;
    memory = mmap(NULL, ROOM, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED;
}

static int unmap_memory(void **state)
{
    (void)state;
    return munmap(memory, ROOM);
}

static size_t check(const uint8_t *block, size_t size)
{
    return hd_pattern_check((uintptr_t)block, size, size, key);
}

static void fill(uint8_t *block, size_t size) { hd_pattern_fill((uintptr_t)block, size, 0, key); }

static void a_small_block_holds_its_pattern_and_nothing_around_it_changes(void **state)
{
    (void)state;
    for (size_t size = 0; size <= SMALL_MAX; size++) {
        uint8_t *block = memory + 64 + size % 16;
        memset(memory, UNTOUCHED, SMALL_MAX + 256);
        fill(block, size);
        assert_int_equal(check(block, size), size);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(block[i], hd_pattern_byte(i, key));
        for (size_t i = 1; i <= 16; i++) {
            assert_int_equal(block[-(ptrdiff_t)i], UNTOUCHED);
            assert_int_equal(block[size + i - 1], UNTOUCHED);
        }
    }
}

static void assert_flip_found(uint8_t *block, size_t size, size_t offset, uint8_t bit)
{
    block[offset] ^= bit;
    assert_int_equal(check(block, size), offset);
    block[offset] ^= bit;
}

static void a_flipped_byte_of_a_small_block_is_found_where_it_is(void **state)
{
    (void)state;
    for (size_t size = 1; size <= SMALL_MAX; size += size < 200 ? 1 : 131) {
        uint8_t *block = memory + size % 8;
        fill(block, size);
        for (size_t offset = 0; offset < size; offset++)
            assert_flip_found(block, size, offset, (uint8_t)(1u << offset % 8));
    }
}

static void the_first_of_two_flipped_bytes_is_told(void **state)
{
    (void)state;
    fill(memory, 100);
    memory[99] ^= 1;
    memory[17] ^= 1;
    assert_int_equal(check(memory, 100), 17);
}

static void up_to_whole_and_tail_every_byte_is_checked(void **state)
{
    (void)state;
    static const size_t sizes[] = {WHOLE - 1,   WHOLE,       WHOLE + 1, ALL_MAX - 9,
                                   ALL_MAX - 1, ALL_MAX};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        const size_t size = sizes[i];
        uint8_t *block = memory + i;
        fill(block, size);
        assert_int_equal(check(block, size), size);
        for (size_t offset = 0; offset < size; offset += 4093)
            assert_flip_found(block, size, offset, 0x80);
        for (size_t offset = WHOLE - 16; offset < size; offset += 61)
            assert_flip_found(block, size, offset, 0x80);
        assert_flip_found(block, size, size - 1, 1);
    }
}

static const size_t large_sizes[] = {ALL_MAX + 1, ALL_MAX + 7, ALL_MAX + 8, ALL_MAX + 9,
                                     ALL_MAX + 4096, 512 << 10, (512 << 10) + 4099, MIB + 1,
                                     3 * MIB - 5, 64 * MIB, 64 * MIB + 4096 + 13};
#define LARGE_COUNT (sizeof large_sizes / sizeof large_sizes[0])

static void a_large_block_is_checked_at_both_ends_whatever_its_base(void **state)
{
    (void)state;
    for (size_t i = 0; i < LARGE_COUNT; i++) {
        const size_t size = large_sizes[i];
        uint8_t *block = memory + 4096 + i % 9;
        memset(block + size, UNTOUCHED, 16);
        fill(block, size);
        assert_int_equal(check(block, size), size);
        static const size_t from_start[] = {0, 1, 7, 4096, WHOLE - 1, WHOLE};
        for (size_t at = 0; at < sizeof from_start / sizeof from_start[0]; at++)
            assert_flip_found(block, size, from_start[at], 0x10);
        static const size_t from_end[] = {1, 2, 8, 9, 100, HD_PATTERN_TAIL};
        for (size_t at = 0; at < sizeof from_end / sizeof from_end[0]; at++)
            assert_flip_found(block, size, size - from_end[at], 0x10);
        for (size_t at = 0; at < 16; at++) assert_int_equal(block[size + at], UNTOUCHED);
    }
}

/// The offsets past WHOLE that filling a block of `size` zero bytes writes, up to the tail.
static size_t sampled_offsets(size_t size, size_t *offsets, size_t offsets_max)
{
    memset(memory, 0, size);
    fill(memory, size);
    size_t count = 0;
    const size_t tail = (size - HD_PATTERN_TAIL) & ~(size_t)7;
    for (size_t at = WHOLE; at + 8 <= tail; at += 8) {
        uint64_t word;
        memcpy(&word, memory + at, sizeof word);
        if (word != 0 && count < offsets_max) offsets[count++] = at;
    }
    return count;
}

static void of_a_large_block_16_words_of_each_doubling_are_sampled(void **state)
{
    (void)state;
    static size_t offsets[1024];
    const size_t count = sampled_offsets(16 * MIB, offsets, 1024);
    for (size_t from = WHOLE; from < 8 * MIB; from *= 2) {
        size_t inside = 0;
        for (size_t i = 0; i < count; i++) inside += offsets[i] >= from && offsets[i] < 2 * from;
        assert_int_equal(inside, 16);
    }
    for (size_t i = 0; i < count; i++)
        for (size_t byte = 0; byte < 8; byte++)
            assert_flip_found(memory, 16 * MIB, offsets[i] + byte, 0x40);
}

static void sampled_positions_do_not_depend_on_the_size(void **state)
{
    (void)state;
    static size_t smaller[1024];
    static size_t larger[1024];
    static const size_t sizes[] = {ALL_MAX + 8, 300 << 10, 512 << 10, (512 << 10) + 8, MIB + 4096,
                                   5 * MIB + 3, 16 * MIB};
    for (size_t i = 0; i + 1 < sizeof sizes / sizeof sizes[0]; i++) {
        const size_t few = sampled_offsets(sizes[i], smaller, 1024);
        const size_t many = sampled_offsets(sizes[i + 1], larger, 1024);
        assert_true(few <= many);
        assert_memory_equal(smaller, larger, few * sizeof smaller[0]);
        // A block filled large keeps its pattern as far as a smaller one would check it.
        const size_t limit = sizes[i];
        assert_int_equal(
            hd_pattern_check((uintptr_t)memory, sizes[i + 1], limit, key), limit);
    }
}

static void a_kept_prefix_is_spared_down_to_a_word(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 8, 15, 64, 100, WHOLE - 3, ALL_MAX};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        const size_t size = sizes[i];
        for (size_t kept = 0; kept <= size; kept += size < 200 ? 1 : 8111) {
            memset(memory, UNTOUCHED, size);
            hd_pattern_fill((uintptr_t)memory, size, kept, key);
            const size_t spared = kept >= size ? size : kept & ~(size_t)7;
            for (size_t at = 0; at < spared; at += size < 200 ? 1 : 509)
                assert_int_equal(memory[at], UNTOUCHED);
            for (size_t at = spared; at < size; at += size < 200 ? 1 : 509)
                assert_int_equal(memory[at], hd_pattern_byte(at, key));
            // With the prefix in place the whole is the pattern.
            hd_pattern_fill((uintptr_t)memory, kept, 0, key);
            assert_int_equal(check(memory, size), size);
        }
    }
}

static void a_kept_prefix_of_a_large_block_is_spared(void **state)
{
    (void)state;
    const size_t size = 4 * MIB;
    memset(memory, UNTOUCHED, size);
    hd_pattern_fill((uintptr_t)memory, size, WHOLE, key);
    assert_int_equal(memory[0], UNTOUCHED);
    assert_int_equal(memory[WHOLE - 1], UNTOUCHED);
    assert_int_equal(memory[WHOLE], hd_pattern_byte(WHOLE, key));
    hd_pattern_fill((uintptr_t)memory, WHOLE, 0, key);
    assert_int_equal(check(memory, size), size);
}

static void bytes_at_and_past_the_limit_do_not_count(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 8, 100, ALL_MAX, 4 * MIB};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        const size_t size = sizes[i];
        const size_t step = size <= 100 ? 1 : 4099;
        fill(memory, size);
        for (size_t at = 0; at < size && at < WHOLE; at += step) {
            memory[at] ^= 4;
            for (size_t limit = at > 9 ? at - 9 : 0; limit <= at; limit++)
                assert_int_equal(hd_pattern_check((uintptr_t)memory, size, limit, key), limit);
            assert_int_equal(hd_pattern_check((uintptr_t)memory, size, at + 1, key), at);
            memory[at] ^= 4;
        }
        assert_int_equal(hd_pattern_check((uintptr_t)memory, size, size / 2, key), size / 2);
    }
}

static void a_limit_inside_a_sampled_word_or_the_tail_cuts_it(void **state)
{
    (void)state;
    const size_t size = 4 * MIB;
    fill(memory, size);
    static const size_t offsets[] = {WHOLE + 3, MIB + 5, 4 * MIB - HD_PATTERN_TAIL + 1,
                                     4 * MIB - 1};
    for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
        const size_t at = offsets[i];
        memory[at] ^= 2;
        assert_int_equal(hd_pattern_check((uintptr_t)memory, size, at, key), at);
        assert_int_equal(hd_pattern_check((uintptr_t)memory, size, at + 1, key), at);
        assert_int_equal(hd_pattern_check((uintptr_t)memory, size, size, key), at);
        memory[at] ^= 2;
    }
}

static void a_byte_that_is_not_zero_is_found_where_it_is(void **state)
{
    (void)state;
    for (size_t size = 0; size <= 300; size++) {
        uint8_t *block = memory + size % 8;
        memset(memory, 0, 400);
        block[size] = 1; // just past it
        assert_int_equal(hd_pattern_check_zero((uintptr_t)block, size), size);
        for (size_t at = 0; at < size; at++) {
            block[at] = 0x80;
            assert_int_equal(hd_pattern_check_zero((uintptr_t)block, size), at);
            block[at] = 0;
        }
    }
}

static void a_large_zero_block_is_checked_where_filling_writes(void **state)
{
    (void)state;
    static const size_t offsets[] = {0,       WHOLE - 1, WHOLE,       WHOLE + 7, MIB,
                                     2 * MIB, 32 * MIB,  64 * MIB - 4096, 64 * MIB - 1};
    const uintptr_t block = (uintptr_t)memory;
    assert_int_equal(hd_pattern_check_zero(block, 64 * MIB), 64 * MIB);
    for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
        memory[offsets[i]] = 1;
        assert_int_equal(hd_pattern_check_zero(block, 64 * MIB), offsets[i]);
        memory[offsets[i]] = 0;
    }
    memory[WHOLE + 8] = 1; // no sampled word
    assert_int_equal(hd_pattern_check_zero(block, 64 * MIB), 64 * MIB);
}

static void every_word_tells_its_offset_and_another_keys_none(void **state)
{
    (void)state;
    const size_t size = 300 << 10;
    for (uint64_t n = 0; n < 16; n++) {
        const uint64_t own = hd_pattern_key(n);
        for (size_t at = 0; at + 8 <= size; at += 8) {
            uint8_t bytes[8];
            for (size_t i = 0; i < 8; i++) bytes[i] = hd_pattern_byte(at + i, own);
            uint64_t word;
            memcpy(&word, bytes, sizeof word);
            assert_int_equal(hd_pattern_offset(word, size, own), at);
            assert_true(hd_pattern_offset(word, size, hd_pattern_key(n + 1)) == SIZE_MAX);
            assert_true(hd_pattern_offset(word ^ 1, size, own) == SIZE_MAX);
        }
    }
}

static void a_word_past_the_last_whole_one_is_not_the_blocks(void **state)
{
    (void)state;
    const uint64_t third = key + 2 * HD_PATTERN_STRIDE;
    assert_true(hd_pattern_offset(third, 23, key) == SIZE_MAX);
    assert_int_equal(hd_pattern_offset(third, 24, key), 16);
    assert_true(hd_pattern_offset(key, 7, key) == SIZE_MAX);
    assert_true(hd_pattern_offset(key - HD_PATTERN_STRIDE, SIZE_MAX / 2, key) == SIZE_MAX);
}

static void keys_differ_from_filling_to_filling(void **state)
{
    (void)state;
    for (uint64_t n = 0; n < 1000; n++)
        for (uint64_t other = n + 1; other < n + 10; other++)
            assert_int_not_equal(hd_pattern_key(n), hd_pattern_key(other));
    assert_int_not_equal(hd_pattern_key(0), 0); // fresh memory must not look filled
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, map_memory, unmap_memory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_small_block_holds_its_pattern_and_nothing_around_it_changes),
        TEST(a_flipped_byte_of_a_small_block_is_found_where_it_is),
        TEST(the_first_of_two_flipped_bytes_is_told),
        TEST(up_to_whole_and_tail_every_byte_is_checked),
        TEST(a_large_block_is_checked_at_both_ends_whatever_its_base),
        TEST(of_a_large_block_16_words_of_each_doubling_are_sampled),
        TEST(sampled_positions_do_not_depend_on_the_size),
        TEST(a_kept_prefix_is_spared_down_to_a_word),
        TEST(a_kept_prefix_of_a_large_block_is_spared),
        TEST(bytes_at_and_past_the_limit_do_not_count),
        TEST(a_limit_inside_a_sampled_word_or_the_tail_cuts_it),
        TEST(a_byte_that_is_not_zero_is_found_where_it_is),
        TEST(a_large_zero_block_is_checked_where_filling_writes),
        TEST(every_word_tells_its_offset_and_another_keys_none),
        TEST(a_word_past_the_last_whole_one_is_not_the_blocks),
        TEST(keys_differ_from_filling_to_filling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
