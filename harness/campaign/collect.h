// SPDX-License-Identifier: MIT
/// collect.h: what the processes have found, from the files that they leave.
#ifndef HD_CAMPAIGN_COLLECT_H
#define HD_CAMPAIGN_COLLECT_H

#include "harness/campaign/campaign.h"

/// Looks through OUT: traces that are not known become findings, known ones that were touched since
/// have been found again, and one that was set aside (aside.h) is to be replayed anew. Whose a
/// trace is and what it shows stands in its comments; where they are gone, in its name. Traces of
/// allocators that are not in this campaign are left alone.
void hd_collect(struct hd_campaign *campaign);

/// From the line that a fuzz target writes behind a trace, `# NAME: SIGNATURE at step N: EVIDENCE`:
/// sets allocator, signature and evidence. False: it is no such line.
bool hd_collect_comment(const char *line, struct hd_campaign_finding *finding);

/// The same from a line that stands in a trace made small, `# SIGNATURE at step N: OPERATION` or
/// `# SIGNATURE at the end: OPERATION`: sets the signature alone.
bool hd_collect_small_comment(const char *line, struct hd_campaign_finding *finding);

/// How the allocator of this name, under whatever folder, is given in this campaign; NULL: it is not
/// in it.
const char *hd_collect_spec_of(const struct hd_campaign *campaign, const char *allocator);

/// Whether the finding is of an allocator of this campaign.
bool hd_collect_is_ours(const struct hd_campaign *campaign,
                        const struct hd_campaign_finding *finding);

/// The finding with this path; NULL: there is none.
struct hd_campaign_finding *hd_collect_find(struct hd_campaign *campaign, const char *path);

#endif
