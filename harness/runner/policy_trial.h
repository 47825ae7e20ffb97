// SPDX-License-Identifier: MIT
/// policy_trial.h: what an allocator asks of the kernel, found by trying.
///
/// For a library that nobody has written a policy for: a made trace is carried out on it in a
/// child, and what was seen, with room to spare, becomes what it is held to from then on.
#ifndef HD_POLICY_TRIAL_H
#define HD_POLICY_TRIAL_H

#include "harness/runner/runner.h"

struct hd_trial {
    struct hd_kernel_policy policy; // to hold the allocator to; promises nothing unless `learned`
    bool learned;                   // false: the tap does not see it, or the trial broke an oracle
    char broke[HD_SIGNATURE_MAX];   // which then; "" for the other
};

/// Tries the allocator under the conditions given. HD_OK also when nothing was learned. Fails as
/// hd_runner_run does.
HD_MUST_USE enum hd_status hd_policy_trial(const char *spec,
                                           const struct hd_conditions *conditions,
                                           struct hd_trial *trial, struct hd_message *message);

#endif
