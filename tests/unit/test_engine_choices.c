// SPDX-License-Identifier: MIT
/// test_engine_choices.c: what an allocator answers first is what it is held to, in the same run.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/kernel_rig.h"

// realloc to no bytes is the second call, and the fourth.
#define TWICE "1 = malloc 8\n1 = realloc 1 0\n2 = malloc 8\n2 = realloc 2 0\n"

static void the_first_answer_holds_for_the_run(void **state)
{
    (void)state;
    static const struct {
        unsigned gives_at; // the call that gives a block; 0: all; past the last: none
        const char *signatures;
    } rows[] = {
        {0, ""},
        {100, ""},
        {2, "choices/realloc/null-where-block "},
        {4, "choices/realloc/block-where-null "},
    };
    take_signal();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        carry_out_with(GIVES_FOR_ZERO, rows[i].gives_at, TWICE);
        assert_string_equal(signatures(), rows[i].signatures);
        const uint64_t judged = *rows[i].signatures == '\0';
        assert_int_equal(run.verdicts[HD_ORACLE_choices][HD_HOLDS], judged);
    }
}

static void the_next_run_begins_anew(void **state)
{
    (void)state;
    take_signal();
    const struct hd_subject subject = scripted_subject(&heap, GIVES_FOR_ZERO, 2);
    const struct hd_trace trace = trace_of("1 = malloc 8\n1 = realloc 1 0");
    hd_engine_open(&engine, &subject);
    for (unsigned i = 0; i < 2; i++) { // a block, then NULL
        hd_engine_run(&engine, &trace, &run, NULL);
        assert_string_equal(signatures(), "");
        assert_int_equal(run.verdicts[HD_ORACLE_choices][HD_HOLDS], 0);
    }
    hd_engine_close(&engine);
}

/// On a heap that earlier runs left: once a block is had with nothing refused any more, NULL is a
/// choice again.
static void what_was_refused_in_an_earlier_run_is_no_reason_for_ever(void **state)
{
    (void)state;
    static const struct {
        const char *first;
        bool judged;
    } rows[] = {
        {"1 = malloc 8", true},
        {"refuse mmap 1\n1 = malloc 8", true},   // refused, and a block is had at the end
        {"refuse munmap 9\n1 = malloc 8", true}, // to be, and was not
        {"1 = malloc 8\nforeign_mmap 1", false}, // of somebody else's memory nobody knows
    };
    take_signal();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hd_subject subject = mapper_subject(&mapper, KEEPS_AT_ZERO, 0);
        subject.allocator.policy.choices.zero[HD_ZERO_REALLOC] = HD_ZERO_BLOCK;
        hd_engine_open(&engine, &subject);
        const struct hd_trace first = trace_of(rows[i].first);
        hd_engine_run(&engine, &first, &run, NULL);
        const struct hd_trace second = trace_of("1 = malloc 8\n1 = realloc 1 0");
        hd_engine_run(&engine, &second, &run, NULL);
        if ((run.verdicts[HD_ORACLE_choices][HD_BROKEN] == 1) != rows[i].judged)
            fail_msg("%s: %d", rows[i].first, (int)run.verdicts[HD_ORACLE_choices][HD_BROKEN]);
        hd_engine_close(&engine);
    }
}

static void a_policy_is_there_before_the_first_answer(void **state)
{
    (void)state;
    take_signal();
    struct hd_subject subject = scripted_subject(&heap, HONEST, 0);
    subject.allocator.policy.choices.zero[HD_ZERO_REALLOC] = HD_ZERO_BLOCK;
    carry_out(&subject, "1 = malloc 8\n1 = realloc 1 0");
    assert_string_equal(signatures(), "choices/realloc/null-where-block ");

    subject = scripted_subject(&heap, HONEST, 0);
    subject.allocator.policy.choices.zero[HD_ZERO_REALLOC] = HD_ZERO_NULL;
    carry_out(&subject, "1 = malloc 8\n1 = realloc 1 0");
    assert_string_equal(signatures(), "");
    assert_int_equal(run.verdicts[HD_ORACLE_choices][HD_HOLDS], 1);
}

static void a_failure_is_no_answer_to_be_held_to(void **state)
{
    (void)state;
    take_signal();
    carry_out_with(ANSWERS_NULL, 1, "1 = malloc 0\n1 = malloc 0\n2 = malloc 0");
    assert_string_equal(signatures(), "");
    assert_int_equal(run.verdicts[HD_ORACLE_choices][HD_HOLDS], 1); // the third, by the second
}

int main(void)
{
    if (!open_tap()) return 77;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_answer_holds_for_the_run),
        cmocka_unit_test(the_next_run_begins_anew),
        cmocka_unit_test(what_was_refused_in_an_earlier_run_is_no_reason_for_ever),
        cmocka_unit_test(a_policy_is_there_before_the_first_answer),
        cmocka_unit_test(a_failure_is_no_answer_to_be_held_to),
    };
    return cmocka_run_group_tests(tests, open_rig, NULL);
}
