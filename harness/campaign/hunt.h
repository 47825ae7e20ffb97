// SPDX-License-Identifier: MIT
/// hunt.h: a campaign on one allocator until its first finding.
#ifndef HD_CAMPAIGN_HUNT_H
#define HD_CAMPAIGN_HUNT_H

#include "harness/campaign/campaign.h"

struct hd_hunt {
    const char *spec;                      // less than HD_SPEC_BYTES_MAX long
    const struct hd_held_policy *held; // that it is held to; NULL: its own policy
    const char *option;                    // one more of the fuzz target; NULL: none
    uint32_t seed;                         // from 1
    double time;                           // seconds: at most
    uint64_t inputs;                       // what takes more is not found; 0: any number
};

struct hd_hunt_result {
    bool found;
    double seconds;  // until the first finding
    uint64_t inputs; // until then, that one too
    char signature[HD_SIGNATURE_MAX];
};

/// Fuzzes with libFuzzer, one process, from an empty corpus and else as `heapduel fuzz` does where
/// nothing is asked for. Nothing is replayed. All its files come into `folder`, and stay there. It
/// is to run in a process without other children, for it ends all of them. Fails as
/// hd_campaign_open and hd_campaign_run.
HD_MUST_USE enum hd_status hd_hunt_run(const struct hd_hunt *hunt, const char *folder,
                                       struct hd_hunt_result *result, struct hd_message *message);

/// The result of a campaign on one allocator that has come to its end.
void hd_hunt_take(const struct hd_campaign *campaign, struct hd_hunt_result *result);

#endif
