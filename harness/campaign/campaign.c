// SPDX-License-Identifier: MIT
/// campaign.c: opening one, and the loop.
#include "harness/campaign/campaign.h"

#include "allocators/known.h"
#include "allocators/policy_file.h"
#include "harness/base/clock.h"
#include "harness/campaign/aside.h"
#include "harness/campaign/collect.h"
#include "harness/campaign/death.h"
#include "harness/campaign/folder.h"
#include "harness/campaign/fuzzer.h"
#include "harness/campaign/gather.h"
#include "harness/campaign/merge.h"
#include "harness/campaign/triage.h"
#include "harness/campaign/turns.h"
#include "harness/campaign/worker.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define FINDING_BYTES_MAX ((size_t)1 << 34) // of address space
#define PAUSE_NS          (50 * 1000 * 1000)
#define SCAN_S            0.25

// ---------------------------------------------------------------------------- targets

/// A policy that is not the allocator's own, for the fuzz target to read.
static enum hd_status write_policy(const struct hd_campaign *campaign,
                                   struct hd_fuzz_target *target,
                                   const struct hd_held_policy *policy,
                                   struct hd_message *message)
{
    hd_path(target->policy, "%s/engine/%s.policy", campaign->options.out, target->name);
    return hd_policy_file_write(target->policy, policy, message);
}

static enum hd_status make_corpus(const struct hd_campaign *campaign, struct hd_fuzz_target *target,
                                  struct hd_message *message)
{
    const struct hd_campaign_options *options = &campaign->options;
    hd_path(target->corpus, "%s/%s", options->corpus, target->name);
    enum hd_status status = hd_folder_make(target->corpus, message);
    if (status == HD_OK) status = hd_folder_lock(target->corpus, &target->lock, message);
    if (status == HD_OK) hd_merge_clear(campaign, target);
    if (status == HD_OK && options->seeds != NULL)
        status = hd_gather_seeds(options->seeds, target->corpus, message);
    return status == HD_OK ? hd_gather_first(target->corpus, message) : status;
}

static void place_workers(const struct hd_campaign *campaign, struct hd_fuzz_target *target)
{
    for (unsigned i = 0; i < target->worker_count; i++) {
        struct hd_worker *worker = &target->workers[i];
        worker->number = i;
        (void)snprintf(worker->name, sizeof worker->name, "%s-%u", target->name, i + 1);
        hd_path(worker->log, "%s/engine/%s.log", campaign->options.out, worker->name);
    }
}

/// `spec` NULL: all against each other.
static enum hd_status add_target(struct hd_campaign *campaign, const char *spec,
                                 const struct hd_held_policy *policy, struct hd_message *message)
{
    struct hd_fuzz_target *target = &campaign->targets[campaign->target_count];
    *target = (struct hd_fuzz_target){.spec = spec, .lock = -1};
    hd_finding_name(spec != NULL ? spec : HD_FINDING_DIFFERENTIAL, target->name);
    for (size_t i = 0; i < campaign->target_count; i++)
        if (strcmp(campaign->targets[i].name, target->name) == 0)
            return hd_fail(message, HD_BAD_INPUT,
                           "%.180s and %.180s: their findings would have the same names; fuzz them "
                           "with an --out of its own each",
                           campaign->targets[i].spec, spec != NULL ? spec : "--differential");
    enum hd_status status = make_corpus(campaign, target, message);
    if (status == HD_OK && policy != NULL) status = write_policy(campaign, target, policy, message);
    campaign->target_count++;
    return status;
}

static enum hd_status add_targets(struct hd_campaign *campaign, struct hd_message *message)
{
    const struct hd_campaign_options *options = &campaign->options;
    enum hd_status status = HD_OK;
    for (size_t i = 0; status == HD_OK && i < options->spec_count; i++)
        status = add_target(campaign, options->specs[i], options->held[i], message);
    if (status == HD_OK && options->differential)
        status = add_target(campaign, NULL, NULL, message);
    if (status != HD_OK) return status;
    hd_turns_share(campaign);
    for (size_t i = 0; i < campaign->target_count; i++) {
        struct hd_fuzz_target *target = &campaign->targets[i];
        target->workers = calloc(target->worker_count, sizeof *target->workers);
        if (target->workers == NULL) return hd_fail(message, HD_UNAVAILABLE, "out of memory");
        place_workers(campaign, target);
    }
    return HD_OK;
}

// ---------------------------------------------------------------------------- open and close

enum hd_status hd_campaign_open(struct hd_campaign *campaign,
                                const struct hd_campaign_options *options,
                                struct hd_message *message)
{
    char engine[PATH_MAX];
    *campaign = (struct hd_campaign){.options = *options, .lock = -1};
    hd_arena_open(&campaign->finding_memory, FINDING_BYTES_MAX);
    enum hd_status status = hd_programs_find(options->fuzzer, &campaign->programs, message);
    if (status == HD_OK) status = hd_folder_make(options->out, message);
    if (status == HD_OK) {
        hd_path(engine, "%s/engine", options->out);
        status = hd_folder_make(engine, message);
    }
    if (status == HD_OK) status = hd_folder_lock(engine, &campaign->lock, message);
    if (status == HD_OK) hd_finding_take_up(options->out);
    if (status == HD_OK) status = add_targets(campaign, message);
    hd_process_adopt();
    return status;
}

void hd_campaign_add(struct hd_campaign *campaign, const struct hd_campaign_finding *finding)
{
    struct stat info;
    struct hd_campaign_finding *added = hd_arena_take(&campaign->finding_memory, sizeof *added,
                                                      _Alignof(struct hd_campaign_finding));
    *added = *finding;
    if (campaign->finding_count++ == 0) campaign->findings = added;
    if (stat(finding->path, &info) == 0) added->seen_at = info.st_mtim;
}

void hd_campaign_close(struct hd_campaign *campaign)
{
    for (size_t i = 0; i < campaign->target_count; i++) {
        struct hd_fuzz_target *target = &campaign->targets[i];
        for (unsigned j = 0; target->workers != NULL && j < target->worker_count; j++)
            if (target->workers[j].stats != NULL)
                (void)munmap(target->workers[j].stats, sizeof *target->workers[j].stats);
        free(target->workers);
        if (target->lock >= 0) (void)close(target->lock);
    }
    if (campaign->lock >= 0) (void)close(campaign->lock);
    hd_arena_close(&campaign->finding_memory);
}

// ---------------------------------------------------------------------------- questions

size_t hd_campaign_found(const struct hd_campaign *campaign)
{
    size_t count = 0;
    for (size_t i = 0; i < campaign->finding_count; i++)
        count += campaign->findings[i].found;
    return count;
}

size_t hd_campaign_new(const struct hd_campaign *campaign)
{
    size_t count = 0;
    for (size_t i = 0; i < campaign->finding_count; i++)
        count += !campaign->findings[i].known;
    return count;
}

double hd_campaign_elapsed(const struct hd_campaign *campaign)
{
    return hd_now_s() - campaign->began;
}

// ---------------------------------------------------------------------------- the loop

static bool is_interrupted(const struct hd_campaign *campaign)
{
    return campaign->events.enough(campaign->events.context);
}

/// New findings of which no better trace is waited for.
static size_t settled_count(const struct hd_campaign *campaign)
{
    size_t count = 0;
    for (size_t i = 0; i < campaign->finding_count; i++)
        count += !campaign->findings[i].known && hd_finding_is_settled(&campaign->findings[i]);
    return count;
}

/// Whether nothing is to be started any more.
static bool is_over(const struct hd_campaign *campaign)
{
    const struct hd_campaign_options *options = &campaign->options;
    if (options->time > 0 && hd_campaign_elapsed(campaign) >= options->time) return true;
    if (options->stop_after > 0 && settled_count(campaign) >= options->stop_after) return true;
    return campaign->status != HD_OK || is_interrupted(campaign);
}

/// What is to be done often, whatever else goes on.
static void tend(struct hd_campaign *campaign)
{
    if (campaign->over) return;
    const double now = hd_now_s();
    if (now - campaign->last_scan >= SCAN_S) {
        hd_collect(campaign);
        campaign->last_scan = now;
    }
    if (!is_over(campaign)) campaign->status = hd_turns_tend(campaign, &campaign->message);
    if (is_over(campaign)) {
        hd_turns_end(campaign);
        hd_collect(campaign);
        campaign->over = true;
    }
}

/// Between the trials of a triage.
static bool tend_in_triage(void *context)
{
    struct hd_campaign *campaign = context;
    tend(campaign);
    campaign->events.progress(campaign->events.context);
    return is_interrupted(campaign);
}

static struct hd_campaign_finding *next_to_triage(const struct hd_campaign *campaign)
{
    for (size_t i = 0; i < campaign->finding_count; i++)
        if (!campaign->findings[i].known && !campaign->findings[i].tried)
            return &campaign->findings[i];
    return NULL;
}

/// One of the findings that wait for it; false: none does.
static bool triage_one(struct hd_campaign *campaign)
{
    struct hd_campaign_finding *finding = next_to_triage(campaign);
    struct hd_message message;
    if (finding == NULL || is_interrupted(campaign)) return false;
    campaign->triaging = true;
    const enum hd_status status = hd_triage(campaign, finding, tend_in_triage, campaign, &message);
    campaign->triaging = false;
    finding->tried = finding->replay != HD_REPLAY_NOT_YET || status != HD_OK;
    finding->attempts += finding->tried;
    if (hd_finding_is_settled(finding))
        campaign->events.found(campaign->events.context, finding);
    else if (finding->tried && !campaign->over)
        hd_finding_set_aside(finding);
    if (status != HD_OK && campaign->status == HD_OK) {
        campaign->status = status;
        campaign->message = message;
    }
    return true;
}

/// What its processes say they found; of findings known before, too.
static uint64_t counted(const struct hd_fuzz_target *target)
{
    uint64_t count = 0;
    for (unsigned i = 0; i < target->worker_count; i++)
        if (target->workers[i].stats != NULL) count += target->workers[i].stats->findings;
    return count;
}

/// Whether it can be that nothing was found, where nothing was.
static enum hd_status doubt(const struct hd_campaign *campaign, struct hd_message *message)
{
    for (size_t i = 0; i < campaign->target_count; i++) {
        const struct hd_fuzz_target *target = &campaign->targets[i];
        if (target->deaths > 0) return hd_death_complain(campaign, target, message);
        if (counted(target) > 0)
            return hd_fail(message, HD_UNAVAILABLE,
                           "%.100s: findings were counted (%" PRIu64
                           "), and no trace of them is in "
                           "%.200s",
                           target->name, counted(target), campaign->options.out);
    }
    return HD_OK;
}

enum hd_status hd_campaign_run(struct hd_campaign *campaign, struct hd_message *message)
{
    const struct timespec pause = {.tv_nsec = PAUSE_NS};
    campaign->began = hd_now_s();
    while (!campaign->over) {
        tend(campaign);
        if (!triage_one(campaign)) (void)nanosleep(&pause, NULL);
        campaign->events.progress(campaign->events.context);
    }
    while (triage_one(campaign)) {
    }
    for (size_t i = 0; i < campaign->finding_count; i++)
        hd_finding_put_back(&campaign->findings[i]);
    hd_process_sweep();
    if (campaign->status == HD_OK && hd_campaign_found(campaign) == 0)
        campaign->status = doubt(campaign, &campaign->message);
    *message = campaign->message;
    return campaign->status;
}
