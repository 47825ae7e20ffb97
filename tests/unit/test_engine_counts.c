// SPDX-License-Identifier: MIT
/// test_engine_counts.c: outcomes, counts, and what is freed at the end.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "tests/unit/engine_rig.h"

static void outcomes_tell_each_step(void **state)
{
    (void)state;
    static const struct {
        const char *operation;
        enum hd_outcome_kind kind;
        int error;
        bool broken;
    } rows[] = {
        {"1 = malloc 8", HD_OUTCOME_BLOCK, 0, false},
        {"1 = malloc 8", HD_OUTCOME_SKIPPED, 0, false},
        {"free 2", HD_OUTCOME_SKIPPED, 0, false},
        {"2 = malloc SIZE_MAX", HD_OUTCOME_NULL, ENOMEM, false},
        {"2 = aligned_alloc 3 8", HD_OUTCOME_NULL, EINVAL, false},
        {"2 = posix_memalign 3 8", HD_OUTCOME_NULL, EINVAL, false},
        {"2 = valloc 8", HD_OUTCOME_NOT_OFFERED, 0, false},
        {"write 1", HD_OUTCOME_DONE, 0, false},
        {"malloc_usable_size 1", HD_OUTCOME_DONE, 0, false},
        {"free_null", HD_OUTCOME_DONE, 0, false},
        {"write 2", HD_OUTCOME_SKIPPED, 0, false},
        {"malloc_usable_size 2", HD_OUTCOME_SKIPPED, 0, false},
        {"2 = calloc 2 8", HD_OUTCOME_BLOCK, 0, true},
        {"1 = realloc 1 0", HD_OUTCOME_NULL, 0, false},
        {"free 2", HD_OUTCOME_DONE, 0, false},
    };
    char operations[1024] = "";
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        (void)strcat(strcat(operations, rows[i].operation), "\n");
    struct hd_subject subject = scripted_subject(&heap, RUBBISH, 0);
    subject.allocator.allocate_page_aligned = NULL;
    carry_out(&subject, operations);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (outcomes[i].kind != rows[i].kind) fail_msg("step %zu: %d", i + 1, outcomes[i].kind);
        assert_int_equal(outcomes[i].error, rows[i].kind == HD_OUTCOME_NULL ? rows[i].error : 0);
        assert_int_equal(outcomes[i].broken, rows[i].broken);
    }
    assert_int_equal(run.skipped, 4);
    assert_int_equal(run.not_offered, 1);
    assert_int_equal(run.operations, 10);
    assert_int_equal(run.verdicts[HD_ORACLE_progress][HD_HOLDS], 10);
}

static void what_is_not_offered_is_counted(void **state)
{
    (void)state;
    struct hd_subject subject = scripted_subject(&heap, HONEST, 0);
    subject.allocator = (struct hd_allocator){.allocate = subject.allocator.allocate,
                                              .release = subject.allocator.release};
    carry_out(&subject, "1 = calloc 1 1\n1 = realloc 1 1\n1 = reallocarray 1 1 1\n"
                        "1 = aligned_alloc 8 8\n1 = posix_memalign 8 8\n1 = memalign 8 8\n"
                        "1 = valloc 1\nmalloc_usable_size 1\n1 = malloc 1\nwrite 1\nfree 1\n"
                        "free_null");
    assert_int_equal(run.not_offered, 8);
    assert_int_equal(run.skipped, 0);
    assert_int_equal(run.operations, 4);
    assert_int_equal(run.verdicts[HD_ORACLE_usable][HD_NOT_JUDGED], 3);
    assert_int_equal(run.verdicts[HD_ORACLE_consistent][HD_NOT_JUDGED], 4);
}

static void what_is_left_is_freed_from_the_lowest_address_on(void **state)
{
    (void)state;
    carry_out_with(HONEST, 0, "9 = malloc 8\n4 = malloc 8\n7 = malloc 8\nfree 4");
    assert_int_equal(calls_of(HD_OP_FREE, 0), 3);
    const unsigned frees[] = {heap.call_count - 4, heap.call_count - 2};
    assert_int_equal(heap.calls[frees[0]].block, heap.blocks[0].address);
    assert_int_equal(heap.calls[frees[1]].block, heap.blocks[2].address);
    assert_true(run.at_end);
    assert_int_equal(run.step, 6);
    assert_int_equal(run.operations, 6);
}

static void a_run_is_the_same_after_any_other(void **state)
{
    (void)state;
    static struct hd_run again;
    static const char operations[] = "1 = malloc 8\n2 = malloc 8\n3 = malloc 8\n4 = malloc 8\n"
                                     "1 = realloc 1 50\nfree 2\nwrite 3";
    const struct hd_trace trace = trace_of(operations);
    struct hd_subject subject = scripted_subject(&heap, HONEST, 0);
    hd_engine_open(&engine, &subject);
    for (unsigned before = 0; before < 6; before++) {
        subject = scripted_subject(&heap, HONEST, 0);
        hd_engine_run(&engine, &trace, before == 0 ? &run : &again, NULL);
        if (before > 0) assert_memory_equal(&run.verdicts, &again.verdicts, sizeof run.verdicts);
        const struct hd_trace part = {
            .ops = trace.ops, .count = before, .slot_count = trace.slot_count};
        static struct hd_run other;
        hd_engine_run(&engine, &part, &other, NULL);
    }
    hd_engine_close(&engine);
}

static void an_empty_trace_is_done_at_once(void **state)
{
    (void)state;
    carry_out_with(HONEST, 0, "");
    assert_int_equal(heap.call_count, 0);
    assert_int_equal(run.operations, 0);
    assert_int_equal(run.phase, HD_PHASE_DONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outcomes_tell_each_step),
        cmocka_unit_test(what_is_not_offered_is_counted),
        cmocka_unit_test(what_is_left_is_freed_from_the_lowest_address_on),
        cmocka_unit_test(a_run_is_the_same_after_any_other),
        cmocka_unit_test(an_empty_trace_is_done_at_once),
    };
    return cmocka_run_group_tests(tests, open_rig, NULL);
}
