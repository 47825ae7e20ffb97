// SPDX-License-Identifier: MIT
/// merge.h: what a campaign that was killed may have left; hd_campaign_merge is in campaign.h.
#ifndef HD_CAMPAIGN_MERGE_H
#define HD_CAMPAIGN_MERGE_H

#include "harness/campaign/campaign.h"

/// Removes the folder that this target's corpus is merged in, where there is one.
void hd_merge_clear(const struct hd_campaign *campaign, const struct hd_fuzz_target *target);

#endif
