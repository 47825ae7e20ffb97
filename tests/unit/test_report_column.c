// SPDX-License-Identifier: MIT
/// test_report_column.c: numbers as the page reads them, and the page around them.
#include "harness/report/column.h"
#include "harness/report/page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *text;
static size_t text_size;

static void check(const uint64_t *numbers, size_t count,
                  void (*add)(struct hd_column *column, uint64_t number), const char *want)
{
    FILE *file = open_memstream(&text, &text_size);
    struct hd_column column;
    hd_column_open(&column, file);
    for (size_t i = 0; i < count; i++)
        add(&column, numbers[i]);
    hd_column_close(&column);
    assert_int_equal(fclose(file), 0);
    assert_string_equal(text, want);
    free(text);
}

#define CHECK(add, want, ...)                                                                      \
    check((const uint64_t[]){__VA_ARGS__}, sizeof((uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t),   \
          add, want)

static void numbers_take_as_many_bytes_as_they_need(void **state)
{
    (void)state;
    check(NULL, 0, hd_column_add, "\"\"");
    CHECK(hd_column_add, "\"Bw==\"", 7);
    CHECK(hd_column_add, "\"CgM=\"", 10, 3);
    CHECK(hd_column_add, "\"AAF/gAGsAg==\"", 0, 1, 127, 128, 300);
    CHECK(hd_column_add, "\"////////////AQ==\"", UINT64_MAX);
}

static void differences_go_up_and_down_from_0(void **state)
{
    (void)state;
    CHECK(hd_column_add_difference, "\"CgM=\"", 5, 3);
    // Half of all numbers up, and as much again: the second difference is the first.
    CHECK(hd_column_add_difference, "\"/v//////////Af7//////////wE=\"", INT64_MAX, UINT64_MAX - 1);
    CHECK(hd_column_add_difference, "\"////////////Af///////////wE=\"", UINT64_C(1) << 63, 0);
}

static void the_page_is_whole_and_asks_nobody(void **state)
{
    (void)state;
    FILE *file = open_memstream(&text, &text_size);
    hd_page_begin(file);
    (void)fputs("DATA", file);
    hd_page_end(file);
    assert_int_equal(fclose(file), 0);
    assert_memory_equal(text, "<!DOCTYPE html>", 15);
    const char *data = strstr(text, "DATA");
    const char *style = strstr(text, "<style>");
    assert_non_null(data);
    assert_true(style != NULL && style < data);
    assert_non_null(strstr(data, "<script>\n'use strict';"));
    assert_non_null(strstr(data, "</script>\n</body>\n</html>\n"));
    assert_null(strstr(text, "<!-- ")); // every mark is gone
    assert_null(strstr(text, "http:"));
    assert_null(strstr(text, "https:"));
    for (size_t i = 0; i < text_size; i++)
        assert_true((unsigned char)text[i] < 0x80);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_take_as_many_bytes_as_they_need),
        cmocka_unit_test(differences_go_up_and_down_from_0),
        cmocka_unit_test(the_page_is_whole_and_asks_nobody),
    };
    return cmocka_run_group_tests_name("report_column", tests, NULL, NULL);
}
