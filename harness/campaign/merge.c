// SPDX-License-Identifier: MIT
/// merge.c: a corpus without what adds nothing: the engine's own command, into a new folder that
/// then takes the place of the old one.
#include "harness/campaign/clock.h"
#include "harness/campaign/folder.h"
#include "harness/campaign/fuzzer.h"

#include <stdio.h>
#include <sys/wait.h>

#define MERGE_S 120 // at most, of one target; a corpus that takes longer stays as it is

/// A target's, under way while there is a process.
struct merge {
    struct hd_process process;
    double began;
    char into[PATH_MAX];
};

static void begin(const struct hd_campaign *campaign, const struct hd_fuzz_target *target,
                  struct merge *merge)
{
    static struct hd_fuzz_command command;
    const struct hd_fuzzer *fuzzer = campaign->options.fuzzer;
    struct hd_message why_not;
    char log[PATH_MAX];
    hd_path(merge->into, "%s.new", target->corpus);
    hd_path(log, "%s/engine/%s.merge.log", campaign->options.out, target->name);
    if (fuzzer->gather != NULL && fuzzer->gather(campaign, target, &why_not) != HD_OK) return;
    hd_folder_remove(merge->into);
    if (hd_folder_make(merge->into, &why_not) != HD_OK) return;
    command = (struct hd_fuzz_command){0};
    fuzzer->merge(campaign, target, merge->into, &command);
    merge->began = hd_campaign_now();
    (void)!hd_process_start(&merge->process, &command, log, &why_not);
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

/// Whether it is still under way.
static bool tend(const struct hd_campaign *campaign, const struct hd_fuzz_target *target,
                 struct merge *merge)
{
    int wait_status = 0;
    const bool late = hd_campaign_now() - merge->began > MERGE_S ||
                      campaign->events.enough(campaign->events.context);
    if (merge->process.pid == 0) return false;
    if (hd_process_ended(&merge->process, &wait_status)) {
        const bool whole = WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0;
        if (whole && hd_folder_count(merge->into) > 0) put_in_place(merge->into, target->corpus);
        hd_folder_remove(merge->into);
        return false;
    }
    if (!late) return true;
    hd_process_await(&merge->process, 0);
    hd_folder_remove(merge->into);
    return false;
}

void hd_campaign_merge(struct hd_campaign *campaign)
{
    static struct merge merges[HD_FUZZ_TARGETS_MAX];
    const struct timespec moment = {.tv_nsec = 20 * 1000 * 1000};
    size_t next = 0;
    size_t running = 0;
    campaign->merging = true;
    do {
        running = 0;
        for (size_t i = 0; i < next; i++)
            running += tend(campaign, &campaign->targets[i], &merges[i]);
        while (running < campaign->options.jobs && next < campaign->target_count) {
            merges[next] = (struct merge){0};
            if (campaign->targets[next].inputs > 0)
                begin(campaign, &campaign->targets[next], &merges[next]);
            running += merges[next++].process.pid != 0;
        }
        if (running > 0) (void)nanosleep(&moment, NULL);
        campaign->events.progress(campaign->events.context);
    } while (running > 0);
    campaign->merging = false;
    for (size_t i = 0; i < campaign->target_count; i++)
        campaign->targets[i].corpus_count = hd_folder_count(campaign->targets[i].corpus);
    hd_process_sweep();
}
