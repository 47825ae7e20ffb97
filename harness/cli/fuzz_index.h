// SPDX-License-Identifier: MIT
/// fuzz_index.h: findings.json: what is known of the findings in a folder.
#ifndef HD_FUZZ_INDEX_H
#define HD_FUZZ_INDEX_H

#include "harness/campaign/campaign.h"

#include <jansson.h>

/// Adds the findings of earlier campaigns, where their traces are still there. HD_BAD_INPUT: the
/// file is none of ours. HD_UNAVAILABLE: it cannot be read.
HD_MUST_USE enum hd_status hd_fuzz_index_read(struct hd_campaign *campaign,
                                              struct hd_message *message);

/// Writes it anew, whole or not at all: those that are settled (aside.h); others are to be replayed
/// by the next campaign. HD_UNAVAILABLE: it cannot be.
HD_MUST_USE enum hd_status hd_fuzz_index_write(const struct hd_campaign *campaign,
                                               struct hd_message *message);

/// One finding.
json_t *hd_fuzz_finding_json(const struct hd_campaign_finding *finding);

#endif
