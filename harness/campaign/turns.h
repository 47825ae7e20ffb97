// SPDX-License-Identifier: MIT
/// turns.h: whose processes run when there are more allocators than processes.
#ifndef HD_CAMPAIGN_TURNS_H
#define HD_CAMPAIGN_TURNS_H

#include "harness/campaign/campaign.h"

/// Shares --jobs out: how many workers each target has, and how long a turn is. Where every target
/// has a worker of its own a turn has no end. Else, where the campaign's time is known, each has as
/// many turns as the others in that.
void hd_turns_share(struct hd_campaign *campaign);

/// The one whose turn is next: of those that do not run the one that ran least. NULL: all do.
struct hd_fuzz_target *hd_turns_next(struct hd_campaign *campaign);

/// Tends the workers of the targets whose turn it is; ends turns, and begins those of the targets
/// that ran least. Fails as hd_workers_tend.
HD_MUST_USE enum hd_status hd_turns_tend(struct hd_campaign *campaign, struct hd_message *message);

/// Ends all.
void hd_turns_end(struct hd_campaign *campaign);

#endif
