// SPDX-License-Identifier: MIT
/// kernel_probe.h: what an allocator asks of the kernel, found by trying.
///
/// For a library that nobody has written a policy for: a made trace is carried out on it in a
/// child, and what was seen, with room to spare, becomes what it is held to from then on.
#ifndef HD_KERNEL_PROBE_H
#define HD_KERNEL_PROBE_H

#include "harness/runner/runner.h"

/// The kernel policy to hold `spec` to: its own where it has one, else what was found. Promises
/// nothing where the tap does not see it, or the made trace was not carried out to its end without
/// a finding: then the runs that follow show what is wrong. Fails as hd_runner_run does.
HD_MUST_USE enum hd_status hd_kernel_probe(const char *spec,
                                           const struct hd_conditions *conditions,
                                           struct hd_kernel_policy *policy,
                                           struct hd_message *message);

#endif
