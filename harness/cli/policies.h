// SPDX-License-Identifier: MIT
/// policies.h: what each allocator of a roster is held to in what it asks of the kernel.
#ifndef HD_POLICIES_H
#define HD_POLICIES_H

#include "harness/cli/roster.h"
#include "harness/runner/runner.h"

struct hd_policies {
    struct hd_kernel_policy of[HD_CONTESTANTS_MAX]; // by index in the roster
    bool own[HD_CONTESTANTS_MAX];                   // it has one itself, and `of` says nothing
    bool tried[HD_CONTESTANTS_MAX];                 // by a trial: it found `of`
};

/// From `file` for all of them; without a file (NULL) a known allocator's own, and for a library
/// what a trial shows (runner/policy_trial.h). Fails as hd_policy_file_read and hd_policy_trial do.
HD_MUST_USE enum hd_status hd_policies_find(const char *file, const struct hd_roster *roster,
                                            const struct hd_conditions *conditions,
                                            struct hd_policies *policies,
                                            struct hd_message *message);

/// For struct hd_conditions: NULL where the allocator has its own.
const struct hd_kernel_policy *hd_policies_of(const struct hd_policies *policies, size_t i);

/// Those found by a trial, each in the form that a file has. hd_policies_find has said on stderr
/// for which a trial found nothing.
void hd_policies_print(const struct hd_policies *policies, const struct hd_roster *roster);

#endif
