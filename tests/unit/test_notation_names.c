// SPDX-License-Identifier: MIT
/// test_notation_names.c: addresses written as offsets into regions that are named as they come up.
#include "harness/notation/notation.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <cmocka.h>

/// Calls in the order made.
struct row {
    struct hd_syscall call;
    const char *want; // behind the opening bracket
};

#define A UINT64_C(0x7f0000000000)
#define B UINT64_C(0x555500000000)

#define MMAP(hint, size, flags, answer)                                                            \
    {                                                                                              \
        .number = SYS_mmap, .args = {hint, size, PROT_READ, MAP_PRIVATE | (flags), 3, 0},          \
        .result = (int64_t)(answer)                                                                \
    }
#define MUNMAP(start, size)                                                                        \
    {                                                                                              \
        .number = SYS_munmap, .args = { start, size }                                              \
    }
#define MREMAP(old, old_size, size, flags, answer)                                                 \
    {                                                                                              \
        .number = SYS_mremap, .args = {old, old_size, size, flags, answer},                        \
        .result = (int64_t)(answer)                                                                \
    }
#define ADVISE(start)                                                                              \
    {                                                                                              \
        .number = SYS_madvise, .args = { start, 1, MADV_FREE }                                     \
    }
#define BRK(to, before, answer)                                                                    \
    {                                                                                              \
        .number = SYS_brk, .args = {to}, .result = (int64_t)(answer), .break_before = (before)     \
    }

static void check(struct hd_notation_names *names, const struct row *rows, size_t count)
{
    const struct hd_notation_style style = {.names = names};
    for (size_t i = 0; i < count; i++) {
        hd_notation_learn(names, &rows[i].call);
        char text[256];
        (void)hd_notation_format(&rows[i].call, &style, text, sizeof text);
        if (strcmp(strchr(text, '(') + 1, rows[i].want) != 0)
            fail_msg("row %zu: \"%s\" is not \"%s\"", i, text, rows[i].want);
    }
}

static void check_alone(const struct row *rows, size_t count)
{
    struct hd_notation_names names;
    hd_notation_names_open(&names, 4096);
    check(&names, rows, count);
    hd_notation_names_close(&names);
}
#define CHECK(rows) check_alone(rows, sizeof(rows) / sizeof(rows)[0])

static void mappings_are_numbered(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {ADVISE(A), "0x7f0000000000, 1, MADV_FREE) = 0"},
        {MMAP(0, 0x2000, 0, A), "NULL, 8192, PROT_READ, MAP_PRIVATE, 3, 0) = map1"},
        {MMAP(0, 1, 0, -ENOMEM),
         "NULL, 1, PROT_READ, MAP_PRIVATE, 3, 0) = -1 ENOMEM (Cannot allocate memory)"},
        {MMAP(0, 0x1001, 0, A + 0x2000), "NULL, 4097, PROT_READ, MAP_PRIVATE, 3, 0) = map2"},
        {ADVISE(A), "map1, 1, MADV_FREE) = 0"},
        {ADVISE(A + 0x1fff), "map1+0x1fff, 1, MADV_FREE) = 0"},
        {ADVISE(A + 0x2000), "map2, 1, MADV_FREE) = 0"},
        {ADVISE(A + 0x3fff), "map2+0x1fff, 1, MADV_FREE) = 0"}, // whole pages
        {ADVISE(A + 0x4000), "0x7f0000004000, 1, MADV_FREE) = 0"},
        {ADVISE(A - 1), "0x7effffffffff, 1, MADV_FREE) = 0"},
        {ADVISE(0), "NULL, 1, MADV_FREE) = 0"},
    };
    CHECK(rows);
}

static void a_region_keeps_its_name_until_it_is_mapped_anew(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {MMAP(0, 0x4000, 0, A), "NULL, 16384, PROT_READ, MAP_PRIVATE, 3, 0) = map1"},
        {MUNMAP(A + 0x1000, 0x3000), "map1+0x1000, 12288) = 0"},
        {ADVISE(A + 0x3000), "map1+0x3000, 1, MADV_FREE) = 0"},
        {MMAP(A + 0x2000, 0x1000, MAP_FIXED, A + 0x2000),
         "map2, 4096, PROT_READ, MAP_PRIVATE|MAP_FIXED, 3, 0) = map2"},
        {ADVISE(A + 0x1000), "map1+0x1000, 1, MADV_FREE) = 0"},
        {ADVISE(A + 0x2fff), "map2+0xfff, 1, MADV_FREE) = 0"},
        {ADVISE(A + 0x3000), "map1+0x3000, 1, MADV_FREE) = 0"},
        {MUNMAP(A, 0x4000), "map1, 16384) = 0"},
        {MMAP(0, 0x4000, 0, A), "NULL, 16384, PROT_READ, MAP_PRIVATE, 3, 0) = map3"},
        {ADVISE(A + 0x2000), "map3+0x2000, 1, MADV_FREE) = 0"},
    };
    CHECK(rows);
}

static void what_is_mapped_over_a_region_goes_on_under_its_name(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {MMAP(0, 0x4000, 0, A), "NULL, 16384, PROT_READ, MAP_PRIVATE, 3, 0) = map1"},
        {MMAP(A + 0x1000, 0x1000, MAP_FIXED, A + 0x1000),
         "map1+0x1000, 4096, PROT_READ, MAP_PRIVATE|MAP_FIXED, 3, 0) = map1+0x1000"},
        {MMAP(A + 0x3000, 0x3000, MAP_FIXED, A + 0x3000),
         "map1+0x3000, 12288, PROT_READ, MAP_PRIVATE|MAP_FIXED, 3, 0) = map1+0x3000"},
        {ADVISE(A + 0x5000), "map1+0x5000, 1, MADV_FREE) = 0"},
        {MMAP(0, 0x1000, 0, B), "NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0) = map2"},
    };
    CHECK(rows);
}

static void a_region_that_moves_gets_a_new_name(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {MMAP(0, 0x2000, 0, A), "NULL, 8192, PROT_READ, MAP_PRIVATE, 3, 0) = map1"},
        {MREMAP(A, 0x2000, 0x4000, 0, A), "map1, 8192, 16384, 0) = map1"},
        {ADVISE(A + 0x3000), "map1+0x3000, 1, MADV_FREE) = 0"},
        {MREMAP(A, 0x4000, 0x1000, 0, A), "map1, 16384, 4096, 0) = map1"},
        {MMAP(0, 0x1000, 0, A + 0x1000), "NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0) = map2"},
        {MREMAP(A, 0x1000, 0x2000, MREMAP_MAYMOVE, B), "map1, 4096, 8192, MREMAP_MAYMOVE) = map3"},
        {MMAP(0, 0x1000, 0, A), "NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0) = map4"},
        {MREMAP(A, 0x1000, 0x1000, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, B + 0x10000),
         "map4, 4096, 4096, MREMAP_MAYMOVE|MREMAP_DONTUNMAP) = map5"},
        {MMAP(A, 0x1000, MAP_FIXED, A),
         "map4, 4096, PROT_READ, MAP_PRIVATE|MAP_FIXED, 3, 0) = map4"},
        {MREMAP(A, 0x1000, 0x1000, MREMAP_MAYMOVE | MREMAP_FIXED, B + 0x1000),
         "map4, 4096, 4096, MREMAP_MAYMOVE|MREMAP_FIXED, map3+0x1000) = map3+0x1000"},
    };
    CHECK(rows);
}

static void the_break_is_a_region_from_where_it_was_first_seen(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {BRK(0, 0, B), "NULL) = brk"},
        {BRK(B + 0x21000, 0, B + 0x21000), "brk+0x21000) = brk+0x21000"},
        {ADVISE(B + 0x20fff), "brk+0x20fff, 1, MADV_FREE) = 0"},
        {ADVISE(B + 0x21000), "0x555500021000, 1, MADV_FREE) = 0"},
        {BRK(B + 0x99000, 0, B + 0x21000), "brk+0x99000) = brk+0x21000"},
        {BRK(B + 0x1000, 0, B + 0x1000), "brk+0x1000) = brk+0x1000"},
        {ADVISE(B + 0x2000), "brk+0x2000, 1, MADV_FREE) = 0"},
        {MMAP(B + 0x2000, 0x1000, MAP_FIXED, B + 0x2000),
         "map1, 4096, PROT_READ, MAP_PRIVATE|MAP_FIXED, 3, 0) = map1"},
        {BRK(B - 0x1000, 0, B + 0x1000), "0x5554fffff000) = brk+0x1000"},
    };
    CHECK(rows);
    static const struct row seen_late[] = {
        {BRK(B + 0x3000, B + 0x1000, B + 0x3000), "brk+0x2000) = brk+0x2000"},
        {ADVISE(B + 0x1000), "brk, 1, MADV_FREE) = 0"},
    };
    CHECK(seen_late);
}

static void the_callers_regions_come_first(void **state)
{
    (void)state;
    struct hd_notation_names names;
    hd_notation_names_open(&names, 4096);
    hd_notation_names_add(&names, "lib", A, A + 0x4000);
    hd_notation_names_add(&names, "stack", A + 0x3000, A + 0x5000);
    static const struct row rows[] = {
        {ADVISE(A + 0x10), "lib+0x10, 1, MADV_FREE) = 0"},
        {ADVISE(A + 0x3000), "stack, 1, MADV_FREE) = 0"},
        {MMAP(A, 0x1000, MAP_FIXED, A), "lib, 4096, PROT_READ, MAP_PRIVATE|MAP_FIXED, 3, 0) = lib"},
        {MMAP(0, 0x1000, 0, B), "NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0) = map1"},
        {MUNMAP(A, 0x5000), "lib, 20480) = 0"},
        {MMAP(0, 0x1000, 0, A + 0x3000), "NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0) = map2"},
        {ADVISE(A + 0x4000), "stack+0x1000, 1, MADV_FREE) = 0"},
    };
    check(&names, rows, sizeof rows / sizeof rows[0]);
    hd_notation_names_close(&names);
}

static void failed_and_refused_calls_teach_nothing(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {MMAP(0, 0x1000, 0, A), "NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0) = map1"},
        {{.number = SYS_munmap, .args = {A, 0x1000}, .result = -ENOMEM, .refused = true},
         "map1, 4096) = -1 ENOMEM (Cannot allocate memory) (refused)"},
        {MMAP(A, 0x1000, MAP_FIXED, A),
         "map1, 4096, PROT_READ, MAP_PRIVATE|MAP_FIXED, 3, 0) = map1"},
        {{.number = SYS_brk, .args = {B + 0x1000}, .result = (int64_t)B, .refused = true},
         "brk+0x1000) = brk (refused)"},
        // Sizes that reach past the end of the address space.
        {MUNMAP(A, UINT64_MAX), "map1, 18446744073709551615) = 0"},
        {MUNMAP(UINT64_MAX, UINT64_MAX), "0xffffffffffffffff, 18446744073709551615) = 0"},
    };
    CHECK(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mappings_are_numbered),
        cmocka_unit_test(a_region_keeps_its_name_until_it_is_mapped_anew),
        cmocka_unit_test(what_is_mapped_over_a_region_goes_on_under_its_name),
        cmocka_unit_test(a_region_that_moves_gets_a_new_name),
        cmocka_unit_test(the_break_is_a_region_from_where_it_was_first_seen),
        cmocka_unit_test(the_callers_regions_come_first),
        cmocka_unit_test(failed_and_refused_calls_teach_nothing),
    };
    return cmocka_run_group_tests_name("notation_names", tests, NULL, NULL);
}
