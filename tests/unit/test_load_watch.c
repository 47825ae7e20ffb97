// SPDX-License-Identifier: MIT
/// test_load_watch.c: who loads a library can look on while its constructors run.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "allocators/elf_symbols.h"
#include "allocators/known.h"
#include "allocators/shared_object.h"
#include "harness/tap/tap.h"

static char told[8]; // b, c and a, in the order called; A: of no library
static void *told_of;
static const void *at_load_when_bound; // what asks.so had from its constructor by then

static void tell(char what) { told[strlen(told)] = what; }

static void before(void)
{
    tell('b');
    hd_tap_arm();
}

static void bound(const struct link_map *library)
{
    tell('c');
    void *const *at_load = hd_elf_symbol(library, "asks_at_load");
    if (at_load != NULL) at_load_when_bound = *at_load;
}

static void after(void *handle)
{
    hd_tap_disarm();
    tell(handle != NULL ? 'a' : 'A');
    told_of = handle;
}

static const struct hd_load_watch watch = {.before = before, .bound = bound, .after = after};

static enum hd_status open_watched(const char *spec)
{
    struct hd_subject subject;
    struct hd_message message;
    memset(told, 0, sizeof told);
    hd_tap_clear();
    hd_shared_object_watch(&watch);
    const enum hd_status status = hd_allocator_open(spec, &subject, &message);
    hd_shared_object_watch(NULL);
    return status;
}

static void all_are_told_once_and_of_the_handle(void **state)
{
    (void)state;
    assert_int_equal(open_watched(FIXTURES "bump.so"), HD_OK);
    assert_string_equal(told, "bca");
    assert_non_null(hd_elf_symbol(told_of, "half_malloc"));
}

static void no_constructors_run_in_what_is_there_already(void **state)
{
    (void)state;
    assert_int_equal(open_watched(FIXTURES "bump.so:mine_"), HD_OK);
    assert_string_equal(told, "ca");
    assert_int_equal(open_watched("glibc"), HD_OK);
    assert_string_equal(told, "ca");
    assert_non_null(hd_elf_symbol(told_of, "gnu_get_libc_version"));
}

static void a_failure_is_told_too(void **state)
{
    (void)state;
    assert_int_equal(open_watched("./nowhere.so"), HD_UNAVAILABLE);
    assert_string_equal(told, "bA");
    assert_int_equal(open_watched(FIXTURES "no_malloc.so"), HD_UNAVAILABLE);
    assert_string_equal(told, "bca"); // it was loaded
}

static void **kept; // the last block taken; each begins with the address of the one before

static void take(size_t size)
{
    void **block = malloc(size);
    assert_non_null(block);
    *block = kept;
    kept = block;
}

/// Takes what is free in libc's heap, of each size and then below the break, so that the next block
/// moves it.
static void use_up_the_heap(void)
{
    for (size_t size = 24; size < 8192; size += 16)
        for (int i = 0; i < 8; i++) take(size); // 7 are cached, more are in bins
    while (mallinfo2().keepcost > 1024) take(512);
}

static void the_constructors_calls_are_seen_and_not_those_of_loading(void **state)
{
    (void)state;
    // Not before this test: cmocka has a handler of SIGSYS around each.
    struct hd_message message;
    if (hd_tap_open(HD_TAP_DISPATCH, &message) != HD_OK) {
        print_message("%s\n", message.text);
        skip();
    }
    use_up_the_heap();
    assert_int_equal(open_watched(FIXTURES "asks.so"), HD_UNAVAILABLE); // it is no malloc library
    assert_string_equal(told, "bca");
    const struct hd_tap_log *log = hd_tap_log();
    assert_int_equal(log->count, 1);
    assert_int_equal(hd_syscall_of(log->calls[0].number), HD_SYSCALL_mmap);
    void *const *at_load = hd_elf_symbol(told_of, "asks_at_load");
    assert_int_equal(log->calls[0].result, (int64_t)*at_load);
    assert_null(at_load_when_bound);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_are_told_once_and_of_the_handle),
        cmocka_unit_test(no_constructors_run_in_what_is_there_already),
        cmocka_unit_test(a_failure_is_told_too),
        cmocka_unit_test(the_constructors_calls_are_seen_and_not_those_of_loading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
