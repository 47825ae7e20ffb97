// SPDX-License-Identifier: MIT
/// policies.h: what each allocator of a roster is held to: in what it asks of the kernel, and in
/// what it chose where the standards leave it a choice.
#ifndef HD_POLICIES_H
#define HD_POLICIES_H

#include "harness/cli/roster.h"
#include "harness/runner/runner.h"

#include <stdio.h>

struct hd_policies {
    struct hd_held_policy of[HD_CONTESTANTS_MAX]; // by index in the roster
    bool own[HD_CONTESTANTS_MAX];                 // it has one itself, and `of` says nothing
    bool tried[HD_CONTESTANTS_MAX];               // `of` was found by trying
};

/// From `file` for all of them; without a file (NULL) a known allocator's own, and for a library
/// what hd_policy_try finds. Fails as hd_policy_file_read and hd_policy_try do.
HD_MUST_USE enum hd_status hd_policies_find(const char *file, const struct hd_roster *roster,
                                            const struct hd_conditions *conditions,
                                            struct hd_policies *policies,
                                            struct hd_message *message);

/// What a library that has no policy can be held to: what a trial shows of its system calls
/// (runner/policy_trial.h), where they are tapped, and of its choices what a probe does. Says in
/// `notes`, unless that is NULL, where the former finds nothing. Fails as hd_policy_trial and
/// hd_probe_choices do.
HD_MUST_USE enum hd_status hd_policy_try(const char *name, const struct hd_conditions *conditions,
                                         struct hd_held_policy *held, FILE *notes,
                                         struct hd_message *message);

/// For struct hd_conditions: NULL where the allocator has its own.
const struct hd_held_policy *hd_policies_of(const struct hd_policies *policies, size_t i);

/// Those found by trying, each in the form that a file has.
void hd_policies_print(const struct hd_policies *policies, const struct hd_roster *roster);

#endif
