// SPDX-License-Identifier: MIT
/// test_campaign_death.c: a process that died in a run, by what it ran.
#include "allocators/startup.h"
#include "campaign_rig.h"
#include "harness/campaign/death.h"
#include "harness/campaign/folder.h"
#include "harness/trace/binary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct hd_campaign campaign;
static struct hd_fuzz_target target;
static struct hd_stats stats;
static struct hd_message message;

static int enter(void **state)
{
    if (rig_enter(state) != 0) return -1;
    stats = (struct hd_stats){.inputs = 5};
    campaign = (struct hd_campaign){
        .options = {
            .out = "out", .deadline_s = 5, .memory_bytes = (size_t)1 << 28, .tap = HD_TAP_OFF}};
    return hd_folder_make("out/engine", &message) == HD_OK ? 0 : -1;
}

/// A process on these allocators (of one: `other` NULL) died when it asked for a small block and a
/// large one.
static bool look_into(const char *spec, const char *other)
{
    static const struct hd_op ops[] = {{.kind = HD_OP_MALLOC, .slot = 1, .size = 8},
                                       {.kind = HD_OP_MALLOC, .slot = 2, .size = 2000}};
    bool shown;
    campaign.options.specs[0] = spec;
    campaign.options.specs[1] = other;
    campaign.options.spec_count = other != NULL ? 2 : 1;
    target = (struct hd_fuzz_target){.spec = other != NULL ? NULL : spec, .name = "mine"};
    for (size_t i = 0; i < 2; i++)
        hd_binary_encode(&ops[i], stats.input.bytes + i * HD_RECORD_SIZE);
    stats.input.size = 2 * HD_RECORD_SIZE;
    hd_stats_count_death(&stats);
    if (hd_death_look_into(&campaign, &target, &stats, &shown, &message) != HD_OK)
        fail_msg("%s", message.text);
    return shown;
}

#define FOUND "out/exits.so-progress-malloc-exit-in-call.trace"

static void what_it_ran_is_the_finding(void **state)
{
    (void)state;
    assert_true(look_into(FIXTURES "exits.so", NULL));
    assert_non_null(strstr(rig_read(FOUND), "2 = malloc 2000\n# " FIXTURES
                                            "exits.so: progress/malloc/exit-in-call at step 2: "));
    assert_int_equal(stats.findings, 1);
    assert_int_equal(stats.first_inputs, 5);
    assert_string_equal(stats.first_signature, "progress/malloc/exit-in-call");
    assert_false(rig_exists("out/engine/mine.died.bin"));

    rig_write(FOUND, "of before");
    assert_true(look_into(FIXTURES "exits.so", NULL));
    assert_string_equal(rig_read(FOUND), "of before");
}

static void of_several_allocators_it_is_the_one_that_ends(void **state)
{
    (void)state;
    assert_true(look_into(FIXTURES "correct.so", FIXTURES "exits.so"));
    assert_true(rig_exists(FOUND));
    assert_int_equal(stats.findings, 1);
}

static void what_shows_nothing_is_kept_and_no_finding(void **state)
{
    (void)state;
    assert_false(look_into(FIXTURES "correct.so", NULL));
    assert_int_equal(stats.findings, 0);
    assert_int_equal(hd_folder_count("out"), 0);
    assert_true(rig_exists("out/engine/mine.died.bin"));
    assert_int_equal(hd_death_complain(&campaign, &target, &message), HD_UNAVAILABLE);
    assert_non_null(strstr(message.text, "kept as out/engine/mine.died.bin"));
}

static void a_size_that_cannot_be_is_cut(void **state)
{
    (void)state;
    bool shown;
    target = (struct hd_fuzz_target){.spec = FIXTURES "correct.so", .name = "mine"};
    campaign.options.specs[0] = target.spec;
    campaign.options.spec_count = 1;
    stats.died.size = UINT64_MAX; // the allocator wrote over it
    assert_int_equal(hd_death_look_into(&campaign, &target, &stats, &shown, &message), HD_OK);
    assert_false(shown);
}

int main(int argc, char **argv)
{
    (void)argc;
    hd_runner_serve(argv);
    hd_startup(argv);
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, rig_leave)
        TEST(what_it_ran_is_the_finding),
        TEST(of_several_allocators_it_is_the_one_that_ends),
        TEST(what_shows_nothing_is_kept_and_no_finding),
        TEST(a_size_that_cannot_be_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
