// SPDX-License-Identifier: MIT
/// aside.h: findings whose trace shows nothing in a new process.
///
/// Where each input runs on the heap that others left, the first trace of a bug may need what they
/// left, and the next one may not. So such a trace is put out of the way: then the signature is not
/// known to the fuzz target any more, and it keeps the next trace that has it.
#ifndef HD_CAMPAIGN_ASIDE_H
#define HD_CAMPAIGN_ASIDE_H

#include "harness/campaign/campaign.h"

/// The most traces of one finding that are replayed.
#define HD_ATTEMPTS_MAX 8

/// Whether nobody needs another trace of it: it shows, or enough were tried.
bool hd_finding_is_settled(const struct hd_campaign_finding *finding);

/// Puts the trace of a finding out of the way that was replayed and is not settled.
void hd_finding_set_aside(struct hd_campaign_finding *finding);

/// For the end of a campaign: puts it back, where no other one has come; removes it where one came
/// that shows the finding.
void hd_finding_put_back(struct hd_campaign_finding *finding);

/// For the beginning: puts back every trace in this folder that a campaign was killed over, where
/// no other one has come.
void hd_finding_take_up(const char *out);

/// `x.trace` with another ending.
void hd_finding_beside(const struct hd_campaign_finding *finding, const char *ending,
                       char path[static PATH_MAX]);

#endif
