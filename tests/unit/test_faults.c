// SPDX-License-Identifier: MIT
/// test_faults.c: what is known of a library with a fault, by its path.
#include "allocators/faulty/faults.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void a_library_is_known_by_its_file(void **state)
{
    (void)state;
    const struct hd_fault *fault = hd_fault_of("build/dev/faulty/free_clobbers_errno.so");
    assert_non_null(fault);
    assert_string_equal(fault->name, "free_clobbers_errno");
    assert_string_equal(fault->oracle, "errno"); // and not what errno.h makes of the word
    assert_false(fault->correct);
    assert_null(fault->held);
    assert_ptr_equal(hd_fault_of("free_clobbers_errno.so"), fault);
}

static void a_neighbour_is_correct(void **state)
{
    (void)state;
    const struct hd_fault *neighbour = hd_fault_of("./free_poisons.so");
    assert_non_null(neighbour);
    assert_true(neighbour->correct);
}

static void a_policy_comes_with_it(void **state)
{
    (void)state;
    const struct hd_fault *fault = hd_fault_of("./mapping_never_given_back.so");
    assert_non_null(fault);
    assert_non_null(fault->held);
    assert_int_equal(fault->held->kernel.mapped_after, 1 << 20);
}

static void other_files_are_not_known(void **state)
{
    (void)state;
    static const char *const others[] = {"glibc",
                                         "./libmine.so",
                                         "free_clobbers_errno",
                                         "free_clobbers_errno.so.1",
                                         "my_free_clobbers_errno.so",
                                         "free_clobbers_errno.so/x",
                                         "no_free.so",
                                         ""};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_null(hd_fault_of(others[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_library_is_known_by_its_file),
        cmocka_unit_test(a_neighbour_is_correct),
        cmocka_unit_test(a_policy_comes_with_it),
        cmocka_unit_test(other_files_are_not_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
