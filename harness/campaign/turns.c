// SPDX-License-Identifier: MIT
/// turns.c: the target that ran least is next.
#include "harness/campaign/turns.h"

#include "harness/base/clock.h"
#include "harness/campaign/worker.h"

#include <math.h>

#define TURN_S 60 // at most

/// With `targets` turns a place, or a multiple of that, each target has `jobs` of them in all, or
/// the multiple.
static double turn_length(const struct hd_campaign *campaign)
{
    const double part = campaign->options.time / (double)campaign->target_count;
    return part > 0 ? part / ceil(part / TURN_S) : TURN_S;
}

void hd_turns_share(struct hd_campaign *campaign)
{
    const size_t targets = campaign->target_count;
    const size_t jobs = campaign->options.jobs;
    for (size_t i = 0; i < targets; i++) {
        const size_t count = jobs / targets + (i < jobs % targets);
        campaign->targets[i].worker_count = count > 0 ? (unsigned)count : 1;
    }
    campaign->slice = jobs >= targets ? INFINITY : turn_length(campaign);
}

static size_t running_count(const struct hd_campaign *campaign)
{
    size_t count = 0;
    for (size_t i = 0; i < campaign->target_count; i++)
        count += campaign->targets[i].running;
    return count;
}

struct hd_fuzz_target *hd_turns_next(struct hd_campaign *campaign)
{
    struct hd_fuzz_target *next = NULL;
    for (size_t i = 0; i < campaign->target_count; i++) {
        struct hd_fuzz_target *target = &campaign->targets[i];
        if (!target->running && (next == NULL || target->ran < next->ran)) next = target;
    }
    return next;
}

enum hd_status hd_turns_tend(struct hd_campaign *campaign, struct hd_message *message)
{
    enum hd_status status = HD_OK;
    for (size_t i = 0; status == HD_OK && i < campaign->target_count; i++) {
        struct hd_fuzz_target *target = &campaign->targets[i];
        if (!target->running) continue;
        status = hd_workers_tend(campaign, target, message);
        if (hd_now_s() - target->turn_began < campaign->slice) continue;
        hd_workers_tell(campaign, target);
        hd_workers_end(campaign, target);
    }
    while (status == HD_OK && running_count(campaign) < campaign->options.jobs) {
        struct hd_fuzz_target *target = hd_turns_next(campaign);
        if (target == NULL) break;
        status = hd_workers_begin(campaign, target, message);
    }
    return status;
}

void hd_turns_end(struct hd_campaign *campaign)
{
    for (size_t i = 0; i < campaign->target_count; i++)
        if (campaign->targets[i].running) hd_workers_tell(campaign, &campaign->targets[i]);
    for (size_t i = 0; i < campaign->target_count; i++)
        hd_workers_end(campaign, &campaign->targets[i]);
}
