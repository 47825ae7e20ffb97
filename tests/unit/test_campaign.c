// SPDX-License-Identifier: MIT
/// test_campaign.c: what a campaign reads: logs, comments, folders; how it shares its processes
/// out.
#include "campaign_rig.h"
#include "harness/campaign/aside.h"
#include "harness/campaign/collect.h"
#include "harness/campaign/folder.h"
#include "harness/campaign/fuzzer.h"
#include "harness/campaign/gather.h"
#include "harness/campaign/hunt.h"
#include "harness/campaign/log.h"
#include "harness/campaign/turns.h"

#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof(table)[0])

// ---------------------------------------------------------------------------- logs

static const struct {
    const char *name;
    const char *text;
    bool known;
    uint64_t coverage, corpus;
} libfuzzer_logs[] = {
    {"nothing yet", "INFO: Seed: 1\n", false, 0, 0},
    {"one line", "#2\tINITED cov: 20 ft: 25 corp: 1/24b exec/s: 0 rss: 40Mb\n", true, 20, 1},
    {"the last counts",
     "#2\tINITED cov: 20 ft: 25 corp: 1/24b exec/s: 0\n"
     "#9\tNEW    cov: 31 ft: 48 corp: 12/1Kb lim: 4096 exec/s: 0 rss: 41Mb L: 48/48 MS: 1\n",
     true, 31, 12},
    {"one still being written does not",
     "#2\tINITED cov: 20 ft: 25 corp: 1/24b exec/s: 0\n#9\tNEW    cov: 31 ft: 48 corp: 1", true, 20,
     1},
    {"nor one without a corpus",
     "#2\tINITED cov: 20 ft: 25 corp: 1/24b exec/s: 0\n#9 DONE cov: 31\n", true, 20, 1},
};

static void libfuzzer_says_its_coverage_in_the_last_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(libfuzzer_logs); i++) {
        struct hd_reading reading = {0};
        hd_log_libfuzzer(libfuzzer_logs[i].text, &reading);
        if (reading.known != libfuzzer_logs[i].known ||
            reading.coverage != libfuzzer_logs[i].coverage ||
            reading.corpus != libfuzzer_logs[i].corpus)
            fail_msg("%s", libfuzzer_logs[i].name);
    }
}

static void afl_says_it_in_its_statistics(void **state)
{
    (void)state;
    struct hd_reading reading = {0};
    hd_log_afl("edges_found       : 12\ncorpus_count      : 3\n", &reading);
    assert_false(reading.known); // no stability: not written to its end
    hd_log_afl("start_time        : 1\ncorpus_count      : 600\ncorpus_count_no   : 7\n"
               "edges_found       : 767\nstability         : 98.71%\n",
               &reading);
    assert_true(reading.known);
    assert_int_equal(reading.coverage, 767);
    assert_int_equal(reading.corpus, 600);
    assert_true(fabs(reading.stability - 98.71) < 0.001);
}

// ---------------------------------------------------------------------------- comments

static const struct {
    const char *name;
    const char *line;
    const char *allocator, *signature, *evidence; // NULL: it is no such comment
} comments[] = {
    {"as a target writes it", "# ./a.so: overlap/malloc/shares-bytes at step 2: 9 bytes at 0x1: 2",
     "./a.so", "overlap/malloc/shares-bytes", "9 bytes at 0x1: 2"},
    {"a prefix", "# ./a.so:my_: zero/calloc/not-zero at step 1: byte 3", "./a.so:my_",
     "zero/calloc/not-zero", "byte 3"},
    {"of all together", "# differential: differential/malloc/broken at step 7: glibc: NULL",
     "differential", "differential/malloc/broken", "glibc: NULL"},
    {"an operation", "1 = malloc 8", NULL, NULL, NULL},
    {"some comment", "# this happens at step 3: always", NULL, NULL, NULL},
    {"of a trace made small", "# zero/calloc/not-zero at step 1: 1 = calloc 1 2", NULL, NULL, NULL},
};

static void a_target_says_behind_a_trace_what_it_shows(void **state)
{
    (void)state;
    static struct hd_campaign_finding finding;
    for (size_t i = 0; i < ROWS(comments); i++) {
        const bool read = hd_collect_comment(comments[i].line, &finding);
        if (read != (comments[i].allocator != NULL)) fail_msg("%s", comments[i].name);
        if (!read) continue;
        assert_string_equal(finding.allocator, comments[i].allocator);
        assert_string_equal(finding.signature, comments[i].signature);
        assert_string_equal(finding.evidence, comments[i].evidence);
    }
}

static void a_trace_made_small_says_it_too(void **state)
{
    (void)state;
    static struct hd_campaign_finding finding;
    assert_true(hd_collect_small_comment("# zero/calloc/not-zero at step 1: 1 = calloc", &finding));
    assert_string_equal(finding.signature, "zero/calloc/not-zero");
    assert_true(hd_collect_small_comment("# a/b/c at the end: free 1\n", &finding));
    assert_string_equal(finding.signature, "a/b/c");
    assert_false(hd_collect_small_comment("# byte 16 at 0x5 is 0x0f", &finding));
    assert_false(hd_collect_small_comment("# nothing at all", &finding));
    assert_false(hd_collect_small_comment("1 = malloc 1 at /2", &finding));
}

// ---------------------------------------------------------------------------- names

static void the_files_of_a_finding_are_called_after_it(void **state)
{
    (void)state;
    char name[HD_FINDING_NAME_MAX];
    char path[PATH_MAX];
    hd_finding_name("/tmp/x/libmine.so:my_", name);
    assert_string_equal(name, "libmine.so-my_");
    hd_finding_name("glibc", name);
    assert_string_equal(name, "glibc");
    hd_finding_path("out/a", "./libmine.so", "zero/calloc/not-zero", ".c", path);
    assert_string_equal(path, "out/a/libmine.so-zero-calloc-not-zero.c");
}

// ---------------------------------------------------------------------------- findings

static struct hd_campaign campaign;

static int enter(void **state)
{
    if (rig_enter(state) != 0) return -1;
    campaign = (struct hd_campaign){
        .options = {.out = "out", .specs = {"./lib/mine.so", "glibc"}, .spec_count = 2}};
    campaign.targets[0].spec = "./lib/mine.so";
    campaign.targets[1].spec = "glibc";
    campaign.target_count = 2;
    hd_arena_open(&campaign.finding_memory, (size_t)1 << 26);
    return mkdir("out", 0777);
}

static int leave(void **state)
{
    hd_arena_close(&campaign.finding_memory);
    return rig_leave(state);
}

#define TRACE "heapduel-trace 1\n1 = malloc 8\n"

static void a_new_trace_is_a_finding_once(void **state)
{
    (void)state;
    rig_write("out/mine.so-a-b-c.trace", TRACE "# ../mine.so: a/b/c at step 1: bad\n");
    hd_collect(&campaign);
    hd_collect(&campaign);
    assert_int_equal(campaign.finding_count, 1);
    assert_string_equal(campaign.findings[0].allocator, "./lib/mine.so"); // as it is given now
    assert_string_equal(campaign.findings[0].signature, "a/b/c");
    assert_int_equal(hd_campaign_new(&campaign), 1);
    assert_int_equal(hd_campaign_found(&campaign), 1);
}

static void what_is_not_ours_is_left_alone(void **state)
{
    (void)state;
    rig_write("out/other.so-a-b-c.trace", TRACE "# ./other.so: a/b/c at step 1: bad\n");
    rig_write("out/differential-a-b-c.trace", TRACE "# differential: a/b/c at step 1: bad\n");
    rig_write("out/glibc-a-b-c.full.trace", TRACE "# glibc: a/b/c at step 1: bad\n");
    rig_write("out/glibc-a-b-d.trace.77", TRACE "# glibc: a/b/d at step 1: bad\n");
    rig_write("out/glibc-a-b-e.trace", TRACE "# glibc: a/b/e at step 1: ba"); // not whole yet
    hd_collect(&campaign);
    assert_int_equal(campaign.finding_count, 0);
    campaign.options.differential = true;
    hd_collect(&campaign);
    assert_int_equal(campaign.finding_count, 1);
}

static void a_trace_made_small_is_one_where_the_index_is_gone(void **state)
{
    (void)state;
    rig_write(
        "out/glibc-a-b-c.trace",
        "heapduel-trace 1\n# a/b/c at step 1: 1 = malloc 8\n# bad\n# heapduel run\n1 = malloc 8\n");
    hd_collect(&campaign);
    assert_int_equal(campaign.finding_count, 1);
    assert_string_equal(campaign.findings[0].allocator, "glibc");
    assert_string_equal(campaign.findings[0].signature, "a/b/c");
}

static void a_long_trace_made_small_has_it_at_its_top(void **state)
{
    (void)state;
    static char text[2 * HD_LOG_END_MAX];
    size_t used = (size_t)snprintf(text, sizeof text, "heapduel-trace 1\n# a/b/c at step 1: x\n");
    while (used < HD_LOG_END_MAX + 1000)
        used += (size_t)snprintf(text + used, sizeof text - used, "1 = malloc 8\nfree 1\n");
    rig_write("out/glibc-a-b-c.trace", text);
    hd_collect(&campaign);
    assert_int_equal(campaign.finding_count, 1);
    assert_string_equal(campaign.findings[0].signature, "a/b/c");
}

static const struct {
    const char *path, *text;
    const char *allocator, *signature; // NULL: nobody's
} unsaid[] = {
    {"out/mine.so-zero-calloc-not-zero.trace", TRACE, "./lib/mine.so", "zero/calloc/not-zero"},
    {"out/glibc-progress-free-SIGSEGV-in-call.trace", TRACE "# cut sho", "glibc",
     "progress/free/SIGSEGV-in-call"},
    {"out/glibc-whole_again-malloc-still-refuses.trace", "", "glibc",
     "whole_again/malloc/still-refuses"},
    {"out/other.so-zero-calloc-not-zero.trace", TRACE, NULL, NULL},
    {"out/glibc-nought-calloc-not-zero.trace", TRACE, NULL, NULL},
    {"out/glibc-zero-callic-not-zero.trace", TRACE, NULL, NULL},
};

static void a_trace_without_comments_is_what_it_is_called(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(unsaid); i++) {
        const size_t before = campaign.finding_count;
        rig_write(unsaid[i].path, unsaid[i].text);
        hd_collect(&campaign);
        print_message("%s\n", unsaid[i].path);
        assert_int_equal(campaign.finding_count - before, unsaid[i].allocator != NULL);
        if (unsaid[i].allocator == NULL) continue;
        assert_string_equal(campaign.findings[before].allocator, unsaid[i].allocator);
        assert_string_equal(campaign.findings[before].signature, unsaid[i].signature);
    }
}

static void a_known_one_is_found_again_when_it_is_touched(void **state)
{
    (void)state;
    static struct hd_campaign_finding known;
    known = (struct hd_campaign_finding){.known = true, .tried = true};
    (void)strcpy(known.path, "out/glibc-a-b-c.trace");
    rig_write(known.path, TRACE);
    hd_campaign_add(&campaign, &known);
    hd_collect(&campaign);
    assert_int_equal(hd_campaign_found(&campaign), 0);
    const struct timespec then[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    assert_int_equal(utimensat(AT_FDCWD, known.path, then, 0), 0);
    hd_collect(&campaign);
    assert_int_equal(hd_campaign_found(&campaign), 1);
    assert_int_equal(hd_campaign_new(&campaign), 0);
}

static void a_trace_that_shows_nothing_makes_room_for_another(void **state)
{
    (void)state;
    static const char path[] = "out/glibc-a-b-c.trace";
    rig_write(path, TRACE "# glibc: a/b/c at step 1: bad\n");
    hd_collect(&campaign);
    struct hd_campaign_finding *finding = &campaign.findings[0];
    rig_write("out/glibc-a-b-c.history.bin", "");
    finding->tried = true;
    finding->replay = HD_REPLAY_NEVER;
    finding->attempts = 1;
    assert_false(hd_finding_is_settled(finding));
    hd_finding_set_aside(finding);
    assert_false(rig_exists(path));
    assert_false(rig_exists("out/glibc-a-b-c.history.bin"));
    hd_collect(&campaign);
    assert_true(finding->tried); // nothing new

    rig_write(path, TRACE "free 1\n# glibc: a/b/c at step 2: bad\n");
    hd_collect(&campaign);
    assert_int_equal(campaign.finding_count, 1);
    assert_false(finding->tried);
    finding->tried = true;
    finding->attempts = HD_ATTEMPTS_MAX;
    assert_true(hd_finding_is_settled(finding));
    hd_finding_put_back(finding); // it is there
    assert_non_null(strstr(rig_read(path), "step 2"));
}

static void what_was_set_aside_is_back_at_the_end(void **state)
{
    (void)state;
    static const char path[] = "out/glibc-a-b-c.trace";
    rig_write(path, TRACE "# glibc: a/b/c at step 1: bad\n");
    hd_collect(&campaign);
    hd_finding_set_aside(&campaign.findings[0]);
    hd_finding_put_back(&campaign.findings[0]);
    assert_true(rig_exists(path));
    assert_false(rig_exists("out/glibc-a-b-c.lost.trace"));
}

static void the_first_finding_is_the_one_that_was_counted_first(void **state)
{
    (void)state;
    struct hd_hunt_result result;
    rig_write("out/glibc-a-b-c.trace", TRACE "# glibc: a/b/c at step 1: bad\n");
    hd_collect(&campaign);
    rig_write("out/glibc-a-b-d.trace", TRACE "# glibc: a/b/d at step 1: bad\n");
    hd_collect(&campaign);
    campaign.findings[1].seen_at = (struct timespec){0}; // the other one was seen again since
    (void)strcpy(campaign.targets[0].first_signature, "a/b/c");
    campaign.targets[0].first_finding = 2;
    campaign.targets[0].first_inputs = 7;
    hd_hunt_take(&campaign, &result);
    assert_true(result.found);
    assert_string_equal(result.signature, "a/b/c");
    assert_int_equal(result.inputs, 7);
    (void)strcpy(campaign.targets[0].first_signature, "a/b/d");
    hd_hunt_take(&campaign, &result);
    assert_string_equal(result.signature, "a/b/d");
}

static void what_a_killed_campaign_set_aside_is_taken_up(void **state)
{
    (void)state;
    rig_write("out/glibc-a-b-c.lost.trace", TRACE "# glibc: a/b/c at step 1: bad\n");
    rig_write("out/glibc-a-b-d.lost.trace", TRACE "# glibc: a/b/d at step 1: bad\n");
    rig_write("out/glibc-a-b-d.trace", TRACE "# glibc: a/b/d at step 1: another\n");
    hd_finding_take_up("out");
    assert_false(rig_exists("out/glibc-a-b-c.lost.trace"));
    assert_true(rig_exists("out/glibc-a-b-d.lost.trace"));
    assert_non_null(strstr(rig_read("out/glibc-a-b-d.trace"), "another"));
    hd_collect(&campaign);
    assert_int_equal(campaign.finding_count, 2);
}

// ---------------------------------------------------------------------------- sharing

static const struct {
    size_t targets;
    unsigned jobs;
    double time;
    unsigned first, last; // workers of the first and of the last target
    double slice;
} shares[] = {
    {1, 1, 60, 1, 1, INFINITY}, {1, 4, 60, 4, 4, INFINITY}, {2, 5, 0, 3, 2, INFINITY},
    {5, 2, 60, 1, 1, 12},       {3, 1, 60, 1, 1, 20},       {2, 1, 0, 1, 1, 60},
    {3, 2, 12, 1, 1, 4},        {3, 2, 180, 1, 1, 60},      {2, 1, 200, 1, 1, 50},
};

static void processes_are_shared_out_among_targets(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(shares); i++) {
        campaign.target_count = shares[i].targets;
        campaign.options.jobs = shares[i].jobs;
        campaign.options.time = shares[i].time;
        hd_turns_share(&campaign);
        assert_int_equal(campaign.targets[0].worker_count, shares[i].first);
        assert_int_equal(campaign.targets[shares[i].targets - 1].worker_count, shares[i].last);
        if (campaign.slice != shares[i].slice) fail_msg("row %zu: %g", i, campaign.slice);
    }
}

/// A whole campaign's turns, one after the other.
static void take_turns(void)
{
    const unsigned turns = (unsigned)(campaign.options.time / campaign.slice + 0.5);
    for (unsigned turn = 0; turn < turns; turn++) {
        for (unsigned job = 0; job < campaign.options.jobs; job++)
            hd_turns_next(&campaign)->running = true;
        for (size_t i = 0; i < campaign.target_count; i++) {
            struct hd_fuzz_target *target = &campaign.targets[i];
            if (target->running) target->ran += campaign.slice;
            target->running = false;
        }
    }
}

static void turns_are_shares_of_the_time(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(shares); i++) {
        if (shares[i].slice == INFINITY || shares[i].time == 0) continue;
        campaign.target_count = shares[i].targets;
        campaign.options.jobs = shares[i].jobs;
        campaign.options.time = shares[i].time;
        for (size_t j = 0; j < campaign.target_count; j++)
            campaign.targets[j] = (struct hd_fuzz_target){0};
        hd_turns_share(&campaign);
        take_turns();
        const double share = shares[i].time * shares[i].jobs / (double)shares[i].targets;
        for (size_t j = 0; j < campaign.target_count; j++)
            if (fabs(campaign.targets[j].ran - share) > 0.001)
                fail_msg("row %zu: %g s of %g s", i, campaign.targets[j].ran, share);
    }
}

// ---------------------------------------------------------------------------- corpora

static void a_corpus_begins_with_seeds_of_any_form(void **state)
{
    (void)state;
    struct hd_message message;
    assert_int_equal(hd_folder_make("c/mine", &message), HD_OK);
    assert_int_equal(hd_folder_make("seeds/deep", &message), HD_OK);
    rig_write("seeds/one.trace", TRACE);
    rig_write("seeds/deep/same.trace", "heapduel-trace 1\n# the same\n1 = malloc 8\n");
    rig_write("seeds/other.bin", "\x01\x01 a record of 24 bytes");
    rig_write("seeds/README", "no trace");
    assert_int_equal(hd_gather_seeds("seeds", "c/mine", &message), HD_OK);
    assert_int_equal(hd_folder_count("c/mine"), 2);
    rig_write("seeds/bad.trace", "heapduel-trace 1\nmalloc\n");
    assert_int_equal(hd_gather_seeds("seeds", "c/mine", &message), HD_BAD_INPUT);
    assert_non_null(strstr(message.text, "seeds/bad.trace:2:"));
    assert_int_equal(hd_gather_seeds("nowhere", "c/mine", &message), HD_BAD_INPUT);
}

static void an_empty_corpus_gets_one_input(void **state)
{
    (void)state;
    struct hd_message message;
    assert_int_equal(hd_folder_make("c", &message), HD_OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(hd_gather_first("c", &message), HD_OK);
        assert_int_equal(hd_folder_count("c"), 1);
    }
}

static void what_afl_keeps_comes_into_the_corpus_once(void **state)
{
    (void)state;
    struct hd_message message;
    assert_int_equal(hd_folder_make("c", &message), HD_OK);
    assert_int_equal(hd_folder_make("afl/main/queue", &message), HD_OK);
    assert_int_equal(hd_folder_make("afl/second1/queue/.state", &message), HD_OK);
    assert_int_equal(hd_folder_make("afl/main/crashes", &message), HD_OK);
    rig_write("afl/main/queue/id:000000,orig", "a");
    rig_write("afl/second1/queue/id:000000,sync", "a");
    rig_write("afl/second1/queue/id:000001,op", "b");
    rig_write("afl/second1/queue/.state/id:000002", "c");
    rig_write("afl/main/crashes/id:000000", "d");
    assert_int_equal(hd_gather_queues("afl", "c", &message), HD_OK);
    assert_int_equal(hd_folder_count("c"), 2);
    assert_false(rig_exists("afl"));
    assert_int_equal(hd_gather_queues("afl", "c", &message), HD_OK);
}

static void a_folder_that_cannot_be_written_is_named(void **state)
{
    (void)state;
    struct hd_message message;
    rig_write("file", "");
    assert_int_equal(hd_folder_make("file/out", &message), HD_UNAVAILABLE);
    assert_string_equal(message.text, "file/out: Not a directory");
    assert_int_equal(hd_folder_make("/proc/self/out", &message), HD_UNAVAILABLE);
}

static void a_folder_has_one_campaign_at_a_time(void **state)
{
    (void)state;
    struct hd_message message;
    int lock;
    int other;
    assert_int_equal(hd_folder_lock("out", &lock, &message), HD_OK);
    assert_int_equal(hd_folder_lock("out", &other, &message), HD_UNAVAILABLE);
    assert_int_equal(other, -1);
    assert_non_null(strstr(message.text, "out: another campaign runs there"));
    assert_int_equal(close(lock), 0);
    assert_int_equal(hd_folder_lock("out", &lock, &message), HD_OK);
    assert_int_equal(close(lock), 0);
    assert_int_equal(hd_folder_lock("nowhere", &lock, &message), HD_UNAVAILABLE);
}

static void files_are_counted_and_nothing_else(void **state)
{
    (void)state;
    struct hd_message message;
    assert_int_equal(hd_folder_make("c/below", &message), HD_OK);
    rig_write("c/one", "1");
    rig_write("c/two", "2");
    rig_write("c/below/three", "3");
    assert_int_equal(symlink("one", "c/link"), 0);
    assert_int_equal(hd_folder_count("c"), 2);
    assert_int_equal(hd_folder_count("nowhere"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(libfuzzer_says_its_coverage_in_the_last_line),
        cmocka_unit_test(afl_says_it_in_its_statistics),
        cmocka_unit_test(a_target_says_behind_a_trace_what_it_shows),
        cmocka_unit_test(a_trace_made_small_says_it_too),
        cmocka_unit_test(the_files_of_a_finding_are_called_after_it),
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)
        TEST(a_new_trace_is_a_finding_once),
        TEST(what_is_not_ours_is_left_alone),
        TEST(a_trace_made_small_is_one_where_the_index_is_gone),
        TEST(a_long_trace_made_small_has_it_at_its_top),
        TEST(a_trace_without_comments_is_what_it_is_called),
        TEST(a_known_one_is_found_again_when_it_is_touched),
        TEST(a_trace_that_shows_nothing_makes_room_for_another),
        TEST(what_was_set_aside_is_back_at_the_end),
        TEST(the_first_finding_is_the_one_that_was_counted_first),
        TEST(what_a_killed_campaign_set_aside_is_taken_up),
        TEST(processes_are_shared_out_among_targets),
        TEST(turns_are_shares_of_the_time),
        TEST(a_corpus_begins_with_seeds_of_any_form),
        TEST(an_empty_corpus_gets_one_input),
        TEST(what_afl_keeps_comes_into_the_corpus_once),
        TEST(a_folder_that_cannot_be_written_is_named),
        TEST(a_folder_has_one_campaign_at_a_time),
        TEST(files_are_counted_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
