// SPDX-License-Identifier: MIT
/// death.h: a process that died in a run without a word.
///
/// An allocator that calls _exit(), or has the kernel kill its process, leaves a fuzz target no
/// time to report anything. What it ran is in its statistics; in a process of its own, which is
/// watched, that shows what it is.
#ifndef HD_CAMPAIGN_DEATH_H
#define HD_CAMPAIGN_DEATH_H

#include "harness/campaign/campaign.h"

/// Runs the input on each of the target's allocators, and keeps what is found in OUT as the fuzz
/// target keeps it. Counts it as the target does. `shown`: something was found; else the input is
/// kept as `OUT/engine/NAME.died.bin`, a trace in binary form. HD_UNAVAILABLE: a finding cannot be
/// kept.
HD_MUST_USE enum hd_status hd_death_look_into(const struct hd_campaign *campaign,
                                              const struct hd_fuzz_target *target,
                                              struct hd_stats *stats, bool *shown,
                                              struct hd_message *message);

/// HD_UNAVAILABLE, and says that a process of the target died and its input shows nothing.
HD_MUST_USE enum hd_status hd_death_complain(const struct hd_campaign *campaign,
                                             const struct hd_fuzz_target *target,
                                             struct hd_message *message);

#endif
