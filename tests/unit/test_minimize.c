// SPDX-License-Identifier: MIT
/// test_minimize.c: a finding is chosen, timed, kept and confirmed, each trial in a child process.
#include "allocators/startup.h"
#include "harness/reduce/minimize.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct hd_arena arena;
static struct hd_kept kept;
static struct hd_minimize minimize;

static int open_arena(void **state)
{
    (void)state;
    hd_arena_open(&arena, (size_t)64 << 20);
    kept = (struct hd_kept){.conditions = {.deadline_ms = 10000, .memory_bytes = (size_t)1 << 30}};
    minimize = (struct hd_minimize){0};
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    hd_arena_close(&arena);
    return 0;
}

static void add(const char *spec)
{
    kept.specs[kept.count++] = spec;
}

static struct hd_trace trace_of(const char *operations)
{
    char text[1024];
    const int length = snprintf(text, sizeof text, "heapduel-trace 1\n%s\n", operations);
    struct hd_trace trace;
    struct hd_message message;
    if (hd_trace_read_bytes("test", (const uint8_t *)text, (size_t)length, &arena, &trace,
                            &message) != HD_OK)
        fail_msg("%s", message.text);
    return trace;
}

/// Minimises what was chosen; the result, as the caller may look at it until the next.
static struct hd_trace minimized_chosen(const struct hd_trace *trace)
{
    struct hd_message message;
    if (hd_minimize(&minimize, &kept, trace, &arena, &message) != HD_OK)
        fail_msg("%s", message.text);
    assert_true(minimize.confirmed);
    assert_false(minimize.reduction.stopped);
    return hd_reduction_trace(&minimize.reduction);
}

static struct hd_trace minimized(const struct hd_trace *trace, const char *signature)
{
    assert_true(hd_calibrate(&kept, trace, signature, &minimize.calibration));
    return minimized_chosen(trace);
}

// ---------------------------------------------------------------------------- choosing

static void the_first_allocator_with_a_finding_is_taken(void **state)
{
    (void)state;
    add(FIXTURES "correct.so");
    add(FIXTURES "overlaps.so");
    add(FIXTURES "segfault.so");
    const struct hd_trace trace = trace_of("1 = malloc 9\n2 = malloc 9\nfree 2");
    assert_true(hd_kept_choose(&kept, &trace, NULL));
    assert_int_equal(kept.count, 1);
    assert_string_equal(kept.specs[0], FIXTURES "overlaps.so");
    assert_string_equal(kept.signature, "overlap/malloc/shares-bytes");
}

static void a_signature_chooses_among_findings_and_differences(void **state)
{
    (void)state;
    add(FIXTURES "correct.so");
    add(FIXTURES "too_large.so");
    const struct hd_trace trace = trace_of("1 = malloc SIZE_MAX\n2 = malloc SIZE_MAX");
    assert_false(hd_kept_choose(&kept, &trace, "limits/calloc/past-ptrdiff-max"));
    assert_int_equal(kept.count, 2);
    assert_true(hd_kept_choose(&kept, &trace, "differential/malloc/past-ptrdiff-max"));
    assert_int_equal(kept.count, 2);
    assert_int_equal(kept.deviators, 1 << 1);
    assert_true(hd_kept_choose(&kept, &trace, "limits/malloc/past-ptrdiff-max"));
    assert_int_equal(kept.count, 1);
    assert_int_equal(kept.deviators, 0);
}

static void a_difference_by_others_is_another(void **state)
{
    (void)state;
    add(FIXTURES "correct.so");
    add(FIXTURES "too_large.so");
    const struct hd_trace trace = trace_of("1 = malloc SIZE_MAX");
    assert_true(hd_kept_choose(&kept, &trace, "differential/malloc/past-ptrdiff-max"));
    assert_true(hd_kept_shows(&kept, &trace));
    kept.specs[0] = FIXTURES "too_large.so"; // the places changed
    kept.specs[1] = FIXTURES "correct.so";
    assert_false(hd_kept_shows(&kept, &trace));
}

static void an_allocator_that_cannot_be_had_is_no_finding(void **state)
{
    (void)state;
    add(FIXTURES "no_such.so");
    const struct hd_trace trace = trace_of("1 = malloc 9");
    assert_false(hd_calibrate(&kept, &trace, NULL, &minimize.calibration));
    assert_int_equal(kept.status, HD_UNAVAILABLE);
    assert_non_null(strstr(kept.message.text, "no_such.so"));
}

static bool has_no_patience(void *context)
{
    unsigned *patience = context;
    if (*patience == 0) return true;
    --*patience;
    return false;
}

static void calibrating_ends_between_runs_with_what_is_known(void **state)
{
    (void)state;
    static const struct {
        unsigned patience;
        bool chosen;
        unsigned seen, runs;
    } rows[] = {{0, false, 0, 0}, {1, true, 1, 1}, {3, true, 2, 2}, {100, true, 3, 3}};
    const struct hd_trace trace = trace_of("1 = malloc SIZE_MAX");
    add(FIXTURES "too_large.so");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsigned patience = rows[i].patience;
        struct hd_calibration calibration = {.enough = has_no_patience, .context = &patience};
        assert_int_equal(hd_calibrate(&kept, &trace, NULL, &calibration), rows[i].chosen);
        assert_int_equal(calibration.seen, rows[i].seen);
        assert_int_equal(calibration.runs, rows[i].runs);
        assert_int_equal(kept.status, HD_OK);
    }
}

// ---------------------------------------------------------------------------- hangs

static void a_hang_is_timed_where_it_is_and_shrinks(void **state)
{
    (void)state;
    add(FIXTURES "falls.so:hang_");
    kept.conditions.deadline_ms = 2000;
    const struct hd_trace trace = trace_of("1 = malloc 8\nwrite 1\n2 = malloc 666\nfree 1");
    const struct hd_trace result = minimized(&trace, NULL);
    assert_int_equal(result.count, 1);
    assert_int_equal(result.ops[0].size, 666);
    assert_in_range(minimize.deadline_ms, 100, 2000);
    assert_int_equal(kept.conditions.deadline_ms, 2000);
}

/// Trials have less time than was given: what takes that long is no hang yet.
static void what_is_only_slow_is_not_taken_for_the_hang(void **state)
{
    (void)state;
    add(FIXTURES "sleeps.so");
    kept.conditions.deadline_ms = 400;
    const struct hd_trace trace = trace_of("1 = malloc 2\n2 = malloc 5000\nfree 2");
    assert_true(hd_calibrate(&kept, &trace, "progress/malloc/hang-in-call", &minimize.calibration));
    minimize.calibration.deadline_ms = 100; // on a busy machine it would be all that was given
    const struct hd_trace result = minimized_chosen(&trace);
    assert_int_equal(result.count, 1);
    assert_int_equal(minimize.deadline_ms, 600);
    // In a hang of 5,000 ms, the least that outlasts 600 ms: 601, and some more until a quiet
    // machine has told and ended it; less where a busy one takes part of the time itself.
    assert_in_range(result.ops[0].size, 250, 650);
}

static void a_lock_that_nobody_releases_takes_no_deadline(void **state)
{
    (void)state;
    add(FIXTURES "falls.so:lock_");
    kept.conditions.deadline_ms = 0;
    const struct hd_trace trace = trace_of("1 = malloc 8\nwrite 1\n2 = malloc 666\nfree 1");
    const struct hd_trace result = minimized(&trace, "progress/malloc/hang-in-call");
    assert_int_equal(result.count, 1);
    assert_int_equal(kept.stuck, HD_STUCK_LOCK);
}

// ---------------------------------------------------------------------------- memory

/// A trial has no more memory to use up than it needs, and never more than was given.
static void memory_is_used_up_within_a_smaller_limit(void **state)
{
    (void)state;
    static const size_t rows[][2] = {{512, 256}, {256, 256}, {200, 200}}; // MiB: given, used
    const struct hd_trace trace =
        trace_of("1 = malloc 8\n2 = malloc 8\n3 = malloc 8\n4 = malloc 8\n5 = malloc 8\n"
                 "6 = malloc 8\n7 = malloc 8\n8 = malloc 8\n9 = malloc 8");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        kept = (struct hd_kept){
            .conditions = {.deadline_ms = 10000, .memory_bytes = rows[i][0] << 20}};
        add(FAULTY "eats_memory.so");
        assert_true(
            hd_calibrate(&kept, &trace, "progress/malloc/memory-used-up", &minimize.calibration));
        assert_int_equal(minimize.calibration.less_memory, rows[i][1] < rows[i][0]);
        assert_int_equal(kept.conditions.memory_bytes, rows[i][1] << 20);
    }
}

// ---------------------------------------------------------------------------- flaky ones

static void a_flaky_finding_has_its_rate_and_more_tries(void **state)
{
    (void)state;
    char path[] = "/tmp/heapduel-flaky-XXXXXX";
    const int file = mkstemp(path);
    assert_true(file >= 0);
    (void)close(file);
    assert_int_equal(setenv("FLAKY", path, 1), 0);
    add(FIXTURES "flaky.so");
    const struct hd_trace trace = trace_of("1 = malloc 8\n2 = malloc 666\nfree 1\nfree 2");
    const struct hd_trace result = minimized(&trace, NULL);
    (void)unlink(path);
    assert_int_equal(result.count, 1);
    assert_int_equal(minimize.calibration.runs, HD_CALIBRATE_ALL);
    assert_in_range(minimize.calibration.seen, 6, 7); // of twenty, each third
    assert_in_range(kept.tries, 11, 13);              // 0.7^11 and 0.65^13 are about 0.01
}

int main(int argc, char **argv)
{
    (void)argc;
    hd_runner_serve(argv);
    hd_startup(argv);
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)
        TEST(the_first_allocator_with_a_finding_is_taken),
        TEST(a_signature_chooses_among_findings_and_differences),
        TEST(a_difference_by_others_is_another),
        TEST(an_allocator_that_cannot_be_had_is_no_finding),
        TEST(calibrating_ends_between_runs_with_what_is_known),
        TEST(a_hang_is_timed_where_it_is_and_shrinks),
        TEST(what_is_only_slow_is_not_taken_for_the_hang),
        TEST(a_lock_that_nobody_releases_takes_no_deadline),
        TEST(memory_is_used_up_within_a_smaller_limit),
        TEST(a_flaky_finding_has_its_rate_and_more_tries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
