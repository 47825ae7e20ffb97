// SPDX-License-Identifier: MIT
/// test_engine_events.c: events in a trace: what is refused and how long, and what lies beside the
/// allocator's memory.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/unit/kernel_rig.h"

/// "BNn-" and so on: a block, NULL, not a result, skipped; an operation a letter.
static const char *letters(size_t count)
{
    static char text[OPS_MAX + 1];
    for (size_t i = 0; i < count; i++) {
        switch ((enum hd_outcome_kind)outcomes[i].kind) {
        case HD_OUTCOME_BLOCK: text[i] = 'B'; break;
        case HD_OUTCOME_NULL: text[i] = 'N'; break;
        case HD_OUTCOME_DONE: text[i] = '.'; break;
        case HD_OUTCOME_SKIPPED: text[i] = '-'; break;
        case HD_OUTCOME_NOT_OFFERED: text[i] = 'x'; break;
        case HD_OUTCOME_NONE:
        case HD_OUTCOME_LOST: text[i] = '?'; break;
        }
    }
    text[count] = '\0';
    return text;
}

// ---------------------------------------------------------------------------- without a tap

/// Before the tap is opened.
static void what_refuses_is_not_offered_without_a_tap(void **state)
{
    (void)state;
    const struct hd_subject subject = mapper_subject(&mapper, NO_DEED, 0);
    carry_out(&subject, "refuse mmap 1\nrefuse_all 1\nlimit 0\n1 = malloc 8\nforeign_mmap 1\n"
                        "foreign_sbrk 4096\nforeign_sbrk -4096");
    assert_string_equal(letters(7), "xxxB...");
    assert_int_equal(run.not_offered, 3);
    assert_string_equal(signatures(), "");
    assert_false(run.footprint.tapped);
    assert_int_equal(run.operations, 4 + 1); // no step for the empty heap
    assert_int_equal(mapper.trims, 0);
    assert_int_equal(run.verdicts[HD_ORACLE_mapped][HD_NOT_JUDGED], 2);
}

/// A byte written there is seen by anybody.
static void what_is_written_beside_a_block_is_seen_without_a_tap(void **state)
{
    (void)state;
    const struct hd_subject subject = mapper_subject(&mapper, WRITES_BEHIND_FIRST, 2);
    carry_out(&subject, "1 = malloc 40\nforeign_mmap 1\nfree_null");
    assert_string_equal(signatures(), "own_memory/free_null/foreign-written ");
}

// ---------------------------------------------------------------------------- refusing

static void the_nth_call_of_a_kind_is_refused_once(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum hd_syscall_id id;
        int error;
    } rows[] = {
        {"mmap", HD_SYSCALL_mmap, ENOMEM},         {"brk", HD_SYSCALL_brk, ENOMEM},
        {"mremap", HD_SYSCALL_mremap, ENOMEM},     {"munmap", HD_SYSCALL_munmap, ENOMEM},
        {"madvise", HD_SYSCALL_madvise, EINVAL},   {"mprotect", HD_SYSCALL_mprotect, ENOMEM},
    };
    assert_int_equal(sizeof rows / sizeof rows[0], HD_REFUSABLES);
    take_signal();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct hd_subject subject = mapper_subject(&mapper, CALLS_EACH, 2);
        char operations[128];
        (void)snprintf(operations, sizeof operations, "1 = malloc 40\nrefuse %s 1\nfree_null",
                       rows[i].name);
        carry_out(&subject, operations);
        for (unsigned id = 0; id < HD_REFUSABLES; id++) {
            const int want = id == rows[i].id ? rows[i].error : 0;
            if (mapper.errors[id] != want)
                fail_msg("%s: %s gave %d", rows[i].name, hd_syscall_names[id], mapper.errors[id]);
        }
        assert_int_equal(run.footprint.refused, 1);
    }
}

/// Each row is what the operations are answered; malloc makes one mmap.
static void refusals_count_exactly(void **state)
{
    (void)state;
    take_signal();
    static const struct {
        const char *operations;
        const char *answers;
        unsigned refused;
    } rows[] = {
        {"refuse mmap 1\n1 = malloc 8\n2 = malloc 8", ".NB", 1},
        {"refuse mmap 2\n1 = malloc 8\n2 = malloc 8\n3 = malloc 8", ".BNB", 1},
        {"refuse mmap 1\nrefuse mmap 3\n1 = malloc 8\n2 = malloc 8\n3 = malloc 8\n4 = malloc 8",
         "..NBNB", 2},
        {"refuse mmap 1\nrefuse mmap 1\n1 = malloc 8\n2 = malloc 8", "..NB", 1},
        {"refuse brk 1\n1 = malloc 8", ".B", 0},
        {"1 = malloc 8\nrefuse mmap 1\n1 = realloc 1 16\n1 = realloc 1 24", "B.NB", 1},

        {"refuse_all 1\n1 = malloc 8\n2 = malloc 8", ".NB", 1},
        {"refuse_all 2\n1 = malloc 8\n2 = malloc 8\n3 = malloc 8", ".NNB", 2},
        // What does not apply is no operation; what makes no call is one.
        {"refuse_all 2\nfree 9\n1 = malloc 8\n2 = malloc 8\n3 = malloc 8", ".-NNB", 2},
        {"refuse_all 2\nfree_null\n1 = malloc 8\n2 = malloc 8", "..NB", 1},
        // A second one counts anew.
        {"refuse_all 2\n1 = malloc 8\nrefuse_all 2\n2 = malloc 8\n3 = malloc 8\n4 = malloc 8",
         ".N.NNB", 3},
        {"refuse_all 2\n1 = malloc 8\nrefuse_all 1\n2 = malloc 8\n3 = malloc 8", ".N.NB", 2},
        // munmap asks for none.
        {"1 = malloc 8\nrefuse_all 1\nfree 1\n1 = malloc 8", "B..B", 0},

        // mmap maps two pages, and one of them is given back.
        {"limit 8191\n1 = malloc 8", ".N", 1},
        {"limit 8192\n1 = malloc 8\n2 = malloc 8", ".BN", 1},
        {"limit 12288\n1 = malloc 8\n2 = malloc 8\n3 = malloc 8", ".BBN", 1},
        {"limit 8192\n1 = malloc 8\nfree 1\n2 = malloc 8", ".B.B", 0},
        {"1 = malloc 8\nlimit 8192\n2 = malloc 8", "B.B", 0},
        {"limit 0\n1 = malloc 8\nlimit SIZE_MAX\n1 = malloc 8\n2 = malloc 8", ".N.BB", 1},
        {"limit 8192\n1 = malloc 8\nlimit 8192\n2 = malloc 8\n3 = malloc 8", ".B.BN", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct hd_subject subject = mapper_subject(&mapper, NO_DEED, 0);
        carry_out(&subject, rows[i].operations);
        const char *answers = letters(strlen(rows[i].answers));
        if (strcmp(answers, rows[i].answers) != 0)
            fail_msg("%s: %s", rows[i].operations, answers);
        if (run.footprint.refused != rows[i].refused)
            fail_msg("%s: %zu refused", rows[i].operations, (size_t)run.footprint.refused);
        assert_string_equal(signatures(), "");
    }
}

static void past_the_memory_limit_calls_fail_and_are_not_refused(void **state)
{
    (void)state;
    take_signal();
    static const struct {
        size_t bytes;
        const char *operations;
        const char *answers;
        unsigned refused;
    } rows[] = { // mmap maps two pages, and one of them is given back
        {8191, "1 = malloc 8", "N", 0},
        {8192, "1 = malloc 8\n2 = malloc 8", "BN", 0},
        {12288, "1 = malloc 8\n2 = malloc 8\n3 = malloc 8", "BBN", 0},
        {8192, "1 = malloc 8\nfree 1\n2 = malloc 8", "B.B", 0},
        {12288, "limit SIZE_MAX\n1 = malloc 8\n2 = malloc 8\n3 = malloc 8", ".BBN", 0},
        {12288, "1 = malloc 8\nlimit 0\n2 = malloc 8\nlimit SIZE_MAX\n2 = malloc 8\n3 = malloc 8",
         "B.N.BN", 1},
        {12288, "refuse mmap 1\n1 = malloc 8\n1 = malloc 8\n2 = malloc 8\n3 = malloc 8", ".NBBN",
         1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct hd_subject subject = mapper_subject(&mapper, NO_DEED, 0);
        const struct hd_trace trace = trace_of(rows[i].operations);
        hd_engine_open(&engine, &subject);
        engine.memory_limit = hd_memory_limit_open(rows[i].bytes);
        for (unsigned time = 0; time < 2; time++) { // the limit ends with the run
            memset(outcomes, 0, sizeof outcomes);
            hd_engine_run(&engine, &trace, &run, outcomes);
            const char *answers = letters(strlen(rows[i].answers));
            if (strcmp(answers, rows[i].answers) != 0 || run.footprint.refused != rows[i].refused)
                fail_msg("%zu, %s: %s", rows[i].bytes, rows[i].operations, answers);
            assert_int_equal(hd_tap_refusals()->memory_max, INT64_MAX);
        }
        hd_engine_close(&engine);
    }
}

static void nothing_is_refused_in_the_next_run(void **state)
{
    (void)state;
    take_signal();
    static const char *const events[] = {"refuse mmap 1", "refuse mmap 2", "refuse_all 64",
                                         "limit 0"};
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        const struct hd_subject subject = mapper_subject(&mapper, NO_DEED, 0);
        hd_engine_open(&engine, &subject);
        const struct hd_trace first = trace_of(events[i]);
        hd_engine_run(&engine, &first, &run, NULL);
        const struct hd_trace second = trace_of("1 = malloc 8\n2 = malloc 8");
        memset(outcomes, 0, sizeof outcomes);
        hd_engine_run(&engine, &second, &run, outcomes);
        hd_engine_close(&engine);
        assert_string_equal(letters(2), "BB");
        assert_int_equal(run.footprint.refused, 0);
    }
}

/// The footprint is judged until an event, and not after it.
static void who_is_refused_is_not_held_to_a_footprint(void **state)
{
    (void)state;
    take_signal();
    static const struct {
        const char *operations;
        unsigned holds; // of footprint
    } rows[] = {
        {"free_null", 2}, // and the empty heap's
        {"free_null\nrefuse madvise 1\nfree_null", 1},
        {"free_null\nrefuse_all 1\nfree_null", 1},
        {"free_null\nlimit SIZE_MAX\nfree_null", 1},
        {"free_null\nforeign_sbrk 16\nfree_null", 1},
        {"1 = malloc 8\nforeign_mmap 1\nfree_null", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hd_subject subject = mapper_subject(&mapper, NO_DEED, 0);
        subject.allocator.policy.kernel =
            (struct hd_kernel_policy){.mapped_factor = 1, .mapped_base = 1 << 20};
        carry_out(&subject, rows[i].operations);
        if (run.verdicts[HD_ORACLE_footprint][HD_HOLDS] != rows[i].holds)
            fail_msg("%s: %zu", rows[i].operations,
                     (size_t)run.verdicts[HD_ORACLE_footprint][HD_HOLDS]);
    }
}

// ---------------------------------------------------------------------------- beside it

static uintptr_t breaks[OPS_MAX];
static size_t break_count;

static void note_break(void *context, const struct hd_step *step)
{
    (void)context;
    (void)step;
    if (break_count < OPS_MAX) breaks[break_count++] = (uintptr_t)sbrk(0);
}

static void pass(void *context, const struct hd_engine *of)
{
    (void)context;
    (void)of;
}

static void carry_out_noting_breaks(const struct hd_subject *subject, const char *operations)
{
    static const struct hd_observer observer = {.step = note_break, .trace_end = pass};
    const struct hd_trace trace = trace_of(operations);
    break_count = 0;
    hd_engine_open(&engine, subject);
    engine.observer = &observer;
    hd_engine_run(&engine, &trace, &run, outcomes);
    hd_engine_close(&engine);
}

static void foreign_sbrk_moves_what_is_its_own(void **state)
{
    (void)state;
    take_signal();
    static const struct {
        const char *first, *second;
        intptr_t after_first, after_second;
    } rows[] = {
        {"foreign_sbrk 4096", "foreign_sbrk -4096", 4096, 0},
        {"foreign_sbrk 1", "foreign_sbrk 16", 1, 17},
        {"foreign_sbrk 4096", "foreign_sbrk -96", 4096, 4000},
        {"foreign_sbrk 4096", "foreign_sbrk -4097", 4096, 4096}, // the rest is another's
        {"foreign_sbrk -1", "foreign_sbrk 0", 0, 0},
        {"foreign_sbrk 1048576", "foreign_sbrk -1048576", 1048576, 0},
        {"foreign_sbrk 1048577", "foreign_sbrk PTRDIFF_MAX", 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char operations[128];
        (void)snprintf(operations, sizeof operations, "%s\nfree_null\n%s\nfree_null",
                       rows[i].first, rows[i].second);
        const struct hd_subject subject = mapper_subject(&mapper, NO_DEED, 0);
        const uintptr_t before = (uintptr_t)sbrk(0);
        carry_out_noting_breaks(&subject, operations);
        if ((intptr_t)(breaks[0] - before) != rows[i].after_first ||
            (intptr_t)(breaks[1] - before) != rows[i].after_second)
            fail_msg("%s, %s: %td, %td", rows[i].first, rows[i].second,
                     (intptr_t)(breaks[0] - before), (intptr_t)(breaks[1] - before));
        assert_int_equal((uintptr_t)sbrk(0), before); // all given back
        assert_string_equal(signatures(), "");
    }
}

/// The allocator's page lies on top: the piece below it can be moved by nobody.
static void foreign_bytes_below_the_allocators_break_stay(void **state)
{
    (void)state;
    take_signal();
    struct hd_subject subject = mapper_subject(&mapper, GIVES_BREAK, 1);
    subject.allocator.release = mapper_forget;
    const uintptr_t before = (uintptr_t)sbrk(0);
    carry_out_noting_breaks(&subject,
                            "foreign_sbrk 4096\n1 = malloc 40\nforeign_sbrk -16\nwrite 1");
    assert_int_equal(breaks[1], before + 2 * MAPPER_PAGE);
    assert_int_equal((uintptr_t)sbrk(0), before + 2 * MAPPER_PAGE);
    assert_string_equal(signatures(), "");
    assert_int_equal(run.footprint.mapped_after, MAPPER_PAGE);
    assert_ptr_not_equal(sbrk(-2 * MAPPER_PAGE), (void *)-1);
}

static bool is_mapped(const uint8_t *page)
{
    unsigned char resident;
    return mincore((void *)(uintptr_t)page, MAPPER_PAGE, &resident) == 0;
}

static bool behind_was_mapped; // the first block, at the end of the trace

static void look_behind(void *context, const struct hd_engine *of)
{
    (void)context;
    (void)of;
    behind_was_mapped = is_mapped(mapper.blocks[0].page + MAPPER_PAGE);
}

static void pass_step(void *context, const struct hd_step *step)
{
    (void)context;
    (void)step;
}

static void foreign_mmap_puts_a_page_behind_a_block_and_takes_it_away(void **state)
{
    (void)state;
    take_signal();
    static const struct {
        const char *operations;
        const char *answers;
        bool mapped;
    } rows[] = {
        {"1 = malloc 40\nfree_null", "B.", false},
        {"1 = malloc 40\nforeign_mmap 1\nfree_null", "B..", true},
        {"1 = malloc 4096\nforeign_mmap 1\nfree_null", "B..", true},
        {"1 = malloc 40\nforeign_mmap 1\nforeign_mmap 1\nfree_null", "B.-.", true},
        {"1 = malloc 40\nforeign_mmap 2\nfree_null", "B-.", false},
    };
    static const struct hd_observer observer = {.step = pass_step, .trace_end = look_behind};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct hd_subject subject = mapper_subject(&mapper, NO_DEED, 0);
        const struct hd_trace trace = trace_of(rows[i].operations);
        hd_engine_open(&engine, &subject);
        engine.observer = &observer;
        memset(outcomes, 0, sizeof outcomes);
        hd_engine_run(&engine, &trace, &run, outcomes);
        hd_engine_close(&engine);
        assert_int_equal(behind_was_mapped, rows[i].mapped);
        assert_string_equal(letters(strlen(rows[i].answers)), rows[i].answers);
        assert_false(is_mapped(mapper.blocks[0].page + MAPPER_PAGE));
        assert_string_equal(signatures(), "");
    }
}

static void what_happens_to_a_page_beside_a_block_is_found_once(void **state)
{
    (void)state;
    take_signal();
    static const struct {
        enum deed deed;
        const char *signature;
    } rows[] = {
        {WRITES_BEHIND_FIRST, "own_memory/free_null/foreign-written "},
        {UNMAPS_BEHIND_FIRST, "own_memory/free_null/foreign "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct hd_subject subject = mapper_subject(&mapper, rows[i].deed, 3);
        carry_out(&subject, "1 = malloc 40\nforeign_mmap 1\nfree_null\nfree_null\nfree_null");
        assert_string_equal(signatures(), rows[i].signature);
        assert_int_equal(run.findings[0].step, 4);
        assert_int_equal(run.verdicts[HD_ORACLE_own_memory][HD_BROKEN], 1);
        assert_false(is_mapped(mapper.blocks[0].page + MAPPER_PAGE));
    }
}

int main(void)
{
    const struct CMUnitTest untapped[] = {
        cmocka_unit_test(what_refuses_is_not_offered_without_a_tap),
        cmocka_unit_test(what_is_written_beside_a_block_is_seen_without_a_tap),
    };
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nth_call_of_a_kind_is_refused_once),
        cmocka_unit_test(refusals_count_exactly),
        cmocka_unit_test(past_the_memory_limit_calls_fail_and_are_not_refused),
        cmocka_unit_test(nothing_is_refused_in_the_next_run),
        cmocka_unit_test(who_is_refused_is_not_held_to_a_footprint),
        cmocka_unit_test(foreign_sbrk_moves_what_is_its_own),
        cmocka_unit_test(foreign_bytes_below_the_allocators_break_stay),
        cmocka_unit_test(foreign_mmap_puts_a_page_behind_a_block_and_takes_it_away),
        cmocka_unit_test(what_happens_to_a_page_beside_a_block_is_found_once),
    };
    const int failed = cmocka_run_group_tests(untapped, open_rig, NULL);
    if (failed != 0) return failed;
    if (!open_tap()) return 77;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
