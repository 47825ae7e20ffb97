// SPDX-License-Identifier: MIT
/// trial.h: whether a heap can be made fresh at all, found out in a child, which may die of it.
#ifndef HD_FRESH_TRIAL_H
#define HD_FRESH_TRIAL_H

#include "harness/fresh/fresh.h"

/// Requests of all kinds, in several sizes: for a trial where no input is at hand.
extern const struct hd_trace hd_fresh_trial_trace;

/// Carries the trace out some times in a fork of this process, each time on a fresh heap. HD_OK:
/// all runs gave the same, or the first one did not come to its end, which says something of the
/// allocator and nothing of its heap; or there could be no fork. HD_UNAVAILABLE: a later run
/// crashed, hung or differed, or the heap could not be put back. The first run has `deadline_s`
/// seconds, 0: a minute. pre: the heap is fresh. What is shared with the child (an engine's
/// counters) is the caller's to save.
HD_MUST_USE enum hd_status hd_fresh_try(struct hd_fresh *fresh, const struct hd_trace *trace,
                                        unsigned deadline_s, struct hd_message *message);

#endif
