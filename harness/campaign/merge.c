// SPDX-License-Identifier: MIT
/// merge.c: a corpus without what adds nothing: the engine's own command, into a work folder, tells
/// what stays.
#include "harness/campaign/merge.h"

#include "harness/base/clock.h"
#include "harness/campaign/chosen.h"
#include "harness/campaign/folder.h"
#include "harness/campaign/fuzzer.h"

#include <stdio.h>
#include <sys/wait.h>

#define MERGE_S 120 // at most, of one target; a corpus that takes longer stays as it is

/// A target's, under way while there is a process.
struct merge {
    struct hd_process process;
    double began;
    char folder[PATH_MAX]; // the work folder
    char into[PATH_MAX];   // in it: where the engine puts what it chose
};

static void name_folder(const struct hd_campaign *campaign, const struct hd_fuzz_target *target,
                        char path[static PATH_MAX])
{
    hd_path(path, "%s/engine/%s.merge", campaign->options.out, target->name);
}

void hd_merge_clear(const struct hd_campaign *campaign, const struct hd_fuzz_target *target)
{
    char path[PATH_MAX];
    name_folder(campaign, target, path);
    hd_folder_remove(path);
}

static enum hd_status gather(const struct hd_campaign *campaign,
                             const struct hd_fuzz_target *target)
{
    const struct hd_fuzzer *fuzzer = campaign->options.fuzzer;
    struct hd_message why_not;
    return fuzzer->gather != NULL ? fuzzer->gather(campaign, target, &why_not) : HD_OK;
}

static void begin(const struct hd_campaign *campaign, const struct hd_fuzz_target *target,
                  struct merge *merge)
{
    static struct hd_fuzz_command command;
    struct hd_message why_not;
    char log[PATH_MAX];
    char temporary[PATH_MAX];
    name_folder(campaign, target, merge->folder);
    hd_path(log, "%s.log", merge->folder);
    hd_path(merge->into, "%s/chosen", merge->folder);
    hd_path(temporary, "%s/tmp", merge->folder);
    hd_corpus_remove_empty(target->corpus);
    hd_folder_remove(merge->folder);
    if (hd_folder_make(merge->into, &why_not) != HD_OK) return;
    if (hd_folder_make(temporary, &why_not) != HD_OK) return;
    command = (struct hd_fuzz_command){0};
    campaign->options.fuzzer->merge(campaign, target, merge->into, temporary, &command);
    merge->began = hd_now_s();
    (void)!hd_process_start(&merge->process, &command, log, &why_not);
}

/// Nothing is merged where somebody waits for the end, or where files could not be written.
static bool is_enough(const struct hd_campaign *campaign)
{
    return campaign->status != HD_OK || campaign->events.enough(campaign->events.context);
}

/// Whether it is still under way.
static bool tend(const struct hd_campaign *campaign, const struct hd_fuzz_target *target,
                 struct merge *merge)
{
    int wait_status = 0;
    const bool late = hd_now_s() - merge->began > MERGE_S || is_enough(campaign);
    if (merge->process.pid == 0) return false;
    if (hd_process_ended(&merge->process, &wait_status)) {
        const bool whole = WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0;
        if (whole) (void)hd_corpus_keep_chosen(target->corpus, merge->into);
        hd_folder_remove(merge->folder);
        return false;
    }
    if (!late) return true;
    hd_process_await(&merge->process, 0);
    hd_folder_remove(merge->folder);
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
            const struct hd_fuzz_target *target = &campaign->targets[next];
            struct merge *merge = &merges[next++];
            *merge = (struct merge){0};
            if (target->inputs > 0 && gather(campaign, target) == HD_OK && !is_enough(campaign))
                begin(campaign, target, merge);
            running += merge->process.pid != 0;
        }
        if (running > 0) (void)nanosleep(&moment, NULL);
        campaign->events.progress(campaign->events.context);
    } while (running > 0);
    campaign->merging = false;
    for (size_t i = 0; i < campaign->target_count; i++)
        campaign->targets[i].corpus_count = hd_folder_count(campaign->targets[i].corpus);
    hd_process_sweep();
}
