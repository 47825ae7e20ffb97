// SPDX-License-Identifier: MIT
/// merge.c: a corpus without what adds nothing.
#include "harness/campaign/clock.h"
#include "harness/campaign/folder.h"
#include "harness/campaign/fuzzer.h"

#include <stdio.h>
#include <sys/wait.h>

#define MERGE_S 120 // at most; a corpus that takes longer stays as it is

/// Runs the engine's own command, until the caller has enough. Whether it came to its end.
static bool run(const struct hd_campaign *campaign, const struct hd_fuzz_command *command,
                const char *log)
{
    struct hd_process process = {0};
    struct hd_message why_not;
    const struct timespec moment = {.tv_nsec = 20 * 1000 * 1000};
    const double begin = hd_campaign_now();
    if (hd_process_start(&process, command, log, &why_not) != HD_OK) return false;
    int wait_status = 0;
    while (!hd_process_ended(&process, &wait_status)) {
        (void)nanosleep(&moment, NULL);
        campaign->events.progress(campaign->events.context);
        if (hd_campaign_now() - begin < MERGE_S &&
            !campaign->events.enough(campaign->events.context))
            continue;
        hd_process_await(&process, 0);
        return false;
    }
    return WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0;
}

/// The new corpus takes the place of the old one.
static void put_in_place(const char *into, const char *corpus)
{
    char old[PATH_MAX];
    hd_path(old, "%s.old", corpus);
    if (rename(corpus, old) != 0) return;
    if (rename(into, corpus) == 0)
        hd_folder_remove(old);
    else
        (void)rename(old, corpus);
}

static void merge(const struct hd_campaign *campaign, struct hd_fuzz_target *target)
{
    static struct hd_fuzz_command command;
    const struct hd_fuzzer *fuzzer = campaign->options.fuzzer;
    struct hd_message why_not;
    char into[PATH_MAX];
    char log[PATH_MAX];
    if (fuzzer->gather != NULL && fuzzer->gather(campaign, target, &why_not) != HD_OK) return;
    hd_path(into, "%s.new", target->corpus);
    hd_path(log, "%s/engine/%s.merge.log", campaign->options.out, target->name);
    hd_folder_remove(into);
    if (hd_folder_make(into, &why_not) != HD_OK) return;
    command = (struct hd_fuzz_command){0};
    fuzzer->merge(campaign, target, into, &command);
    if (run(campaign, &command, log) && hd_folder_count(into) > 0)
        put_in_place(into, target->corpus);
    hd_folder_remove(into);
}

void hd_campaign_merge(struct hd_campaign *campaign)
{
    for (size_t i = 0; i < campaign->target_count; i++) {
        struct hd_fuzz_target *target = &campaign->targets[i];
        if (target->inputs > 0) merge(campaign, target);
        target->corpus_count = hd_folder_count(target->corpus);
    }
    hd_process_sweep();
}
