// SPDX-License-Identifier: MIT
/// hunt.c: a campaign that has enough of one finding.
#include "harness/campaign/hunt.h"

#include "harness/campaign/folder.h"
#include "harness/campaign/fuzzer.h"

#include <stdio.h>
#include <string.h>

struct going_on {
    const struct hd_hunt *hunt;
    struct hd_campaign campaign;
};

/// Also keeps it from replaying what was found.
static bool has_enough(void *context)
{
    const struct going_on *on = context;
    const uint64_t inputs = on->hunt->inputs;
    return hd_campaign_found(&on->campaign) > 0 ||
           (inputs > 0 && on->campaign.targets[0].inputs > inputs);
}

static void nothing(void *context)
{
    (void)context;
}

static void no_finding(void *context, const struct hd_campaign_finding *finding)
{
    (void)context;
    (void)finding;
}

/// Where it went on past its first finding before anybody looked there are more. Their files do not
/// tell: the time of one is that of its last repeat.
static const struct hd_campaign_finding *first_finding(const struct hd_campaign *campaign)
{
    for (size_t i = 0; i < campaign->finding_count; i++)
        if (strcmp(campaign->findings[i].signature, campaign->targets[0].first_signature) == 0)
            return &campaign->findings[i];
    return campaign->findings; // the allocator wrote over what its target said
}

void hd_hunt_take(const struct hd_campaign *campaign, struct hd_hunt_result *result)
{
    const struct hd_fuzz_target *target = &campaign->targets[0];
    *result = (struct hd_hunt_result){.found = campaign->finding_count > 0,
                                      .seconds = campaign->options.time,
                                      .inputs = target->inputs};
    if (!result->found) return;
    result->seconds = target->first_finding;
    result->inputs = target->first_inputs;
    (void)snprintf(result->signature, sizeof result->signature, "%s",
                   first_finding(campaign)->signature);
}

enum hd_status hd_hunt_run(const struct hd_hunt *hunt, const char *folder,
                           struct hd_hunt_result *result, struct hd_message *message)
{
    static struct going_on on;
    struct hd_campaign *const campaign = &on.campaign;
    char *const words[] = {(char *)hunt->option};
    char corpus[PATH_MAX];
    struct hd_campaign_options options = HD_CAMPAIGN_DEFAULT;
    hd_path(corpus, "%s/corpus", folder);
    options.out = folder;
    options.corpus = corpus;
    options.time = hunt->time;
    options.seed = hunt->seed;
    options.engine_words = words;
    options.engine_word_count = hunt->option != NULL;
    options.specs[0] = hunt->spec;
    options.held[0] = hunt->held;
    options.spec_count = 1;
    enum hd_status status = hd_campaign_open(campaign, &options, message);
    on.hunt = hunt;
    campaign->events = (struct hd_campaign_events){
        .enough = has_enough, .progress = nothing, .found = no_finding, .context = &on};
    if (status == HD_OK) status = hd_campaign_run(campaign, message);
    if (status == HD_OK) hd_hunt_take(campaign, result);
    if (status == HD_OK && hunt->inputs > 0 && result->inputs > hunt->inputs) result->found = false;
    hd_campaign_close(campaign);
    return status;
}
