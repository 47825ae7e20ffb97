// SPDX-License-Identifier: MIT
/// test_scale.c: every form byte reaches what the table in scale.h says, and nothing else.
#include "harness/trace/scale.h"

#include "tests/unit/random_ops.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ROUNDS 2000

static const uint64_t size_max = UINT64_MAX;
static const uint64_t ptrdiff_max = INT64_MAX;

/// The payload with these three lowest bytes.
static uint64_t payload_of_3(unsigned p0, unsigned p1, unsigned p2)
{
    return p0 | (uint64_t)p1 << 8 | (uint64_t)p2 << 16 | UINT64_C(0xabcdef0123000000);
}

/// For forms that look at two bytes only.
static uint64_t payload(unsigned p0, unsigned p1)
{
    return payload_of_3(p0, p1, 0x45);
}

static uint64_t distance(uint64_t a, uint64_t b)
{
    return a < b ? b - a : a - b;
}

static void sizes_are_where_the_table_says(void **state)
{
    (void)state;
    enum { NEAR_NONE = 16, NEAR_LOWEST = 0, NEAR_HIGHEST = 32 };
    const struct {
        uint8_t form;
        uint64_t payload;
        uint64_t want;
    } rows[] = {
        {0, size_max, 0},
        {1, size_max, 1},
        {12, 0xffff, 4095},
        {63, size_max, ptrdiff_max},
        {64, size_max, size_max},
        {65, size_max, 0},
        {77, size_max, 4095},
        {78, size_max, 0},
        {180, size_max, 2047},              // (180-65) % 13 == 11
        {181, payload(NEAR_NONE, 0), 1},    // 2^0
        {181, payload(NEAR_LOWEST, 0), 0},  // stops at 0
        {185, payload(NEAR_LOWEST, 0), 0},  // 2^4 - 16
        {186, payload(NEAR_LOWEST, 0), 16}, // 2^5 - 16
        {181, payload(NEAR_HIGHEST, 0), 17},
        {181, payload(NEAR_LOWEST + 33, 0), 0}, // modulo 33
        {197, payload(NEAR_LOWEST, 0), 65536 - 16},
        {197, payload(NEAR_NONE, 0), 65536},
        {197, payload(NEAR_HIGHEST, 0), 65536 + 16},
        {198, payload(NEAR_NONE, 0), 1},
        {214, payload(NEAR_NONE, 0), 65536},
        {215, payload_of_3(NEAR_LOWEST, 0, 0), 4096 - 16},
        {215, payload_of_3(NEAR_NONE, 0, 0), 4096},
        {215, payload_of_3(NEAR_HIGHEST, 0, 0), 4096 + 16},
        {215, payload_of_3(NEAR_NONE, 255, 0), 4096}, // no bits of p1
        {215, payload_of_3(NEAR_NONE, 255, 1), 2 * 4096},
        {215, payload_of_3(NEAR_NONE, 254, 1), 4096},
        {215, payload_of_3(NEAR_NONE, 255, 7), 128 * 4096},
        {215, payload_of_3(NEAR_NONE, 0, 8), 4096},
        {230, payload_of_3(NEAR_NONE, 255, 8), 256 * 4096},
        {230, payload_of_3(NEAR_HIGHEST + 33, 255, 8), 256 * 4096 + 16},
        {230, payload_of_3(NEAR_NONE, 255, 9), 4096},
        {230, payload_of_3(NEAR_NONE, 255, 255), 8 * 4096}, // 255 % 9 == 3
        {231, payload(NEAR_LOWEST, 0), 131072 - 16},        // glibc's first mmap threshold
        {231, payload(NEAR_NONE, 0), 131072},
        {231, payload(NEAR_HIGHEST, 0), 131072 + 16},
        {231, payload(NEAR_LOWEST, 46), (UINT64_C(1) << 63) - 16},
        {246, payload(NEAR_HIGHEST, 46), (UINT64_C(1) << 63) + 16},
        {246, payload(NEAR_NONE, 47), 131072},
        {247, payload(0, 0), size_max},
        {251, payload(255, 0), size_max - 255},
        {252, payload(0, 0), ptrdiff_max},
        {252, payload(1, 0), ptrdiff_max + 1},
        {255, payload(127, 0), ptrdiff_max + 127},
        {255, payload(255, 0), ptrdiff_max - 1},
        {255, payload(128, 0), ptrdiff_max - 128},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const uint64_t size = hd_scale_size(rows[i].form, rows[i].payload);
        if (size != rows[i].want)
            fail_msg("row %zu: form %u gives %#jx, not %#jx", i, rows[i].form, (uintmax_t)size,
                     (uintmax_t)rows[i].want);
    }
}

static void alignments_are_where_the_table_says(void **state)
{
    (void)state;
    const struct {
        uint8_t form;
        uint64_t payload;
        uint64_t want;
    } rows[] = {
        {0, size_max, 0},
        {5, 16, 16},
        {64, size_max, size_max},
        {65, size_max, 1},
        {77, size_max, 4096},
        {78, size_max, 1},
        {230, 0, 1 << 9}, // (230-65) % 13 == 9
        {231, payload(0, 0), 1},
        {245, payload(0, 63), UINT64_C(1) << 63},
        {245, payload(0, 64), 1},
        {246, payload(0, 0), 3},
        {246, payload(11, 0), 3 << 11},
        {246, payload(12, 0), 3},
        {247, payload(0, 0), 2},
        {247, payload(4, 0), 17},
        {255, payload(11, 0), 2049},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const uint64_t alignment = hd_scale_alignment(rows[i].form, rows[i].payload);
        if (alignment != rows[i].want)
            fail_msg("row %zu: form %u gives %#jx, not %#jx", i, rows[i].form, (uintmax_t)alignment,
                     (uintmax_t)rows[i].want);
    }
}

static void times_are_where_the_table_says(void **state)
{
    (void)state;
    const struct {
        uint8_t form;
        uint64_t payload;
        uint64_t want;
    } rows[] = {
        {0, 0, 1},          {0, size_max, 1},   {1, size_max, 2},
        {5, size_max, 32},  {6, 62, 63},        {6, size_max, 64},
        {6, 64, 1},         {7, size_max, 8}, // 7 % 4
        {8, size_max, 1},   {9, size_max, 2},   {10, size_max, 4},
        {11, size_max, 8},  {11, 8, 1},         {64, size_max, 1},
        {254, size_max, 4}, {255, size_max, 8}, {255, payload(6, 0), 7},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const uint64_t times = hd_scale_times(rows[i].form, rows[i].payload);
        if (times != rows[i].want)
            fail_msg("row %zu: form %u gives %#jx, not %#jx", i, rows[i].form, (uintmax_t)times,
                     (uintmax_t)rows[i].want);
    }
}

static void system_calls_are_where_the_table_says(void **state)
{
    (void)state;
    assert_int_equal(HD_REFUSABLES, 6);
    assert_int_equal(hd_scale_syscall(0), HD_SYSCALL_mmap);
    assert_int_equal(hd_scale_syscall(1), HD_SYSCALL_brk);
    assert_int_equal(hd_scale_syscall(5), HD_SYSCALL_mprotect);
    assert_int_equal(hd_scale_syscall(6), HD_SYSCALL_mmap);
    assert_int_equal(hd_scale_syscall(255), HD_SYSCALL_munmap); // 255 % 6 == 3
    assert_int_equal(hd_scale_syscall(256), HD_SYSCALL_mmap);   // only the lowest byte
    assert_int_equal(hd_scale_syscall(payload(2, 255)), HD_SYSCALL_mremap);
}

static bool is_power(uint64_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

/// What the table in scale.h says of a size form, in other words than scale.c says it.
static bool size_fits(unsigned form, uint64_t size)
{
    if (form < 64) return size >> form == 0;
    if (form == 64) return true;
    if (form <= 180) return size < UINT64_C(1) << (form - 65) % 13;
    if (form <= 214) return distance(size, UINT64_C(1) << (form - 181) % 17) <= 16;
    if (form <= 230) return size >= 4080 && size <= 1048592 && (size + 16) % 4096 <= 32;
    if (form <= 246) {
        for (unsigned bit = 17; bit < 64; bit++)
            if (distance(size, UINT64_C(1) << bit) <= 16) return true;
        return false;
    }
    if (form <= 251) return size >= size_max - 255;
    return distance(size, ptrdiff_max) <= 128;
}

static bool alignment_fits(unsigned form, uint64_t alignment)
{
    if (form <= 64) return size_fits(form, alignment);
    if (form <= 230) return alignment == UINT64_C(1) << (form - 65) % 13;
    if (form <= 245) return is_power(alignment);
    if (form % 2 == 0) return alignment % 3 == 0 && is_power(alignment / 3) && alignment <= 6144;
    return is_power(alignment - 1) && alignment <= 2049;
}

static void every_form_byte_stays_in_its_range(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (unsigned form = 0; form < 256; form++) {
        for (unsigned i = 0; i < ROUNDS; i++) {
            const uint64_t random = random_next(&seed);
            const uint64_t size = hd_scale_size((uint8_t)form, random);
            const uint64_t alignment = hd_scale_alignment((uint8_t)form, random);
            const uint64_t times = hd_scale_times((uint8_t)form, random);
            const unsigned times_max = 1U << (form <= 6 ? form : form % 4);
            assert_true(times >= 1 && times <= times_max && times_max <= HD_TIMES_MAX);
            assert_true(hd_scale_syscall(random) < HD_REFUSABLES);
            if (!size_fits(form, size)) fail_msg("form %u, size %#jx", form, (uintmax_t)size);
            if (!alignment_fits(form, alignment))
                fail_msg("form %u, alignment %#jx", form, (uintmax_t)alignment);
        }
    }
}

/// Counts, of all numbers within `radius` of `middle`, those that forms past the exact ones reach.
/// All bits of p1 count for pages.
static unsigned reached_around(uint64_t middle, uint64_t radius)
{
    bool reached[64] = {false};
    for (unsigned form = 65; form < 256; form++) {
        for (unsigned low = 0; low < 65536; low++) {
            const uint64_t size = hd_scale_size((uint8_t)form, low | UINT64_C(8) << 16);
            if (distance(size, middle) <= radius) reached[size - (middle - radius)] = true;
        }
    }
    unsigned count = 0;
    for (unsigned i = 0; i < 64; i++)
        count += reached[i];
    return count;
}

static void neighbourhoods_are_reached_whole(void **state)
{
    (void)state;
    assert_int_equal(reached_around(16, 16), 33); // 0 to 32
    assert_int_equal(reached_around(4096, 16), 33);
    assert_int_equal(reached_around(UINT64_C(1) << 16, 16), 33);
    assert_int_equal(reached_around(UINT64_C(1) << 17, 16), 33);
    assert_int_equal(reached_around(255 * 4096, 16), 33);
    assert_int_equal(reached_around(257 * 4096, 16), 0);
    assert_int_equal(reached_around(UINT64_C(1) << 40, 16), 33);
    assert_int_equal(reached_around(ptrdiff_max, 16), 33);
    assert_int_equal(reached_around(size_max - 16, 16), 33); // SIZE_MAX - 32 to SIZE_MAX
}

static void sizes_of_random_bytes_are_mostly_small(void **state)
{
    (void)state;
    unsigned large = 0;
    unsigned pages[257] = {0};
    uint64_t seed = 3;
    for (unsigned form = 65; form <= 230; form++) {
        for (unsigned i = 0; i < ROUNDS; i++) {
            const uint64_t size = hd_scale_size((uint8_t)form, random_next(&seed));
            large += size > 65536 + 16;
            if (form >= 215) pages[(size + 16) / 4096]++;
        }
    }
    assert_true(large < 166 * ROUNDS / 20);
    // Even in the number of bits: one page two times in nine, over 128 once in eighteen.
    unsigned many = 0;
    for (unsigned i = 129; i <= 256; i++)
        many += pages[i];
    assert_true(pages[1] > 16 * ROUNDS / 5 && pages[1] < 16 * ROUNDS / 4);
    assert_true(many > 16 * ROUNDS / 20 && many < 16 * ROUNDS / 16);
}

static void times_of_random_bytes_are_mostly_few(void **state)
{
    (void)state;
    unsigned counts[HD_TIMES_MAX + 1] = {0};
    unsigned few = 0;
    uint64_t seed = 4;
    for (unsigned form = 0; form < 256; form++)
        for (unsigned i = 0; i < ROUNDS; i++)
            counts[hd_scale_times((uint8_t)form, random_next(&seed))]++;
    for (unsigned i = 1; i <= 8; i++)
        few += counts[i];
    // Once for a quarter of the forms, and now and then for the others: 1/4 (1 + 1/2 + 1/4 + 1/8).
    assert_true(counts[1] > 256 * ROUNDS * 0.45 && counts[1] < 256 * ROUNDS * 0.49);
    assert_true(few > 256 * ROUNDS * 0.98);
    for (unsigned i = 1; i <= HD_TIMES_MAX; i++)
        assert_true(counts[i] > 0);
}

static void small_steps_down_are_reached(void **state)
{
    (void)state;
    for (unsigned form = 247; form <= 251; form++) {
        assert_int_equal((int64_t)hd_scale_size((uint8_t)form, payload(0, 0)), -1);
        assert_int_equal((int64_t)hd_scale_size((uint8_t)form, payload(255, 0)), -256);
    }
}

static void canonical_form_is_exact(void **state)
{
    (void)state;
    uint64_t seed = 2;
    assert_int_equal(hd_scale_form(0), 0);
    assert_int_equal(hd_scale_form(1), 1);
    assert_int_equal(hd_scale_form(size_max), 64);
    for (unsigned i = 0; i < ROUNDS; i++) {
        const uint64_t value = random_number(&seed);
        const uint8_t form = hd_scale_form(value);
        assert_true(hd_scale_size(form, value) == value);
        assert_true(hd_scale_alignment(form, value) == value);
    }
    for (uint64_t times = 1; times <= HD_TIMES_MAX; times++)
        assert_int_equal(hd_scale_times(hd_scale_form(times - 1), times - 1), times);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_are_where_the_table_says),
        cmocka_unit_test(alignments_are_where_the_table_says),
        cmocka_unit_test(times_are_where_the_table_says),
        cmocka_unit_test(system_calls_are_where_the_table_says),
        cmocka_unit_test(every_form_byte_stays_in_its_range),
        cmocka_unit_test(neighbourhoods_are_reached_whole),
        cmocka_unit_test(sizes_of_random_bytes_are_mostly_small),
        cmocka_unit_test(times_of_random_bytes_are_mostly_few),
        cmocka_unit_test(small_steps_down_are_reached),
        cmocka_unit_test(canonical_form_is_exact),
    };
    return cmocka_run_group_tests_name("scale", tests, NULL, NULL);
}
