// SPDX-License-Identifier: MIT
/// test_campaign_merge.c: a corpus keeps what an engine chose of it, and loses nothing where the
/// engine failed; a shell script in place of the engine.
#include "campaign_rig.h"
#include "harness/campaign/folder.h"
#include "harness/campaign/fuzzer.h"
#include "harness/campaign/merge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct hd_campaign campaign;
static const char *script; // of the merge; it runs in the folder that is to hold the choice
static unsigned gathered;
static bool interrupted;

// ---------------------------------------------------------------------------- in place of others

static enum hd_status gather(const struct hd_campaign *of, const struct hd_fuzz_target *target,
                             struct hd_message *message)
{
    (void)of;
    (void)target;
    (void)message;
    gathered++;
    return HD_OK;
}

static void merge(const struct hd_campaign *of, const struct hd_fuzz_target *target,
                  const char *into, const char *temporary, struct hd_fuzz_command *command)
{
    (void)of;
    (void)temporary;
    (void)target;
    hd_fuzz_command_add(command, "sh");
    hd_fuzz_command_add(command, "-c");
    hd_fuzz_command_add(command, "echo started >>merges; cd %s; from=../../../../c/mine; %s", into,
                        script);
}

static const struct hd_fuzzer engine = {.name = "script", .gather = gather, .merge = merge};

static bool enough(void *context)
{
    (void)context;
    return interrupted;
}

static void nothing(void *context)
{
    (void)context;
}

static int enter(void **state)
{
    struct hd_message message;
    if (rig_enter(state) != 0) return -1;
    gathered = 0;
    interrupted = false;
    campaign = (struct hd_campaign){.options = {.fuzzer = &engine, .out = "out", .jobs = 1},
                                    .events = {.enough = enough, .progress = nothing},
                                    .target_count = 1};
    struct hd_fuzz_target *target = &campaign.targets[0];
    *target = (struct hd_fuzz_target){.name = "mine", .corpus = "c/mine", .inputs = 1};
    if (hd_folder_make("out/engine", &message) != HD_OK) return -1;
    return hd_folder_make(target->corpus, &message) == HD_OK ? 0 : -1;
}

static void merge_by(const char *what)
{
    script = what;
    hd_campaign_merge(&campaign);
}

static void write_four(void)
{
    rig_write("c/mine/a", "aaaa");
    rig_write("c/mine/b", "bbbb");
    rig_write("c/mine/c", "cccc");
    rig_write("c/mine/d", "dddd");
}

// ---------------------------------------------------------------------------- what stays

static void what_was_chosen_stays_under_its_name(void **state)
{
    (void)state;
    write_four();
    rig_write("c/mine/same", "bbbb");
    merge_by("cp $from/b 0123; cp $from/d 4567");
    assert_int_equal(hd_folder_count("c/mine"), 2);
    assert_true(rig_exists("c/mine/b") != rig_exists("c/mine/same"));
    assert_string_equal(rig_read("c/mine/d"), "dddd");
    assert_int_equal(campaign.targets[0].corpus_count, 2);
    assert_false(rig_exists("out/engine/mine.merge"));
}

static const struct {
    const char *name;
    const char *script;
} failures[] = {
    {"a file without a byte", "cp $from/a 1; : >2"},
    {"all of them without a byte", ": >1; : >2"},
    {"a file cut short", "cp $from/a 1; printf bbb >2"},
    {"of a size, and not the same", "cp $from/a 1; printf bbbx >2"},
    {"nothing", ":"},
    {"a merge that failed", "cp $from/a 1; exit 1"},
    {"a merge that was killed", "cp $from/a 1; kill -KILL $$"},
};

static void a_choice_that_is_not_whole_changes_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++) {
        write_four();
        merge_by(failures[i].script);
        if (hd_folder_count("c/mine") != 4 || strcmp(rig_read("c/mine/b"), "bbbb") != 0)
            fail_msg("%s", failures[i].name);
        assert_false(rig_exists("out/engine/mine.merge"));
    }
}

static void an_input_without_a_byte_is_left_out(void **state)
{
    (void)state;
    write_four();
    rig_write("c/mine/e", "");
    merge_by("cp $from/* .");
    assert_int_equal(hd_folder_count("c/mine"), 4);
    assert_false(rig_exists("c/mine/e"));
}

/// An engine that reads and writes so much of an input and no more chose that one.
static void what_is_longer_than_an_engine_reads_stays(void **state)
{
    (void)state;
    static char text[HD_FUZZ_INPUT_BYTES_MAX + 2];
    write_four();
    memset(text, 'x', sizeof text - 1);
    rig_write("c/mine/long", text);
    merge_by("cp $from/a 1; head -c 4096 $from/long >2");
    assert_int_equal(hd_folder_count("c/mine"), 2);
    assert_true(rig_exists("c/mine/a"));
    assert_string_equal(rig_read("c/mine/long"), text);
}

// ---------------------------------------------------------------------------- other folders

/// They may be other targets' corpora, or of a campaign that was killed.
static void folders_with_names_like_its_own_are_left_alone(void **state)
{
    (void)state;
    static const char *const others[] = {"c/mine.new", "c/mine.old", "c/mine.merge"};
    struct hd_message message;
    char path[64];
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(hd_folder_make(others[i], &message), HD_OK);
        (void)snprintf(path, sizeof path, "%s/input", others[i]);
        rig_write(path, "its own");
    }
    write_four();
    merge_by("cp $from/a 1");
    assert_int_equal(hd_folder_count("c/mine"), 1);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(hd_folder_count(others[i]), 1);
}

static void what_a_killed_merge_left_is_removed(void **state)
{
    (void)state;
    struct hd_message message;
    write_four();
    assert_int_equal(hd_folder_make("out/engine/mine.merge", &message), HD_OK);
    rig_write("out/engine/mine.merge/left", "aaaa");
    merge_by("cp $from/b 1");
    assert_int_equal(hd_folder_count("c/mine"), 1);
    assert_true(rig_exists("c/mine/b"));

    assert_int_equal(hd_folder_make("out/engine/mine.merge", &message), HD_OK);
    hd_merge_clear(&campaign, &campaign.targets[0]);
    assert_false(rig_exists("out/engine/mine.merge"));
}

// ---------------------------------------------------------------------------- when

static void after_a_ctrl_c_it_gathers_and_no_more(void **state)
{
    (void)state;
    write_four();
    interrupted = true;
    merge_by("cp $from/a 1");
    assert_int_equal(gathered, 1);
    assert_false(rig_exists("merges"));
    assert_int_equal(campaign.targets[0].corpus_count, 4);
}

static void a_campaign_that_failed_merges_nothing(void **state)
{
    (void)state;
    write_four();
    campaign.status = HD_UNAVAILABLE;
    merge_by("cp $from/a 1");
    assert_int_equal(gathered, 1);
    assert_false(rig_exists("merges"));
    assert_int_equal(hd_folder_count("c/mine"), 4);
}

int main(void)
{
    hd_process_adopt();
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, rig_leave)
        TEST(what_was_chosen_stays_under_its_name),
        TEST(a_choice_that_is_not_whole_changes_nothing),
        TEST(an_input_without_a_byte_is_left_out),
        TEST(what_is_longer_than_an_engine_reads_stays),
        TEST(folders_with_names_like_its_own_are_left_alone),
        TEST(what_a_killed_merge_left_is_removed),
        TEST(after_a_ctrl_c_it_gathers_and_no_more),
        TEST(a_campaign_that_failed_merges_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
