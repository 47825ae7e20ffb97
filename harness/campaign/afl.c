// SPDX-License-Identifier: MIT
/// afl.c: AFL++: a main instance and secondary ones, which exchange what they find in a folder.
///
/// A finding does not end afl-fuzz: it starts the target again itself. What it keeps, in a folder
/// of its own, is gathered into the corpus at the end; where a campaign was killed before that the
/// next one takes it up (AFL_AUTORESUME).
#include "harness/campaign/folder.h"
#include "harness/campaign/fuzzer.h"
#include "harness/campaign/gather.h"
#include "harness/campaign/log.h"

#include <signal.h>
#include <stdio.h>

/// Its time limit lies past the target's deadline: a hang is to be reported.
static unsigned deadline_ms(const struct hd_campaign *campaign)
{
    return (campaign->options.deadline_s * 2 + 10) * 1000;
}

/// `main`, `second1`, ...
static void name_instance(const struct hd_worker *worker, char name[static 32])
{
    if (worker->number == 0)
        (void)snprintf(name, 32, "main");
    else
        (void)snprintf(name, 32, "second%u", worker->number);
}

/// It is not to ask about this machine, nor to draw. Each instance and its process share a
/// processor of their own if there is one left: they run in turn, and to wake each other on another
/// one takes longer than most inputs.
static void set_environment(struct hd_fuzz_command *command)
{
    static const char *const switches[] = {"AFL_NO_UI",
                                           "AFL_TRY_AFFINITY",
                                           "AFL_SKIP_CPUFREQ",
                                           "AFL_AUTORESUME",
                                           "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES",
                                           "AFL_FORKSRV_INIT_TMOUT"};
    for (size_t i = 0; i + 1 < sizeof switches / sizeof switches[0]; i++)
        hd_fuzz_command_set(command, "%s=1", switches[i]);
    hd_fuzz_command_set(command, "%s=30000", switches[5]); // to load six allocators takes a while
}

static void start(const struct hd_campaign *campaign, const struct hd_fuzz_target *target,
                  const struct hd_worker *worker, struct hd_fuzz_command *command)
{
    const struct hd_campaign_options *options = &campaign->options;
    char instance[32];
    name_instance(worker, instance);
    set_environment(command);
    hd_fuzz_command_set(command, "AFL_TMPDIR=%s/engine/%s.tmp", options->out, worker->name);
    if (!options->mutates_bytes && *campaign->programs.mutator != '\0')
        hd_fuzz_command_set(command, "AFL_CUSTOM_MUTATOR_LIBRARY=%s", campaign->programs.mutator);
    hd_fuzz_command_add(command, "afl-fuzz");
    hd_fuzz_command_add(command, "-i%s", target->corpus);
    hd_fuzz_command_add(command, "-o%s/engine/%s.afl", options->out, target->name);
    hd_fuzz_command_add(command, "-%c%s", worker->number == 0 ? 'M' : 'S', instance);
    hd_fuzz_command_add(command, "-G%d", HD_FUZZ_INPUT_BYTES_MAX);
    hd_fuzz_command_add(command, "-t%u", deadline_ms(campaign));
    hd_fuzz_command_add(command, "-mnone");
    if (options->seed != 0)
        hd_fuzz_command_add(command, "-s%u",
                            options->seed + worker->number + HD_WORKERS_MAX * worker->starts);
    hd_fuzzer_add_words(campaign, command);
    hd_fuzz_command_add(command, "--");
    hd_fuzz_command_add(command, "%s", hd_fuzzer_program(campaign, target));
    hd_fuzzer_add_options(campaign, target, worker, command);
}

static void read_stats(const struct hd_campaign *campaign, const struct hd_fuzz_target *target,
                       const struct hd_worker *worker, struct hd_reading *reading)
{
    char instance[32];
    char path[PATH_MAX];
    char text[HD_LOG_END_MAX];
    name_instance(worker, instance);
    hd_path(path, "%s/engine/%s.afl/%s/fuzzer_stats", campaign->options.out, target->name,
            instance);
    hd_log_end(path, text);
    hd_log_afl(text, reading);
}

/// What all instances keep goes into the corpus, and their folder away.
static enum hd_status gather(const struct hd_campaign *campaign,
                             const struct hd_fuzz_target *target, struct hd_message *message)
{
    char folder[PATH_MAX];
    hd_path(folder, "%s/engine/%s.afl", campaign->options.out, target->name);
    return hd_gather_queues(folder, target->corpus, message);
}

static void merge(const struct hd_campaign *campaign, const struct hd_fuzz_target *target,
                  const char *into, const char *temporary, struct hd_fuzz_command *command)
{
    hd_fuzz_command_set(command, "TMPDIR=%s", temporary);
    set_environment(command);
    hd_fuzz_command_set(command, "AFL_ALLOW_TMP=1");
    hd_fuzz_command_add(command, "afl-cmin");
    hd_fuzz_command_add(command, "-i");
    hd_fuzz_command_add(command, "%s", target->corpus);
    hd_fuzz_command_add(command, "-o");
    hd_fuzz_command_add(command, "%s", into);
    hd_fuzz_command_add(command, "-t");
    hd_fuzz_command_add(command, "%u", deadline_ms(campaign));
    hd_fuzz_command_add(command, "-m");
    hd_fuzz_command_add(command, "none");
    hd_fuzz_command_add(command, "--");
    hd_fuzz_command_add(command, "%s", hd_fuzzer_program(campaign, target));
    hd_fuzzer_add_options(campaign, target, NULL, command);
}

const struct hd_fuzzer hd_fuzzer_afl = {
    .name = "afl",
    .title = "AFL++",
    .prefix = "afl",
    .preset = "afl",
    .stop_signal = SIGINT,
    .wants_folder = true,
    .start = start,
    .read = read_stats,
    .gather = gather,
    .merge = merge,
};
