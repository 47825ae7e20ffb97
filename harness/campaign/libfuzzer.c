// SPDX-License-Identifier: MIT
/// libfuzzer.c: libFuzzer: a process a worker, all of them over one corpus folder.
///
/// Each reads what the others have put there (-reload, once a second). libFuzzer's own -fork does
/// the same with a parent that copies inputs to and fro and waits for whole rounds; it also reads
/// what its children print of a crash, and ours, which keep their findings themselves, print none.
#include "harness/campaign/fuzzer.h"
#include "harness/campaign/log.h"

#include <signal.h>
#include <stdio.h>

#define ENGINE_DEADLINE_S 60 // past the target's own: for the engine's own work

// libFuzzer ends a process that has more resident. Past an allocator's memory limit there is what
// allocators leak over many inputs.
#define RESIDENT_MIB_MAX 8192

static void add_settings(const struct hd_campaign *campaign, struct hd_fuzz_command *command)
{
    hd_fuzz_command_add(command, "-max_len=%d", HD_FUZZ_INPUT_BYTES_MAX);
    hd_fuzz_command_add(command, "-len_control=0");
    // Inputs that fill many MiB take a hundred times as long as others: the fewer, the more is run.
    hd_fuzz_command_add(command, "-entropic_scale_per_exec_time=1");
    hd_fuzz_command_add(command, "-timeout=%u", campaign->options.deadline_s + ENGINE_DEADLINE_S);
    hd_fuzz_command_add(command, "-rss_limit_mb=%d", RESIDENT_MIB_MAX);
}

static void start(const struct hd_campaign *campaign, const struct hd_fuzz_target *target,
                  const struct hd_worker *worker, struct hd_fuzz_command *command)
{
    const struct hd_campaign_options *options = &campaign->options;
    hd_fuzz_command_add(command, "%s", hd_fuzzer_program(campaign, target));
    hd_fuzzer_add_options(campaign, target, worker, command);
    add_settings(campaign, command);
    hd_fuzz_command_add(command, "-artifact_prefix=%s/engine/%s-", options->out, worker->name);
    if (options->seed != 0) // another one each time, or it would do the same again
        hd_fuzz_command_add(command, "-seed=%u",
                            options->seed + worker->number + HD_WORKERS_MAX * worker->starts);
    hd_fuzzer_add_words(campaign, command);
    hd_fuzz_command_add(command, "%s", target->corpus);
}

static void read_log(const struct hd_campaign *campaign, const struct hd_fuzz_target *target,
                     const struct hd_worker *worker, struct hd_reading *reading)
{
    (void)campaign;
    (void)target;
    char text[HD_LOG_END_MAX];
    hd_log_end(worker->log, text);
    hd_log_libfuzzer(text, reading);
}

static void merge(const struct hd_campaign *campaign, const struct hd_fuzz_target *target,
                  const char *into, const char *temporary, struct hd_fuzz_command *command)
{
    hd_fuzz_command_set(command, "TMPDIR=%s", temporary);
    hd_fuzz_command_add(command, "%s", hd_fuzzer_program(campaign, target));
    hd_fuzzer_add_options(campaign, target, NULL, command);
    add_settings(campaign, command);
    hd_fuzz_command_add(command, "-artifact_prefix=%s/engine/%s-", campaign->options.out,
                        target->name);
    hd_fuzz_command_add(command, "-merge=1");
    hd_fuzz_command_add(command, "%s", into);
    hd_fuzz_command_add(command, "%s", target->corpus);
}

const struct hd_fuzzer hd_fuzzer_libfuzzer = {
    .name = "libfuzzer",
    .title = "libFuzzer",
    .prefix = "fuzz",
    .preset = "libfuzzer",
    .stop_signal = SIGINT,
    .start = start,
    .read = read_log,
    .merge = merge,
};
