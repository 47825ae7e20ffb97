// SPDX-License-Identifier: MIT
/// settle.h: what a child left of an order, made into what can be believed and is whole.
#ifndef HD_SETTLE_H
#define HD_SETTLE_H

#include "harness/runner/ending.h"
#include "harness/runner/order.h"

/// Checks what the child, which has ended, left in the job and the outcomes (record.h). Where that
/// is not plausible a finding stands there instead: something wrote over it.
void hd_settle_record(const struct hd_order *order);

/// Where the run did not come to its end: says so as a finding and as the outcome of the step that
/// it was at, and adds the system calls of that step to those recorded. pre: hd_settle_record.
void hd_settle_ending(const struct hd_order *order, const struct hd_ending *ending);

#endif
