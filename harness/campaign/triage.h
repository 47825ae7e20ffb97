// SPDX-License-Identifier: MIT
/// triage.h: a finding replayed in new processes, shrunk, and written as a C program.
#ifndef HD_CAMPAIGN_TRIAGE_H
#define HD_CAMPAIGN_TRIAGE_H

#include "harness/campaign/campaign.h"
#include "harness/reduce/minimized.h"

#define HD_TRIAGE_S      30 // seconds for one trace, once it shows the finding
#define HD_TRIAGE_LATE_S 10 // the same where fuzzing is over, and somebody waits

/// Under what a finding is replayed: conditions, and the allocator that it was found on, or all.
void hd_triage_choose(const struct hd_campaign_options *options,
                      const struct hd_campaign_finding *finding, struct hd_kept *kept);

/// Replays the trace; where that does not show the finding, the history that lies beside it; where
/// that does not either, the trace some times more, for its rate. Once it shows, all that comes
/// after it takes HD_TRIAGE_S or HD_TRIAGE_LATE_S seconds, and what confirms it. `tend` is asked
/// between runs whether to end now: then what there is is written, and where nothing has shown yet
/// the finding is HD_REPLAY_NOT_YET. HD_UNAVAILABLE: something cannot be written.
HD_MUST_USE enum hd_status hd_triage(const struct hd_campaign *campaign,
                                     struct hd_campaign_finding *finding,
                                     bool (*tend)(void *context), void *context,
                                     struct hd_message *message);

#endif
