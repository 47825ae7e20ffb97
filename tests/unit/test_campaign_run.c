// SPDX-License-Identifier: MIT
/// test_campaign_run.c: a campaign whose engine is a script, which counts in the statistics.
#include "campaign_rig.h"
#include "harness/campaign/fuzzer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cmocka.h>

static struct hd_campaign campaign;
static struct hd_message message;

static bool has_counted(void *context)
{
    (void)context;
    const struct hd_worker *workers = campaign.targets[0].workers;
    return workers[0].stats != NULL && workers[0].stats->inputs > 0;
}

static void progress(void *context)
{
    (void)context;
}

static void found(void *context, const struct hd_campaign_finding *finding)
{
    (void)context;
    (void)finding;
}

/// Writes the byte 1 over the first of these numbers, and then over `inputs`.
static void write_engine(size_t offset, const char *more)
{
    char script[1024];
    (void)snprintf(script, sizeof script,
                   "#!/bin/sh\n"
                   "for word; do case $word in --stats=*) file=${word#--stats=} ;; esac; done\n"
                   "put() { printf '\\001' | dd of=\"$file\" bs=1 seek=$1 conv=notrunc; }\n"
                   "%s\nput %zu\nput %zu\nexec sleep 1000\n",
                   more, offset, offsetof(struct hd_stats, inputs));
    rig_write("fuzz_allocator", script);
    assert_int_equal(chmod("fuzz_allocator", 0777), 0);
}

static enum hd_status run(void)
{
    struct hd_campaign_options options = HD_CAMPAIGN_DEFAULT;
    options.out = "out";
    options.corpus = "corpus";
    options.specs[0] = "glibc";
    options.spec_count = 1;
    assert_int_equal(setenv("HEAPDUEL_ENGINES", ".", 1), 0);
    assert_int_equal(hd_campaign_open(&campaign, &options, &message), HD_OK);
    campaign.events =
        (struct hd_campaign_events){.enough = has_counted, .progress = progress, .found = found};
    const enum hd_status status = hd_campaign_run(&campaign, &message);
    hd_campaign_close(&campaign);
    return status;
}

static void where_nothing_was_counted_nothing_was_found(void **state)
{
    (void)state;
    write_engine(offsetof(struct hd_stats, operations), "");
    assert_int_equal(run(), HD_OK);
}

static void a_finding_that_was_counted_and_is_not_there_is_said(void **state)
{
    (void)state;
    write_engine(offsetof(struct hd_stats, findings), "");
    assert_int_equal(run(), HD_UNAVAILABLE);
    assert_string_equal(message.text,
                        "glibc: findings were counted (1), and no trace of them is in out");
}

static void one_that_is_there_is_found(void **state)
{
    (void)state;
    write_engine(offsetof(struct hd_stats, findings),
                 "echo 'heapduel-trace 1' >out/glibc-zero-calloc-not-zero.trace");
    assert_int_equal(run(), HD_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_enter, rig_leave)
        TEST(where_nothing_was_counted_nothing_was_found),
        TEST(a_finding_that_was_counted_and_is_not_there_is_said),
        TEST(one_that_is_there_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
