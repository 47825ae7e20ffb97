// SPDX-License-Identifier: MIT
/// test_engine_findings.c: each misdeed of an allocator is one finding, with its step.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/engine_rig.h"

static const struct {
    const char *name;
    enum misdeed misdeed;
    unsigned at;
    const char *operations;
    const char *signatures;
} misdeeds[] = {
    {"every operation, all well", HONEST, 0,
     "1 = malloc 10\n2 = calloc 3 5\n3 = aligned_alloc 64 100\n4 = posix_memalign 64 10\n"
     "5 = memalign 32 10\n6 = valloc 5\n1 = realloc 1 100\n2 = reallocarray 2 10 10\nwrite 1\n"
     "malloc_usable_size 2\nfree_null\nfree 3\nfree 1\n7 = malloc 0\n7 = realloc 7 20",
     ""},
    {"refusing what is too large", HONEST, 0,
     "1 = malloc SIZE_MAX\n2 = calloc 0x100000001 0x100000001\n3 = aligned_alloc 3 8\n"
     "4 = posix_memalign 4 8\n5 = malloc 10\n5 = realloc 5 SIZE_MAX\nwrite 5\nfree 5",
     ""},
    {"NULL with ENOMEM is an answer", ANSWERS_NULL, 0, "1 = malloc 10\n2 = valloc 8", ""},
    {"NULL without errno", ANSWERS_NULL_MUTELY, 1, "1 = malloc 10", "errno/malloc/wrong-errno "},
    {"overlap", OVERLAPS, 2, "1 = malloc 64\n2 = malloc 64\nfree 1",
     "overlap/malloc/shares-bytes "},
    {"overlap by realloc", OVERLAPS, 3, "1 = malloc 64\n2 = malloc 64\n2 = realloc 2 10\nwrite 1",
     "overlap/realloc/shares-bytes "},
    {"misaligned, but a block", MISALIGNED, 1, "1 = malloc 16\nwrite 1\nfree 1",
     "alignment/malloc/misaligned "},
    {"prefix lost, told once", LOSES_PREFIX, 2,
     "1 = malloc 64\n1 = realloc 1 100\nwrite 1\n1 = realloc 1 200\nfree 1",
     "realloc/realloc/prefix-lost "},
    {"failed realloc spoils the block, told once", SPOILS_OLD, 2,
     "1 = malloc 64\n1 = realloc 1 100\n1 = realloc 1 100\nfree 1",
     "realloc/realloc/old-block-changed "},
    {"rubbish in calloc's block", RUBBISH, 1, "1 = calloc 4 4\nfree 1", "zero/calloc/not-zero "},
    {"errno by free", SETS_ERRNO, 2, "1 = malloc 8\nfree 1", "errno/free/changed-by-free "},
    {"errno by free(NULL)", SETS_ERRNO, 1, "free_null", "errno/free_null/changed-by-free "},
    {"errno by the free at the end", SETS_ERRNO, 2, "1 = malloc 8", "errno/free/changed-by-free "},
    {"scribbled over, found by free", SCRIBBLES, 2, "1 = malloc 40\n2 = malloc 40\nfree 1",
     "content/free/changed "},
    {"scribbled over, found at the end", SCRIBBLES, 2, "1 = malloc 40\n2 = malloc 40",
     "content/free/changed "},
    {"scribbled over, found by write, once", SCRIBBLES, 2,
     "1 = malloc 40\n2 = malloc 40\nwrite 1\nwrite 1\nfree 1", "content/write/changed "},
    {"scribbled over, not held against realloc", SCRIBBLES, 2,
     "1 = malloc 40\n2 = malloc 40\n1 = realloc 1 100\nfree 1", "content/realloc/changed "},
    {"scribbled over, not held against a failing realloc", SCRIBBLES, 2,
     "1 = malloc 40\n2 = malloc 40\n1 = realloc 1 SIZE_MAX\nfree 1", "content/realloc/changed "},
    {"usable size less than asked", USABLE_TOO_SMALL, 1, "1 = malloc 40\nwrite 1\nfree 1",
     "usable/malloc/less-than-asked "},
    {"usable size of the operation", USABLE_TOO_SMALL, 1,
     "1 = malloc 40\nmalloc_usable_size 1\nwrite 1\nfree 1",
     "usable/malloc/less-than-asked usable/malloc_usable_size/less-than-asked "},
    {"usable bytes given away", USABLE_TOO_LARGE, 1, "1 = malloc 40\n2 = malloc 40\nfree 1\nfree 2",
     "usable/malloc/given-away "},
    {"posix_memalign sets nothing", POINTER_ALONE, 1, "1 = posix_memalign 64 10\nwrite 1\nfree 1",
     "errno/posix_memalign/pointer-not-set "},
    {"inconsistent", INCONSISTENT, 1, "1 = malloc 8\nfree 1", "consistent/malloc/walk "},
};

static void a_misdeed_is_one_finding(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof misdeeds / sizeof misdeeds[0]; i++) {
        carry_out_with(misdeeds[i].misdeed, misdeeds[i].at, misdeeds[i].operations);
        if (strcmp(signatures(), misdeeds[i].signatures) != 0)
            fail_msg("%s: \"%s\", not \"%s\"", misdeeds[i].name, signatures(),
                     misdeeds[i].signatures);
        for (unsigned k = 0; k < run.finding_count; k++)
            assert_int_equal(run.findings[k].repeats, 0);
        assert_int_equal(run.phase, HD_PHASE_DONE);
    }
}

static void a_finding_tells_its_step_and_operation(void **state)
{
    (void)state;
    carry_out_with(SETS_ERRNO, 3, "1 = malloc 8\nwrite 1\n2 = malloc 9\nfree 1\nfree 2");
    assert_int_equal(run.finding_count, 1);
    assert_int_equal(run.findings[0].step, 4);
    assert_string_equal(run.findings[0].operation, "free 1");
    assert_false(run.findings[0].at_end);

    carry_out_with(SETS_ERRNO, 3, "7 = malloc 8\nwrite 7\n2 = malloc 9");
    assert_int_equal(run.findings[0].step, 4); // goes on past the trace
    assert_string_equal(run.findings[0].operation, "free 7");
    assert_true(run.findings[0].at_end);
}

static void repeats_of_a_signature_are_counted(void **state)
{
    (void)state;
    carry_out_with(SETS_ERRNO, 0, "1 = malloc 8\nfree 1\n1 = malloc 8\nfree 1\nfree_null\n"
                                  "1 = malloc 8");
    assert_string_equal(signatures(),
                        "errno/free/changed-by-free errno/free_null/changed-by-free ");
    assert_int_equal(run.findings[0].repeats, 2);
    assert_int_equal(run.findings[0].step, 2);
    assert_int_equal(run.findings[1].repeats, 0);
    assert_int_equal(run.verdicts[HD_ORACLE_errno][HD_BROKEN], 4);
}

static void more_signatures_than_fit_are_counted(void **state)
{
    (void)state;
    memset(&run, 0, sizeof run);
    for (unsigned i = 0; i < HD_RUN_FINDINGS_MAX + 3; i++) {
        struct hd_finding finding;
        hd_run_begin_finding(&run, &finding);
        char place[8];
        (void)snprintf(place, sizeof place, "p%u", i);
        (void)hd_finding_set(&finding, place, "x");
        hd_run_add_finding(&run, HD_ORACLE_errno, &finding);
    }
    assert_int_equal(run.finding_count, HD_RUN_FINDINGS_MAX);
    assert_int_equal(run.findings_dropped, 3);
    assert_string_equal(run.findings[HD_RUN_FINDINGS_MAX - 1].place, "p15");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_misdeed_is_one_finding),
        cmocka_unit_test(a_finding_tells_its_step_and_operation),
        cmocka_unit_test(repeats_of_a_signature_are_counted),
        cmocka_unit_test(more_signatures_than_fit_are_counted),
    };
    return cmocka_run_group_tests(tests, open_rig, NULL);
}
