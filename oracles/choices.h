// SPDX-License-Identifier: MIT
/// choices.h: what a step shows of an allocator's choices.
#ifndef HD_ORACLE_CHOICES_H
#define HD_ORACLE_CHOICES_H

#include "oracles/oracle.h"

/// Which request of no bytes the step is; HD_ZERO_REQUESTS: none of those that are held.
enum hd_zero_request hd_choice_of(const struct hd_step *step);

/// What it was answered. HD_ZERO_OPEN where that may as well be a failure: then it is no choice.
enum hd_zero_answer hd_choice_made(const struct hd_step *step);

#endif
