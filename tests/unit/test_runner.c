// SPDX-License-Identifier: MIT
/// test_runner.c: whatever an allocator does ends one child, and becomes a finding with its step.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "allocators/startup.h"
#include "harness/runner/ending.h"
#include "harness/runner/runner.h"

#define FALLS FIXTURES "falls.so:"

static struct hd_arena arena;

static int open_arena(void **state)
{
    (void)state;
    hd_arena_open(&arena, (size_t)1 << 20);
    return 0;
}

static struct hd_trace trace_of(const char *operations)
{
    static char text[1024];
    const int length = snprintf(text, sizeof text, "heapduel-trace 1\n%s\n", operations);
    struct hd_trace trace;
    struct hd_message message;
    if (hd_trace_read_bytes("test", (const uint8_t *)text, (size_t)length, &arena, &trace,
                            &message) != HD_OK)
        fail_msg("%s", message.text);
    return trace;
}

static const char falling[] = "1 = malloc 8\nwrite 1\nfree 2\n2 = malloc 666\nfree 2\nfree 1";

// The others may take as long as the machine likes.
static const struct hd_conditions patient = {.deadline_ms = 0, .memory_bytes = (size_t)1 << 30};
static const struct hd_conditions hasty = {.deadline_ms = 700, .memory_bytes = (size_t)1 << 30};

static struct hd_result run_well(const char *spec, const char *operations,
                                 const struct hd_conditions *limits)
{
    const struct hd_trace trace = trace_of(operations);
    struct hd_result result;
    struct hd_message message;
    if (hd_runner_run(spec, &trace, limits, &result, &message) != HD_OK)
        fail_msg("%s", message.text);
    assert_int_equal(result.count, trace.count);
    return result;
}

static const struct {
    const char *spec;
    const char *signature;
    const char *evidence;
    uint64_t step;
    const char *operation;
    const struct hd_conditions *limits;
} falls[] = {
    {FALLS "crash_", "progress/malloc/SIGSEGV-in-call", "killed by SIGSEGV, inside the call", 4,
     "2 = malloc 666", &patient},
    {FALLS "abort_", "progress/malloc/SIGABRT-in-call",
     "killed by SIGABRT, inside the call; it wrote \"falls: the heap is broken\"", 4,
     "2 = malloc 666", &patient},
    {FALLS "exit_", "progress/malloc/exit-in-call",
     "ended the process with status 7, inside the call; it wrote \"bye\"", 4, "2 = malloc 666",
     &patient},
    {FALLS "hang_", "progress/malloc/hang-in-call",
     "still running at the deadline, inside the call", 4, "2 = malloc 666", &hasty},
    {FALLS "lock_", "progress/malloc/hang-in-call",
     "waits for a lock that nobody is left to release, inside the call", 4, "2 = malloc 666",
     &patient},
    {FALLS "touch_", "progress/malloc/SIGSEGV-touching",
     "killed by SIGSEGV, while the harness read or wrote a block that it gave", 4, "2 = malloc 666",
     &patient},
    {FALLS "free_", "progress/free/SIGSEGV-in-call", "killed by SIGSEGV, inside the call", 5,
     "free 2", &patient},
    {FALLS "walk_", "progress/malloc/SIGSEGV-walking",
     "killed by SIGSEGV, inside its own check of its metadata", 4, "2 = malloc 666", &patient},
};

static void a_fall_is_a_finding_with_its_step(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof falls / sizeof falls[0]; i++) {
        struct hd_result result = run_well(falls[i].spec, falling, falls[i].limits);
        assert_int_equal(result.run->finding_count, 1);
        const struct hd_finding *finding = &result.run->findings[0];
        char signature[HD_SIGNATURE_MAX];
        hd_finding_signature(finding, signature);
        assert_string_equal(signature, falls[i].signature);
        assert_string_equal(finding->evidence, falls[i].evidence);
        assert_string_equal(finding->operation, falls[i].operation);
        assert_int_equal(finding->step, falls[i].step);
        assert_int_equal(result.run->verdicts[HD_ORACLE_progress][HD_BROKEN], 1);
        // What was done before it stands, and nothing after it.
        assert_int_equal(result.outcomes[0].kind, HD_OUTCOME_BLOCK);
        assert_int_equal(result.outcomes[1].kind, HD_OUTCOME_DONE);
        assert_int_equal(result.outcomes[2].kind, HD_OUTCOME_SKIPPED);
        assert_int_equal(result.outcomes[falls[i].step - 1].kind, HD_OUTCOME_LOST);
        assert_int_equal(result.outcomes[5].kind, HD_OUTCOME_NONE);
        hd_result_release(&result);
        assert_null(result.run);
    }
}

static void a_fall_after_the_trace_is_told_so(void **state)
{
    (void)state;
    struct hd_result result = run_well(FALLS "free_", "1 = malloc 666", &patient);
    assert_int_equal(result.run->finding_count, 1);
    assert_true(result.run->findings[0].at_end);
    assert_int_equal(result.run->findings[0].step, 2);
    assert_string_equal(result.run->findings[0].operation, "free 1");
    hd_result_release(&result);
}

static void one_that_falls_leaves_the_others_whole(void **state)
{
    (void)state;
    static const struct {
        const char *spec;
        unsigned findings;
    } rows[] = {{"brkmap", 0}, {FALLS "crash_", 1}, {"brkmap", 0}, {FALLS "exit_", 1},
                {"glibc", 0},  {FALLS "abort_", 1}, {"glibc", 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hd_result result = run_well(rows[i].spec, falling, &patient);
        if (result.run->finding_count != rows[i].findings)
            fail_msg("%s: %s", rows[i].spec, result.run->findings[0].evidence);
        if (rows[i].findings == 0) {
            assert_int_equal(result.run->phase, HD_PHASE_DONE);
            assert_int_equal(result.run->operations, 5);
            assert_int_equal(result.run->skipped, 1);
        }
        hd_result_release(&result);
    }
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); // no child is left
    assert_int_equal(errno, ECHILD);
}

static void a_finding_before_the_fall_is_kept(void **state)
{
    (void)state;
    struct hd_result result = run_well(FALLS "crash_", "1 = malloc SIZE_MAX\n2 = malloc 2000000\n"
                                                       "3 = malloc 666", &patient);
    assert_int_equal(result.run->finding_count, 1);
    assert_int_equal(result.run->findings[0].step, 3);
    assert_int_equal(result.outcomes[0].kind, HD_OUTCOME_NULL);
    assert_int_equal(result.outcomes[1].kind, HD_OUTCOME_NULL);
    assert_int_equal(result.outcomes[1].error, ENOMEM);
    hd_result_release(&result);
}

static void an_empty_trace_is_done(void **state)
{
    (void)state;
    struct hd_result result = run_well("brkmap", "", &HD_CONDITIONS_DEFAULT);
    assert_int_equal(result.run->phase, HD_PHASE_DONE);
    assert_int_equal(result.run->finding_count, 0);
    hd_result_release(&result);
}

static void the_memory_limit_bounds_what_may_be_mapped(void **state)
{
    (void)state;
    static const struct {
        size_t bytes;
        enum hd_outcome_kind want;
    } rows[] = {{(size_t)64 << 20, HD_OUTCOME_NULL}, {(size_t)512 << 20, HD_OUTCOME_BLOCK},
                {0, HD_OUTCOME_BLOCK}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct hd_conditions limits = {.memory_bytes = rows[i].bytes};
        struct hd_result result = run_well("glibc", "1 = malloc 134217728", &limits);
        assert_int_equal(result.outcomes[0].kind, rows[i].want);
        assert_int_equal(result.run->finding_count, 0);
        hd_result_release(&result);
    }
}

static const struct {
    const char *name;
    const char *spec;
    enum hd_status status;
    const char *message; // a part of it
} unavailable[] = {
    {"no such name", "gelibc", HD_BAD_INPUT, "no allocator is named 'gelibc'"},
    {"no such file", "./nowhere.so", HD_UNAVAILABLE, "No such file"},
    {"not a malloc library", FIXTURES "no_malloc.so", HD_UNAVAILABLE, "no malloc of its own"},
    {"crashes", FIXTURES "crashes_at_load.so", HD_UNAVAILABLE,
     "killed by SIGSEGV while loading; it wrote: no licence"},
    {"hangs", FIXTURES "hangs_at_load.so", HD_UNAVAILABLE,
     "still running at the deadline while loading"},
};

static void what_does_not_load_is_no_finding_but_a_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof unavailable / sizeof unavailable[0]; i++) {
        const struct hd_trace trace = trace_of(falling);
        struct hd_result result = {0};
        struct hd_message message = {""};
        const struct hd_conditions *limits =
            strcmp(unavailable[i].name, "hangs") == 0 ? &hasty : &patient;
        const enum hd_status status =
            hd_runner_run(unavailable[i].spec, &trace, limits, &result, &message);
        if (status != unavailable[i].status ||
            strstr(message.text, unavailable[i].message) == NULL)
            fail_msg("%s: %d, %s", unavailable[i].name, status, message.text);
        assert_null(result.run);
    }
}

static void a_probe_tells_what_loads(void **state)
{
    (void)state;
    struct hd_message message;
    assert_int_equal(hd_runner_probe("brkmap", &message), HD_OK);
    assert_int_equal(hd_runner_probe("glibc", &message), HD_OK);
    assert_int_equal(hd_runner_probe(FALLS "crash_", &message), HD_OK);
    assert_int_equal(hd_runner_probe("gelibc", &message), HD_BAD_INPUT);
    assert_int_equal(hd_runner_probe(FIXTURES "crashes_at_load.so", &message), HD_UNAVAILABLE);
    assert_ptr_equal(strstr(message.text, FIXTURES "crashes_at_load.so: "), message.text);
}

// ---------------------------------------------------------------------------- endings in words

static void a_signal_without_a_name_of_its_own_is_named(void **state)
{
    (void)state;
    static struct hd_run run;
    const struct hd_ending ending = {.wait_status = 40}; // killed by a real-time signal
    run.phase = HD_PHASE_CALLING;
    hd_ending_add_finding(&ending, &run);
    assert_string_equal(run.findings[0].place, "SIGRT-in-call");
}

static void last_words_are_one_line_of_what_came_last(void **state)
{
    (void)state;
    static const struct {
        const char *written;
        const char *said;
    } rows[] = {
        {"", ""},
        {"\n\n", ""},
        {"one\ntwo\n", "one two"},
        {"  tabs\t\tand \x01\x7f\xff others  ", "tabs and others"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        FILE *file = tmpfile();
        assert_non_null(file);
        (void)fputs(rows[i].written, file);
        (void)fflush(file);
        struct hd_ending ending = {.said = "before"};
        hd_ending_read_output(&ending, fileno(file));
        assert_string_equal(ending.said, rows[i].said);
        (void)fclose(file);
    }
    FILE *file = tmpfile();
    assert_non_null(file);
    for (unsigned i = 0; i < 1000; i++) (void)fprintf(file, "%u,", i);
    (void)fflush(file);
    struct hd_ending ending;
    hd_ending_read_output(&ending, fileno(file));
    assert_int_equal(strlen(ending.said), 200);
    assert_string_equal(ending.said + 192, "998,999,");
    (void)fclose(file);
}

int main(int argc, char **argv)
{
    (void)argc;
    hd_runner_serve(argv);
    hd_startup(argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fall_is_a_finding_with_its_step),
        cmocka_unit_test(a_fall_after_the_trace_is_told_so),
        cmocka_unit_test(one_that_falls_leaves_the_others_whole),
        cmocka_unit_test(a_finding_before_the_fall_is_kept),
        cmocka_unit_test(an_empty_trace_is_done),
        cmocka_unit_test(the_memory_limit_bounds_what_may_be_mapped),
        cmocka_unit_test(what_does_not_load_is_no_finding_but_a_reason),
        cmocka_unit_test(a_probe_tells_what_loads),
        cmocka_unit_test(a_signal_without_a_name_of_its_own_is_named),
        cmocka_unit_test(last_words_are_one_line_of_what_came_last),
    };
    return cmocka_run_group_tests(tests, open_arena, NULL);
}
