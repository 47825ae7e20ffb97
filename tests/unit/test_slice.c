// SPDX-License-Identifier: MIT
/// test_slice.c: windows of a trace stand alone.
#include "tests/unit/convert_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define FIRST "heapduel-trace 1\n"

static void slice(const char *text, size_t size)
{
    char whole[4096];
    (void)snprintf(whole, sizeof whole, FIRST "%s", text);
    convert_rig_put("t", whole, strlen(whole));
    convert_rig_conversion = (struct hd_conversion){.form = HD_FORM_TEXT};
    if (hd_trace_slice("t", "out", size, ".trace", &convert_rig_conversion, &convert_rig_message) !=
        HD_OK)
        fail_msg("%s", convert_rig_message.text);
}

static void assert_window(unsigned number, const char *text)
{
    char path[64];
    char whole[4096];
    (void)snprintf(path, sizeof path, "out/%06u.trace", number);
    (void)snprintf(whole, sizeof whole, FIRST "%s", text);
    assert_string_equal(convert_rig_get(path), whole);
}

static void blocks_that_are_worked_on_are_made_before(void **state)
{
    (void)state;
    slice("10 = malloc 8\n11 = malloc 16\n12 = memalign 64 24\n"
          "free 12\nfree 10\n13 = malloc 5\n"
          "free 13\n14 = malloc 6\n",
          3);
    assert_int_equal(convert_rig_conversion.windows, 3);
    assert_window(1, "0 = malloc 8\n1 = malloc 16\n2 = memalign 64 24\n");
    assert_window(2, "1 = malloc 8\n0 = memalign 64 24\nfree 0\nfree 1\n2 = malloc 5\n");
    assert_window(3, "0 = malloc 5\nfree 0\n1 = malloc 6\n");
}

static void as_large_as_they_are_by_then(void **state)
{
    (void)state;
    slice("1 = calloc 3 8\n2 = realloc 2 4\n1 = reallocarray 1 10 10\n1 = realloc 1 40\n"
          "free 1\nfree 2\nfree_null\n3 = malloc 1\n",
          4);
    assert_int_equal(convert_rig_conversion.windows, 2);
    assert_window(2, "0 = malloc 40\n1 = malloc 4\nfree 0\nfree 1\nfree_null\n2 = malloc 1\n");
}

static void what_fails_or_is_skipped_changes_no_block(void **state)
{
    (void)state;
    slice("1 = malloc 8\n1 = reallocarray 1 SIZE_MAX 2\n1 = malloc 9\nfree 5\n"
          "@3 free 1\nrefuse mmap 1\nwrite 2\nfree 5\n",
          4);
    assert_window(2, "0 = malloc 8\n@3 free 0\nrefuse mmap 1\nwrite 1\nfree 2\n");
}

static void a_block_freed_and_made_in_one_window_is_made_once_before(void **state)
{
    (void)state;
    slice("1 = malloc 8\n2 = malloc 9\nfree 1\n1 = malloc 7\n1 = realloc 1 6\nfree 1\n", 2);
    assert_window(2, "0 = malloc 8\nfree 0\n0 = malloc 7\n");
    assert_window(3, "0 = malloc 7\n0 = realloc 0 6\nfree 0\n");
}

static void an_empty_trace_has_no_window(void **state)
{
    (void)state;
    slice("", 4);
    assert_int_equal(convert_rig_conversion.windows, 0);
}

static void a_folder_that_cannot_be(void **state)
{
    (void)state;
    convert_rig_put("t", FIRST, strlen(FIRST));
    assert_int_equal(
        hd_trace_slice("t", "no/such", 4, ".bin", &convert_rig_conversion, &convert_rig_message),
        HD_UNAVAILABLE);
    assert_string_equal(convert_rig_message.text, "cannot make no/such: No such file or directory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_that_are_worked_on_are_made_before),
        cmocka_unit_test(as_large_as_they_are_by_then),
        cmocka_unit_test(what_fails_or_is_skipped_changes_no_block),
        cmocka_unit_test(a_block_freed_and_made_in_one_window_is_made_once_before),
        cmocka_unit_test(an_empty_trace_has_no_window),
        cmocka_unit_test(a_folder_that_cannot_be),
    };
    return cmocka_run_group_tests(tests, convert_rig_open, convert_rig_close);
}
