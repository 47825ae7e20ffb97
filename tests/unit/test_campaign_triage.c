// SPDX-License-Identifier: MIT
/// test_campaign_triage.c: a finding is replayed in new processes, made small, and written.
#include "allocators/startup.h"
#include "campaign_rig.h"
#include "harness/campaign/triage.h"
#include "harness/trace/binary.h"

#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct hd_campaign campaign;
static struct hd_campaign_finding finding;
static unsigned patience; // so often it may go on

static bool tend(void *context)
{
    (void)context;
    if (patience == 0) return true;
    patience--;
    return false;
}

static int enter(void **state)
{
    patience = UINT_MAX;
    campaign = (struct hd_campaign){.options = {.out = ".",
                                                .minimizes = true,
                                                .deadline_s = 5,
                                                .memory_bytes = (size_t)1 << 28,
                                                .tap = HD_TAP_OFF,
                                                .spec_count = 1}};
    return rig_enter(state);
}

/// The finding of this signature, on this allocator, with this trace.
static void find(const char *allocator, const char *signature, const char *trace)
{
    finding = (struct hd_campaign_finding){.found = true};
    campaign.options.specs[0] = allocator;
    (void)snprintf(finding.allocator, sizeof finding.allocator, "%s", allocator);
    (void)snprintf(finding.signature, sizeof finding.signature, "%s", signature);
    (void)strcpy(finding.path, "./x.trace");
    rig_write("x.trace", trace);
}

static void triage(void)
{
    struct hd_message message;
    if (hd_triage(&campaign, &finding, tend, NULL, &message) != HD_OK) fail_msg("%s", message.text);
}

#define FOUND                                                                                      \
    "heapduel-trace 1\n1 = malloc 8\nfree 1\n1 = malloc 9\n2 = malloc 700\nfree 2\n3 = malloc 1\n"

static void a_finding_becomes_small_and_a_program(void **state)
{
    (void)state;
    find(FIXTURES "overlaps.so", "overlap/malloc/shares-bytes", FOUND);
    triage();
    assert_int_equal(finding.replay, HD_REPLAY_ALWAYS);
    assert_int_equal(finding.seen, 3);
    assert_int_equal(finding.operations_found, 6);
    assert_int_equal(finding.operations, 2);
    assert_true(finding.minimal);
    assert_false(finding.from_history);
    assert_string_equal(rig_read("x.full.trace"), FOUND);
    assert_non_null(strstr(rig_read("x.trace"), "# overlap/malloc/shares-bytes at step 2"));
    assert_string_equal(finding.program, "./x.c");
    assert_non_null(strstr(rig_read("x.c"), "int main(void)"));
}

static void unminimized_it_stays_as_it_was_found(void **state)
{
    (void)state;
    campaign.options.minimizes = false;
    find(FIXTURES "overlaps.so", "overlap/malloc/shares-bytes", FOUND);
    triage();
    assert_int_equal(finding.replay, HD_REPLAY_ALWAYS);
    assert_int_equal(finding.operations, 6);
    assert_string_equal(rig_read("x.trace"), FOUND);
    assert_false(rig_exists("x.full.trace"));
    assert_true(rig_exists("x.c"));
}

static void interrupted_it_is_not_replayed(void **state)
{
    (void)state;
    patience = 0;
    find(FIXTURES "overlaps.so", "overlap/malloc/shares-bytes", FOUND);
    triage();
    assert_int_equal(finding.replay, HD_REPLAY_NOT_YET);
    assert_int_equal(finding.runs, 0);
    assert_string_equal(rig_read("x.trace"), FOUND);
}

static void interrupted_before_it_has_shown_nobody_knows(void **state)
{
    (void)state;
    patience = 2; // runs, of which none shows it
    find(FIXTURES "correct.so", "overlap/malloc/shares-bytes", FOUND);
    triage();
    assert_int_equal(finding.replay, HD_REPLAY_NOT_YET);
}

static void interrupted_after_that_it_stays_as_it_was_found(void **state)
{
    (void)state;
    patience = 1;
    find(FIXTURES "overlaps.so", "overlap/malloc/shares-bytes", FOUND);
    triage();
    assert_int_equal(finding.replay, HD_REPLAY_ALWAYS);
    assert_int_equal(finding.seen, 1);
    assert_int_equal(finding.operations, 6);
    assert_false(finding.minimal);
    assert_string_equal(finding.program, "");
    assert_string_equal(rig_read("x.trace"), FOUND);
}

/// Its program is made from a run that ends as soon as it has come to the hang.
static void a_hang_has_a_program_too(void **state)
{
    (void)state;
    campaign.options.deadline_s = 1;
    find(FIXTURES "falls.so:hang_", "progress/malloc/hang-in-call",
         "heapduel-trace 1\n1 = malloc 8\n2 = malloc 666\n");
    triage();
    assert_int_equal(finding.replay, HD_REPLAY_ALWAYS);
    assert_int_equal(finding.operations, 1);
    assert_non_null(strstr(rig_read("x.c"), "int main(void)"));
}

static void what_a_correct_allocator_does_not_show_is_flaky(void **state)
{
    (void)state;
    find(FIXTURES "correct.so", "overlap/malloc/shares-bytes", FOUND);
    triage();
    assert_int_equal(finding.replay, HD_REPLAY_NEVER);
    assert_int_equal(finding.seen, 0);
    assert_int_equal(finding.runs, 20);
    assert_string_equal(rig_read("x.trace"), FOUND);
    assert_string_equal(finding.program, "");
}

static void what_shows_now_and_then_has_a_rate(void **state)
{
    (void)state;
    rig_write("count", "");
    assert_int_equal(setenv("FLAKY", "count", 1), 0);
    find(FIXTURES "flaky.so", "progress/free/SIGABRT-in-call",
         "heapduel-trace 1\n1 = malloc 8\nfree 1\n");
    triage();
    assert_int_equal(finding.replay, HD_REPLAY_SOMETIMES);
    assert_in_range(finding.seen, 6, 7); // every third
    assert_int_equal(finding.runs, 20);
}

/// A sanitizer's report ends the process that replays it, where that has one, too.
static void what_a_sanitizer_reports_is_replayed_as_an_end(void **state)
{
    (void)state;
    find(FIXTURES "exits.so", "progress/malloc/asan-in-call",
         "heapduel-trace 1\n1 = malloc 8\n2 = malloc 2000\n");
    triage();
    assert_int_equal(finding.replay, HD_REPLAY_ALWAYS);
    assert_int_equal(finding.operations, 1);
    assert_non_null(strstr(rig_read("x.trace"), "# progress/malloc/exit-in-call at step 1"));
    assert_string_equal(finding.signature, "progress/malloc/asan-in-call");
}

/// Forty inputs, of which each asks for a block and frees it.
static void write_history(void)
{
    const int fd = open("x.history.bin", O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    assert_true(fd >= 0);
    for (int i = 0; i < 40; i++) {
        const struct hd_op ops[] = {{.kind = HD_OP_MALLOC, .slot = 1, .size = 8},
                                    {.kind = HD_OP_MALLOC, .slot = 2, .size = 8},
                                    {.kind = HD_OP_FREE, .slot = 1},
                                    {.kind = HD_OP_FREE, .slot = 2}};
        uint8_t record[HD_RECORD_SIZE];
        for (size_t j = 0; j < sizeof ops / sizeof ops[0]; j++) {
            hd_binary_encode(&ops[j], record);
            assert_int_equal(write(fd, record, sizeof record), sizeof record);
        }
    }
    assert_int_equal(close(fd), 0);
}

static void what_needs_earlier_inputs_is_shown_with_them(void **state)
{
    (void)state;
    find(FIXTURES "worn.so", "overlap/malloc/shares-bytes", FOUND);
    write_history();
    triage();
    assert_int_equal(finding.replay, HD_REPLAY_ALWAYS);
    assert_true(finding.from_history);
    assert_int_equal(finding.operations_found, 160);
    assert_in_range(finding.operations, 38, 40); // twenty blocks, most freed for the next
    assert_non_null(strstr(rig_read("x.trace"), "# overlap/malloc/shares-bytes"));
    assert_string_equal(rig_read("x.full.trace"), FOUND);
    assert_false(rig_exists("x.history.bin")); // the small trace shows as much
}

static void unminimized_the_history_stays(void **state)
{
    (void)state;
    campaign.options.minimizes = false;
    find(FIXTURES "worn.so", "overlap/malloc/shares-bytes", FOUND);
    write_history();
    triage();
    assert_true(finding.from_history);
    assert_true(rig_exists("x.history.bin"));
    assert_string_equal(rig_read("x.trace"), FOUND);
}

static void a_history_that_is_not_needed_is_removed(void **state)
{
    (void)state;
    find(FIXTURES "overlaps.so", "overlap/malloc/shares-bytes", FOUND);
    write_history();
    triage();
    assert_false(finding.from_history);
    assert_false(rig_exists("x.history.bin"));
}

int main(int argc, char **argv)
{
    (void)argc;
    hd_runner_serve(argv);
    hd_startup(argv);
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, rig_leave)
        TEST(a_finding_becomes_small_and_a_program),
        TEST(unminimized_it_stays_as_it_was_found),
        TEST(interrupted_it_is_not_replayed),
        TEST(interrupted_before_it_has_shown_nobody_knows),
        TEST(interrupted_after_that_it_stays_as_it_was_found),
        TEST(a_hang_has_a_program_too),
        TEST(what_a_correct_allocator_does_not_show_is_flaky),
        TEST(what_shows_now_and_then_has_a_rate),
        TEST(what_a_sanitizer_reports_is_replayed_as_an_end),
        TEST(what_needs_earlier_inputs_is_shown_with_them),
        TEST(unminimized_the_history_stays),
        TEST(a_history_that_is_not_needed_is_removed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
