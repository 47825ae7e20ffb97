// SPDX-License-Identifier: MIT
/// fuzzer.c: what the engines have in common.
#include "harness/campaign/fuzzer.h"

#include <stdio.h>
#include <string.h>

const struct hd_fuzzer *hd_fuzzer_find(const char *name)
{
    static const struct hd_fuzzer *const fuzzers[] = {&hd_fuzzer_libfuzzer, &hd_fuzzer_afl};
    for (size_t i = 0; i < sizeof fuzzers / sizeof fuzzers[0]; i++)
        if (strcmp(fuzzers[i]->name, name) == 0) return fuzzers[i];
    return NULL;
}

const char *hd_fuzzer_program(const struct hd_campaign *campaign,
                              const struct hd_fuzz_target *target)
{
    return target->spec != NULL ? campaign->programs.allocator : campaign->programs.differential;
}

/// --allocator=A, or --allocator=A,B,... of all.
static void add_allocators(const struct hd_campaign *campaign, const struct hd_fuzz_target *target,
                           struct hd_fuzz_command *command)
{
    const struct hd_campaign_options *options = &campaign->options;
    static char list[HD_CONTESTANTS_MAX * HD_SPEC_BYTES_MAX];
    if (target->spec != NULL) {
        hd_fuzz_command_add(command, "--allocator=%s", target->spec);
        return;
    }
    size_t used = 0;
    for (size_t i = 0; i < options->spec_count; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? "," : "",
                                 options->specs[i]);
    hd_fuzz_command_add(command, "--allocator=%s", list);
}

void hd_fuzzer_add_options(const struct hd_campaign *campaign, const struct hd_fuzz_target *target,
                           const struct hd_worker *worker, struct hd_fuzz_command *command)
{
    const struct hd_campaign_options *options = &campaign->options;
    add_allocators(campaign, target, command);
    hd_fuzz_command_add(command, "--findings=%s", options->out);
    if (worker != NULL)
        hd_fuzz_command_add(command, "--stats=%s/engine/%s.stats", options->out, worker->name);
    hd_fuzz_command_add(command, "--memory-limit=%zu", options->memory_bytes >> 20);
    hd_fuzz_command_add(command, "--deadline=%u", options->deadline_s);
    if (options->tap != HD_TAP_AUTO)
        hd_fuzz_command_add(command, "--tap=%s", hd_tap_names[options->tap]);
    if (*target->policy != '\0') hd_fuzz_command_add(command, "--policy=%s", target->policy);
    if (options->mutates_bytes) hd_fuzz_command_add(command, "--mutator=bytes");
    if (options->fresh != NULL) hd_fuzz_command_add(command, "--fresh=%s", options->fresh);
    hd_fuzz_command_add(command, "--go-on");
}

void hd_fuzzer_add_words(const struct hd_campaign *campaign, struct hd_fuzz_command *command)
{
    for (size_t i = 0; i < campaign->options.engine_word_count; i++)
        hd_fuzz_command_add(command, "%s", campaign->options.engine_words[i]);
}
