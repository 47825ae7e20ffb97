// SPDX-License-Identifier: MIT
/// test_pause.c: what a library counts in a pause counts for nothing.
#include "harness/fuzz/pause.h"

#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void counters_of_a_library_are_put_back_and_nothing_else(void **state)
{
    (void)state;
    struct link_map *library;
    void *handle = dlopen(FIXTURES "counts.so", RTLD_NOW | RTLD_LOCAL);
    assert_non_null(handle);
    assert_int_equal(dlinfo(handle, RTLD_DI_LINKMAP, &library), 0);
    uint8_t *counters = dlsym(handle, "counters");
    uint8_t *others = dlsym(handle, "not_counters");
    assert_true(counters != NULL && others != NULL);
    memset(counters, 3, 16);
    memset(others, 3, 16);

    hd_coverage_watch(library);
    hd_coverage_pause();
    memset(counters, 4, 16);
    memset(others, 4, 16);
    hd_coverage_resume();
    for (int i = 0; i < 16; i++) {
        assert_int_equal(counters[i], 3);
        assert_int_equal(others[i], 4);
    }

    hd_coverage_watch(NULL);
    hd_coverage_pause();
    memset(counters, 5, 16);
    hd_coverage_resume();
    assert_int_equal(counters[15], 5);
    assert_int_equal(dlclose(handle), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counters_of_a_library_are_put_back_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
