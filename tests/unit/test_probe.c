// SPDX-License-Identifier: MIT
/// test_probe.c: each question has an answer, whatever became of the one who was asked.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "allocators/startup.h"
#include "harness/probe/probe.h"

static const struct hd_conditions patient = {.memory_bytes = (size_t)1 << 30, .tap = HD_TAP_AUTO};
static const struct hd_conditions hasty = {
    .deadline_ms = 4000, .memory_bytes = (size_t)1 << 30, .tap = HD_TAP_AUTO};

static struct hd_probe probe;

static void ask_well(const char *spec, const struct hd_conditions *conditions)
{
    struct hd_message message;
    if (hd_probe_run(spec, conditions, &probe, &message) != HD_OK) fail_msg("%s", message.text);
}

static const char *text_of(enum hd_question question)
{
    static char text[4096];
    return hd_told_text(&probe, question, text, sizeof text);
}

struct row {
    enum hd_question question;
    enum hd_told_kind kind;
    const char *text;
};

static void assert_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct hd_told *told = &probe.told[rows[i].question];
        if (told->kind != rows[i].kind || strcmp(text_of(rows[i].question), rows[i].text) != 0)
            fail_msg("%s: %s, \"%s\"", hd_question_ids[rows[i].question], hd_told_kinds[told->kind],
                     text_of(rows[i].question));
    }
}

#define Q(id) HD_QUESTION_##id

static void what_ends_a_process_is_the_answer_to_one_question(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {Q(malloc_0), HD_TOLD_WORDS, "the same block each time"},
        {Q(calloc_0_n), HD_TOLD_HANGS, "hangs"},
        {Q(calloc_n_0), HD_TOLD_ABORTS, "aborts: answers: nothing was asked for"},
        {Q(realloc_null_0), HD_TOLD_WORDS, "a block of its own"},
        {Q(realloc_0), HD_TOLD_VARIES, "varies: 4x block, 3x NULL"}, // it has no 3 MiB
        {Q(aligned_alloc_0), HD_TOLD_NOT_OFFERED, "not offered"},
        {Q(posix_memalign_by_4), HD_TOLD_WORDS, "NULL EINVAL"},
        {Q(posix_memalign_by_24), HD_TOLD_CRASHES, "crashes: SIGSEGV"},
        {Q(posix_memalign_0), HD_TOLD_WORDS, "a block of its own"},
        {Q(malloc_fails), HD_TOLD_WORDS, "NULL ENOMEM"},
        {Q(classes), HD_TOLD_NOT_OFFERED, "not offered"},
        {Q(back_large), HD_TOLD_NOTHING, "not known: so much was not served"},
        {Q(double_free), HD_TOLD_WORDS, "not noticed"},
        {Q(free_stack), HD_TOLD_WORDS, "not noticed; it wrote: answers: not mine"},
    };
    ask_well(FIXTURES "answers.so", &hasty);
    assert_rows(rows, sizeof rows / sizeof rows[0]);
    assert_int_equal(probe.choices.zero[HD_ZERO_MALLOC], HD_ZERO_BLOCK);
    assert_int_equal(probe.choices.zero[HD_ZERO_CALLOC], HD_ZERO_OPEN);
    assert_int_equal(probe.choices.zero[HD_ZERO_REALLOC], HD_ZERO_OPEN);
    assert_int_equal(probe.choices.zero[HD_ZERO_ALIGNED_ALLOC], HD_ZERO_OPEN);
}

static void brkmap_is_as_it_says(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {Q(alignment), HD_TOLD_TABLE, "1-2097151: 16"},
        {Q(malloc_0), HD_TOLD_WORDS, "a block of its own"},
        {Q(realloc_0_frees), HD_TOLD_WORDS, "replaced by a block"},
        {Q(aligned_alloc_by_3), HD_TOLD_WORDS, "NULL EINVAL"},
        {Q(errno_success), HD_TOLD_WORDS, "as before"},
        {Q(double_free), HD_TOLD_ABORTS, "aborts: brkmap: free(): not a live block"},
        {Q(overflow), HD_TOLD_ABORTS, "aborts later: brkmap: free(): not a live block"},
    };
    ask_well("brkmap", &patient);
    assert_rows(rows, sizeof rows / sizeof rows[0]);
    for (unsigned i = 0; i < HD_ZERO_REQUESTS; i++)
        assert_int_equal(probe.choices.zero[i], HD_ZERO_BLOCK);
    for (unsigned i = 0; i < HD_TINY_RANGES; i++)
        assert_int_equal(probe.choices.alignment[i], 16);
}

static void one_that_ends_with_status_0_is_not_asked_again(void **state)
{
    (void)state;
    ask_well(FIXTURES "exits.so", &patient); // it does where more than 1000 bytes are asked for
    assert_string_equal(text_of(Q(malloc_fails)), "aborts: exit status 0");
    assert_int_equal(probe.told[Q(back_large)].kind, HD_TOLD_ABORTS);
    assert_string_equal(text_of(Q(malloc_0)), "a block of its own");
}

/// The mapping threshold, and what is given back, are in the system calls alone.
static void what_needs_the_tap_is_not_known_without_it(void **state)
{
    (void)state;
    struct hd_conditions untapped = patient;
    untapped.tap = HD_TAP_OFF;
    ask_well("brkmap", &untapped);
    assert_string_equal(text_of(Q(own_mapping)), "not known: its system calls are not seen");
    assert_string_equal(text_of(Q(back_small)), "not known: its system calls are not seen");
    assert_false(probe.calls.seen);
    assert_string_equal(text_of(Q(malloc_0)), "a block of its own");
}

static void the_choices_alone_are_the_same(void **state)
{
    (void)state;
    struct hd_choice_policy choices;
    struct hd_message message;
    static const char *const specs[] = {"brkmap", FIXTURES "correct.so"};
    for (size_t i = 0; i < sizeof specs / sizeof specs[0]; i++) {
        ask_well(specs[i], &patient);
        assert_int_equal(hd_probe_choices(specs[i], &patient, &choices, &message), HD_OK);
        assert_memory_equal(&choices, &probe.choices, sizeof choices);
    }
}

static void what_does_not_load_is_told(void **state)
{
    (void)state;
    struct hd_message message;
    assert_int_equal(hd_probe_run(FIXTURES "no_malloc.so", &patient, &probe, &message),
                     HD_UNAVAILABLE);
    assert_non_null(strstr(message.text, "no_malloc.so"));
}

static void every_question_stands_in_a_section(void **state)
{
    (void)state;
    for (enum hd_question question = 0; question < HD_QUESTIONS; question++) {
        assert_true(strlen(hd_question_section(question)) > 0);
        assert_in_range(strlen(hd_question_labels[question]), 1, 42);
    }
    assert_string_equal(hd_question_section(Q(alignment)), "alignment");
    assert_string_equal(hd_question_section(Q(write_after_free)), "misuse");
}

int main(int argc, char **argv)
{
    (void)argc;
    hd_probe_serve(argv);
    hd_startup(argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_ends_a_process_is_the_answer_to_one_question),
        cmocka_unit_test(one_that_ends_with_status_0_is_not_asked_again),
        cmocka_unit_test(brkmap_is_as_it_says),
        cmocka_unit_test(what_needs_the_tap_is_not_known_without_it),
        cmocka_unit_test(the_choices_alone_are_the_same),
        cmocka_unit_test(what_does_not_load_is_told),
        cmocka_unit_test(every_question_stands_in_a_section),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
