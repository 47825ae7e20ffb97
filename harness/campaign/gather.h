// SPDX-License-Identifier: MIT
/// gather.h: inputs from elsewhere into a corpus folder.
#ifndef HD_CAMPAIGN_GATHER_H
#define HD_CAMPAIGN_GATHER_H

#include "allocators/status.h"

/// Every trace file in `folder` and below it (.trace, .bin), as the bytes that a fuzz target
/// decodes into it. HD_BAD_INPUT: there is none, or one is malformed, and the message has its
/// place. HD_UNAVAILABLE: the corpus cannot be written.
HD_MUST_USE enum hd_status hd_gather_seeds(const char *folder, const char *corpus,
                                           struct hd_message *message);

/// One small input, where the corpus has none: an engine that is to change inputs needs one.
HD_MUST_USE enum hd_status hd_gather_first(const char *corpus, struct hd_message *message);

/// What the AFL++ instances in `folder` keep (folder/INSTANCE/queue/id:...), then removes it.
HD_MUST_USE enum hd_status hd_gather_queues(const char *folder, const char *corpus,
                                            struct hd_message *message);

#endif
