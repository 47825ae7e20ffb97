// SPDX-License-Identifier: MIT
/// test_summary.c: system calls counted by name.
#include "harness/notation/summary.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <cmocka.h>

#define ADDRESS 0x7f0000000000

static struct hd_summary summary;

static void check_row(size_t i, const char *name, uint64_t calls, uint64_t errors, uint64_t refused,
                      uint64_t mapped, uint64_t unmapped)
{
    const struct hd_summary_row *row = &summary.rows[i];
    assert_true(i < summary.count);
    assert_string_equal(row->name, name);
    assert_int_equal(row->calls, calls);
    assert_int_equal(row->errors, errors);
    assert_int_equal(row->refused, refused);
    assert_int_equal(row->mapped, mapped);
    assert_int_equal(row->unmapped, unmapped);
}

static void calls_are_counted_and_sorted(void **state)
{
    (void)state;
    static const struct hd_syscall calls[] = {
        {.number = SYS_munmap, .args = {ADDRESS, 300}},
        {.number = SYS_mmap, .args = {0, 1000}, .result = ADDRESS},
        {.number = SYS_mmap, .args = {0, 1000}, .result = -ENOMEM},
        {.number = SYS_mmap, .args = {0, 1000}, .result = -ENOMEM, .refused = true},
        {.number = SYS_madvise, .args = {ADDRESS, 4096, 4}, .result = -EINVAL},
        {.number = 0x3e7, .result = -ENOSYS},
    };
    memset(&summary, 0, sizeof summary);
    hd_summary_add(&summary, calls, sizeof calls / sizeof calls[0]);
    assert_int_equal(summary.count, 4);
    check_row(0, "mmap", 3, 1, 1, 1000, 0);
    check_row(1, "madvise", 1, 1, 0, 0, 0);
    check_row(2, "munmap", 1, 0, 0, 0, 300);
    check_row(3, "syscall_0x3e7", 1, 1, 0, 0, 0);

    static const struct hd_syscall more[3] = {
        {.number = SYS_munmap, .args = {ADDRESS, 5}},
        {.number = SYS_munmap, .args = {ADDRESS, 5}},
        {.number = SYS_munmap, .args = {ADDRESS, 5}},
    };
    hd_summary_add(&summary, more, 3);
    check_row(0, "munmap", 4, 0, 0, 0, 315);
    assert_int_equal(summary.count, 4);
    assert_int_equal(summary.lost, 0);
}

static void bytes_are_counted_where_the_call_moves_memory(void **state)
{
    (void)state;
    static const struct {
        struct hd_syscall call;
        uint64_t errors;
        uint64_t mapped;
        uint64_t unmapped;
    } rows[] = {
        {{.number = SYS_mremap, .args = {ADDRESS, 100, 300, 0}, .result = ADDRESS}, 0, 200, 0},
        {{.number = SYS_mremap, .args = {ADDRESS, 300, 100, 0}, .result = ADDRESS}, 0, 0, 200},
        {{.number = SYS_mremap, .args = {ADDRESS, 0, 100, 1}, .result = 0x1000}, 0, 100, 0},
        {{.number = SYS_mremap, .args = {ADDRESS, 100, 100, 5}, .result = 0x1000}, 0, 100, 0},
        {{.number = SYS_mremap, .args = {ADDRESS, 1, 2, 0}, .result = -ENOMEM}, 1, 0, 0},
        {{.number = SYS_brk, .result = 0x5000, .break_before = 0x5000}, 0, 0, 0},
        {{.number = SYS_brk, .args = {0x7000}, .result = 0x7000, .break_before = 0x5000},
         0,
         0x2000,
         0},
        {{.number = SYS_brk, .args = {0x4000}, .result = 0x4000, .break_before = 0x5000},
         0,
         0,
         0x1000},
        {{.number = SYS_brk, .args = {0x7000}, .result = 0x5000, .break_before = 0x5000}, 1, 0, 0},
        {{.number = SYS_brk, .args = {0x7000}, .result = 0x7000}, 0, 0, 0}, // from where, unknown
        {{.number = SYS_madvise, .args = {ADDRESS, 100, MADV_DONTNEED}}, 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        memset(&summary, 0, sizeof summary);
        hd_summary_add(&summary, &rows[i].call, 1);
        check_row(0, summary.rows[0].name, 1, rows[i].errors, 0, rows[i].mapped, rows[i].unmapped);
    }
}

static void numbers_without_a_row_are_counted(void **state)
{
    (void)state;
    memset(&summary, 0, sizeof summary);
    for (long i = 0; i < HD_SUMMARY_ROWS_MAX + 3; i++) {
        const struct hd_syscall call = {.number = 1000 + i};
        hd_summary_add(&summary, &call, 1);
    }
    assert_int_equal(summary.count, HD_SUMMARY_ROWS_MAX);
    assert_int_equal(summary.lost, 3);
    for (size_t i = 0; i < summary.count; i++)
        assert_int_equal(summary.rows[i].calls, 1);
}

static void the_table_ends_with_the_sum(void **state)
{
    (void)state;
    static const struct hd_syscall calls[] = {
        {.number = SYS_mmap, .args = {0, 4096}, .result = ADDRESS},
        {.number = SYS_mmap, .args = {0, 4096}, .result = -ENOMEM, .refused = true},
        {.number = SYS_munmap, .args = {ADDRESS, 4096}, .result = -EINVAL},
    };
    memset(&summary, 0, sizeof summary);
    hd_summary_add(&summary, calls, sizeof calls / sizeof calls[0]);
    summary.lost = 2;

    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);
    assert_non_null(file);
    hd_summary_write(&summary, file);
    assert_int_equal(fclose(file), 0);
    assert_string_equal(
        text, "     calls     errors    refused     bytes mapped         unmapped  syscall\n"
              "         2          0          1             4096                0  mmap\n"
              "         1          1          0                0                0  munmap\n"
              "         3          1          1             4096                0  total\n"
              "         2 more, of calls that found no row\n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_are_counted_and_sorted),
        cmocka_unit_test(bytes_are_counted_where_the_call_moves_memory),
        cmocka_unit_test(numbers_without_a_row_are_counted),
        cmocka_unit_test(the_table_ends_with_the_sum),
    };
    return cmocka_run_group_tests_name("summary", tests, NULL, NULL);
}
