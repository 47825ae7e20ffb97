// SPDX-License-Identifier: MIT
/// policies.c: from a file, from the allocator's own entry, or by trying.
#include "harness/cli/policies.h"

#include "allocators/known.h"
#include "allocators/policy_file.h"
#include "harness/probe/probe.h"
#include "harness/runner/policy_trial.h"

#include <stdio.h>

static enum hd_status try_kernel(const char *name, const struct hd_conditions *conditions,
                                 struct hd_kernel_policy *policy, FILE *notes,
                                 struct hd_message *message)
{
    struct hd_trial trial;
    const enum hd_status status = hd_policy_trial(name, conditions, &trial, message);
    if (status != HD_OK) return status;
    *policy = trial.policy;
    if (!trial.learned && notes != NULL)
        (void)fprintf(
            notes,
            "heapduel: %s: %s%s: syscalls and footprint are not judged; --policy FILE says"
            " what to hold it to\n",
            name, *trial.broke != '\0' ? "the trial of it broke " : "it is not tapped",
            trial.broke);
    return HD_OK;
}

enum hd_status hd_policy_try(const char *name, const struct hd_conditions *conditions,
                             struct hd_held_policy *held, FILE *notes, struct hd_message *message)
{
    *held = (struct hd_held_policy){0};
    enum hd_status status = HD_OK;
    if (conditions->tap != HD_TAP_OFF)
        status = try_kernel(name, conditions, &held->kernel, notes, message);
    if (status == HD_OK) status = hd_probe_choices(name, conditions, &held->choices, message);
    return status;
}

enum hd_status hd_policies_find(const char *file, const struct hd_roster *roster,
                                const struct hd_conditions *conditions,
                                struct hd_policies *policies, struct hd_message *message)
{
    *policies = (struct hd_policies){0};
    struct hd_held_policy given = {0};
    enum hd_status status = HD_OK;
    if (file != NULL) status = hd_policy_file_read(file, &given, message);
    for (size_t i = 0; status == HD_OK && i < roster->count; i++) {
        policies->of[i] = given;
        policies->own[i] = file == NULL && !hd_allocator_is_file(roster->names[i]);
        policies->tried[i] = file == NULL && !policies->own[i];
        if (policies->tried[i])
            status = hd_policy_try(roster->names[i], conditions, &policies->of[i], stderr, message);
    }
    return status;
}

const struct hd_held_policy *hd_policies_of(const struct hd_policies *policies, size_t i)
{
    return policies->own[i] ? NULL : &policies->of[i];
}

void hd_policies_print(const struct hd_policies *policies, const struct hd_roster *roster)
{
    char text[2048];
    for (size_t i = 0; i < roster->count; i++)
        if (policies->tried[i] && hd_policy_format(&policies->of[i], text, sizeof text) != 0)
            (void)printf("# %s, found by trying\n%s\n", roster->names[i], text);
}
