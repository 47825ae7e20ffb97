// SPDX-License-Identifier: MIT
/// worker.h: places for a process of the engine, kept busy.
#ifndef HD_CAMPAIGN_WORKER_H
#define HD_CAMPAIGN_WORKER_H

#include "harness/campaign/campaign.h"

/// Starts the processes of a target; its turn begins.
HD_MUST_USE enum hd_status hd_workers_begin(struct hd_campaign *campaign,
                                            struct hd_fuzz_target *target,
                                            struct hd_message *message);

/// Starts again what has ended, and takes note of what was done since. HD_UNAVAILABLE: a process
/// ends at once and without a finding, again and again; the message has the end of its log.
HD_MUST_USE enum hd_status hd_workers_tend(struct hd_campaign *campaign,
                                           struct hd_fuzz_target *target,
                                           struct hd_message *message);

/// Tells the processes of a target to end, and waits for that; its turn is over.
void hd_workers_tell(const struct hd_campaign *campaign, const struct hd_fuzz_target *target);
void hd_workers_end(struct hd_campaign *campaign, struct hd_fuzz_target *target);

#endif
