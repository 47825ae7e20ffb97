// SPDX-License-Identifier: MIT
/// test_host_malloc.c: a program's malloc is its own, and libc's inside an allocator's call.
#include "allocators/known.h"
#include "harness/fresh/host_heap.h"
#include "harness/tap/tap.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *by_malloc(void)
{
    return malloc(100);
}
static void *by_calloc(void)
{
    return calloc(5, 20);
}
static void *by_realloc(void)
{
    return realloc(NULL, 100);
}
static void *by_reallocarray(void)
{
    return reallocarray(NULL, 5, 20);
}
static void *by_aligned_alloc(void)
{
    return aligned_alloc(64, 128);
}
static void *by_memalign(void)
{
    return memalign(64, 100);
}
static void *by_valloc(void)
{
    return valloc(100);
}
static void *by_pvalloc(void)
{
    return pvalloc(100);
}
static void *by_libc(void)
{
    return strdup("of more than a few bytes");
}

static void *by_posix_memalign(void)
{
    void *block = NULL;
    return posix_memalign(&block, 64, 100) == 0 ? block : NULL;
}

static const struct {
    const char *name;
    void *(*allocate)(void);
} functions[] = {
    {"malloc", by_malloc},
    {"calloc", by_calloc},
    {"realloc", by_realloc},
    {"reallocarray", by_reallocarray},
    {"aligned_alloc", by_aligned_alloc},
    {"memalign", by_memalign},
    {"posix_memalign", by_posix_memalign},
    {"valloc", by_valloc},
    {"pvalloc", by_pvalloc},
    {"strdup, of libc", by_libc},
};
#define FUNCTIONS (sizeof functions / sizeof functions[0])

static void *inside(void *(*allocate)(void))
{
    hd_tap_arm();
    void *block = allocate();
    hd_tap_disarm();
    return block;
}

/// Whose a block is, is told by its address, whoever asks.
static void check_block(void *block, bool ours)
{
    assert_non_null(block);
    assert_int_equal(hd_host_holds(block), ours);
    assert_true(malloc_usable_size(block) >= 20);
    memset(block, 3, 20);
    hd_tap_arm();
    uint8_t *larger = realloc(block, 5000);
    hd_tap_disarm();
    assert_int_equal(hd_host_holds(larger), ours);
    larger = reallocarray(larger, 3, 3000);
    assert_int_equal(hd_host_holds(larger), ours);
    for (int i = 0; i < 20; i++)
        assert_int_equal(larger[i], 3);
    free(larger);
}

static void each_function_gives_the_programs_own_or_libcs(void **state)
{
    (void)state;
    for (size_t i = 0; i < FUNCTIONS; i++) {
        print_message("%s\n", functions[i].name);
        check_block(functions[i].allocate(), true);
        check_block(inside(functions[i].allocate), false);
    }
    free(NULL);
    assert_int_equal(malloc_usable_size(NULL), 0);
}

static void *load_bump(void)
{
    return dlopen(FIXTURES "bump.so", RTLD_NOW | RTLD_LOCAL);
}

/// What it takes for itself must not go with an allocator's heap.
static void the_dynamic_linkers_own_is_the_programs(void **state)
{
    (void)state;
    const struct mallinfo2 before = mallinfo2();
    assert_non_null(inside(load_bump));
    const struct mallinfo2 after = mallinfo2();
    assert_int_equal(after.uordblks, before.uordblks);
}

/// libc's reallocarray calls realloc by name.
static void libcs_reallocarray_stays_libcs(void **state)
{
    (void)state;
    struct hd_subject libc;
    struct hd_message message;
    assert_int_equal(hd_allocator_open("glibc", &libc, &message), HD_OK);
    assert_non_null(libc.allocator.resize_array);
    hd_tap_arm();
    void *block = libc.allocator.resize_array(libc.heap, NULL, 5, 20);
    void *larger = libc.allocator.resize_array(libc.heap, block, 50, 200);
    hd_tap_disarm();
    assert_non_null(larger);
    assert_false(hd_host_holds(larger));
    libc.allocator.release(libc.heap, larger);
}

static const struct {
    size_t alignment;
    size_t size;
    int status;
} aligned[] = {
    {8, 10, 0},      {4096, 10, 0},    {0, 10, EINVAL},
    {4, 10, EINVAL}, {24, 10, EINVAL}, {16, (size_t)1 << 45, ENOMEM},
};

static void posix_memalign_answers_its_status_and_sets_nothing_else(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof aligned / sizeof aligned[0]; i++) {
        void *block = &block;
        errno = EDOM;
        assert_int_equal(posix_memalign(&block, aligned[i].alignment, aligned[i].size),
                         aligned[i].status);
        assert_int_equal(errno, EDOM);
        assert_int_equal(block == &block, aligned[i].status != 0);
        if (aligned[i].status == 0) free(block);
    }
}

static void products_that_overflow_are_refused(void **state)
{
    (void)state;
    volatile size_t many = SIZE_MAX / 2;
    errno = 0;
    assert_null(calloc(many, 3));
    assert_int_equal(errno, ENOMEM);
    errno = 0;
    assert_null(reallocarray(NULL, many, 3));
    assert_int_equal(errno, ENOMEM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_function_gives_the_programs_own_or_libcs),
        cmocka_unit_test(the_dynamic_linkers_own_is_the_programs),
        cmocka_unit_test(libcs_reallocarray_stays_libcs),
        cmocka_unit_test(posix_memalign_answers_its_status_and_sets_nothing_else),
        cmocka_unit_test(products_that_overflow_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
