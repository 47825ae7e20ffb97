// SPDX-License-Identifier: MIT
/// test_number.c: the text form of a 64-bit number, both ways.
#include "harness/trace/number.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void numbers_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum hd_number_result want;
        uint64_t value;
    } rows[] = {
        {"0", HD_NUMBER_GOOD, 0},
        {"24", HD_NUMBER_GOOD, 24},
        {"007", HD_NUMBER_GOOD, 7},
        {"0x0", HD_NUMBER_GOOD, 0},
        {"0xfF", HD_NUMBER_GOOD, 255},
        {"18446744073709551615", HD_NUMBER_GOOD, UINT64_MAX},
        {"18446744073709551616", HD_NUMBER_TOO_LARGE, 0},
        {"184467440737095516150", HD_NUMBER_TOO_LARGE, 0},
        {"0xffffffffffffffff", HD_NUMBER_GOOD, UINT64_MAX},
        {"0x10000000000000000", HD_NUMBER_TOO_LARGE, 0},
        {"SIZE_MAX", HD_NUMBER_GOOD, UINT64_MAX},
        {"SIZE_MAX-1", HD_NUMBER_GOOD, UINT64_MAX - 1},
        {"SIZE_MAX-0x10", HD_NUMBER_GOOD, UINT64_MAX - 16},
        {"SIZE_MAX-18446744073709551615", HD_NUMBER_GOOD, 0},
        {"SIZE_MAX-18446744073709551616", HD_NUMBER_NEGATIVE, 0},
        {"SIZE_MAX+1", HD_NUMBER_TOO_LARGE, 0},
        {"PTRDIFF_MAX", HD_NUMBER_GOOD, INT64_MAX},
        {"PTRDIFF_MAX+1", HD_NUMBER_GOOD, (uint64_t)INT64_MAX + 1},
        {"PTRDIFF_MAX-1", HD_NUMBER_GOOD, INT64_MAX - 1},
        {"PTRDIFF_MAX+9223372036854775808", HD_NUMBER_GOOD, UINT64_MAX},
        {"PTRDIFF_MAX+9223372036854775809", HD_NUMBER_TOO_LARGE, 0},
        {"PTRDIFF_MAX-9223372036854775807", HD_NUMBER_GOOD, 0},
        {"PTRDIFF_MAX-9223372036854775808", HD_NUMBER_NEGATIVE, 0},
        {"", HD_NUMBER_MALFORMED, 0},
        {"0x", HD_NUMBER_MALFORMED, 0},
        {"0X10", HD_NUMBER_MALFORMED, 0},
        {"f", HD_NUMBER_MALFORMED, 0},
        {"-1", HD_NUMBER_MALFORMED, 0},
        {"+1", HD_NUMBER_MALFORMED, 0},
        {"1.5", HD_NUMBER_MALFORMED, 0},
        {"99999999999999999999x", HD_NUMBER_MALFORMED, 0},
        {"SIZE_MA", HD_NUMBER_MALFORMED, 0},
        {"SIZE_MAXX", HD_NUMBER_MALFORMED, 0},
        {"SIZE_MAX-", HD_NUMBER_MALFORMED, 0},
        {"SIZE_MAX-SIZE_MAX", HD_NUMBER_MALFORMED, 0},
        {"size_max", HD_NUMBER_MALFORMED, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t value = 0;
        const enum hd_number_result result =
            hd_number_parse(rows[i].text, strlen(rows[i].text), &value);
        if (result != rows[i].want || value != rows[i].value)
            fail_msg("\"%s\" is read as result %d, value %#jx", rows[i].text, (int)result,
                     (uintmax_t)value);
    }
}

static void numbers_are_written_by_name_near_a_limit(void **state)
{
    (void)state;
    static const struct {
        uint64_t value;
        const char *want;
    } rows[] = {
        {0, "0"},
        {4096, "4096"},
        {UINT64_MAX, "SIZE_MAX"},
        {UINT64_MAX - 1, "SIZE_MAX-1"},
        {UINT64_MAX - 4096, "SIZE_MAX-4096"},
        {UINT64_MAX - 4097, "18446744073709547518"},
        {INT64_MAX, "PTRDIFF_MAX"},
        {(uint64_t)INT64_MAX + 1, "PTRDIFF_MAX+1"},
        {(uint64_t)INT64_MAX + 4096, "PTRDIFF_MAX+4096"},
        {(uint64_t)INT64_MAX + 4097, "9223372036854779904"},
        {INT64_MAX - 1, "PTRDIFF_MAX-1"},
        {INT64_MAX - 4096, "PTRDIFF_MAX-4096"},
        {INT64_MAX - 4097, "9223372036854771710"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[HD_NUMBER_TEXT_MAX];
        uint64_t again = ~rows[i].value;
        const size_t length = hd_number_format(rows[i].value, text);
        assert_string_equal(text, rows[i].want);
        assert_int_equal(length, strlen(rows[i].want));
        assert_int_equal(hd_number_parse(text, length, &again), HD_NUMBER_GOOD);
        assert_true(again == rows[i].value);
    }
}

static void signed_numbers_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum hd_number_result want;
        int64_t value;
    } rows[] = {
        {"0", HD_NUMBER_GOOD, 0},
        {"-0", HD_NUMBER_GOOD, 0},
        {"4096", HD_NUMBER_GOOD, 4096},
        {"-4096", HD_NUMBER_GOOD, -4096},
        {"-0x1000", HD_NUMBER_GOOD, -4096},
        {"9223372036854775807", HD_NUMBER_GOOD, INT64_MAX},
        {"9223372036854775808", HD_NUMBER_TOO_LARGE, 0},
        {"18446744073709551616", HD_NUMBER_TOO_LARGE, 0},
        {"-9223372036854775807", HD_NUMBER_GOOD, -INT64_MAX},
        {"-9223372036854775808", HD_NUMBER_GOOD, INT64_MIN},
        {"-9223372036854775809", HD_NUMBER_NEGATIVE, 0},
        {"-18446744073709551616", HD_NUMBER_NEGATIVE, 0},
        {"PTRDIFF_MAX", HD_NUMBER_GOOD, INT64_MAX},
        {"PTRDIFF_MAX-1", HD_NUMBER_GOOD, INT64_MAX - 1},
        {"PTRDIFF_MAX+1", HD_NUMBER_TOO_LARGE, 0},
        {"PTRDIFF_MAX-9223372036854775807", HD_NUMBER_GOOD, 0},
        {"PTRDIFF_MAX-9223372036854775808", HD_NUMBER_MALFORMED, 0},
        {"SIZE_MAX", HD_NUMBER_TOO_LARGE, 0},
        {"SIZE_MAX-9223372036854775808", HD_NUMBER_GOOD, INT64_MAX},
        {"", HD_NUMBER_MALFORMED, 0},
        {"-", HD_NUMBER_MALFORMED, 0},
        {"--1", HD_NUMBER_MALFORMED, 0},
        {"+1", HD_NUMBER_MALFORMED, 0},
        {"-1.5", HD_NUMBER_MALFORMED, 0},
        {"-PTRDIFF_MAX", HD_NUMBER_MALFORMED, 0},
        {"-99999999999999999999x", HD_NUMBER_MALFORMED, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t value = 0;
        const enum hd_number_result result =
            hd_number_parse_signed(rows[i].text, strlen(rows[i].text), &value);
        if (result != rows[i].want || value != rows[i].value)
            fail_msg("\"%s\" is read as result %d, value %jd", rows[i].text, (int)result,
                     (intmax_t)value);
    }
}

static void signed_numbers_below_0_are_written_decimal(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        const char *want;
    } rows[] = {
        {0, "0"},
        {-1, "-1"},
        {4096, "4096"},
        {-4096, "-4096"},
        {INT64_MAX, "PTRDIFF_MAX"},
        {INT64_MAX - 4096, "PTRDIFF_MAX-4096"},
        {-INT64_MAX, "-9223372036854775807"},
        {INT64_MIN, "-9223372036854775808"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[HD_NUMBER_TEXT_MAX];
        int64_t again = ~rows[i].value;
        const size_t length = hd_number_format_signed(rows[i].value, text);
        assert_string_equal(text, rows[i].want);
        assert_int_equal(length, strlen(rows[i].want));
        assert_int_equal(hd_number_parse_signed(text, length, &again), HD_NUMBER_GOOD);
        assert_true(again == rows[i].value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read),
        cmocka_unit_test(numbers_are_written_by_name_near_a_limit),
        cmocka_unit_test(signed_numbers_are_read),
        cmocka_unit_test(signed_numbers_below_0_are_written_decimal),
    };
    return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
