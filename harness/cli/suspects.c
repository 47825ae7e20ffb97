// SPDX-License-Identifier: MIT
/// suspects.c: the libraries given, or those of faults.def, and a trial of each.
#include "harness/cli/suspects.h"

#include "allocators/faulty/faults.h"
#include "allocators/known.h"
#include "harness/campaign/campaign.h"
#include "harness/campaign/fuzzer.h"
#include "harness/cli/policies.h"
#include "harness/cli/progress.h"
#include "harness/cli/roster.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void *take(struct hd_arena *arena, size_t count, size_t size)
{
    return hd_arena_take(arena, count * size, _Alignof(max_align_t));
}

static void add(struct hd_suspects *suspects, const char *spec, const struct hd_fault *fault)
{
    struct hd_suspect *suspect = &suspects->items[suspects->count++];
    *suspect = (struct hd_suspect){.spec = spec, .name = spec};
    if (fault == NULL) return;
    suspect->name = fault->name;
    suspect->correct = fault->correct;
    suspect->oracle = fault->correct ? NULL : fault->oracle;
    suspect->held = fault->held;
}

static enum hd_status add_given(const struct hd_allocator_options *options, struct hd_arena *arena,
                                struct hd_suspects *suspects, struct hd_message *message)
{
    struct hd_roster roster;
    const enum hd_status status = hd_roster_select(options, &roster, message);
    if (status != HD_OK) return status;
    suspects->items = take(arena, roster.count, sizeof *suspects->items);
    for (size_t i = 0; i < roster.count; i++) {
        if (strlen(roster.names[i]) >= HD_SPEC_BYTES_MAX)
            return hd_fail(message, HD_BAD_INPUT, "%.60s...: the path is too long",
                           roster.names[i]);
        add(suspects, roster.names[i], hd_fault_of(roster.names[i]));
    }
    return HD_OK;
}

/// Those of the build that this program is of.
static enum hd_status add_faults(struct hd_arena *arena, struct hd_suspects *suspects,
                                 struct hd_message *message)
{
    char folder[PATH_MAX];
    hd_programs_own_folder(folder);
    suspects->items = take(arena, hd_fault_count, sizeof *suspects->items);
    for (size_t i = 0; i < hd_fault_count; i++) {
        if (hd_faults[i].correct) continue;
        char *spec = take(arena, HD_SPEC_BYTES_MAX, 1);
        const int length =
            snprintf(spec, HD_SPEC_BYTES_MAX, "%s/../faulty/%s.so", folder, hd_faults[i].name);
        if (length < 0 || length >= HD_SPEC_BYTES_MAX || access(spec, R_OK) != 0)
            return hd_fail(message, HD_UNAVAILABLE,
                           "no %s.so in %.200s/../faulty: a source tree's build has the libraries "
                           "with faults; -a names others",
                           hd_faults[i].name, folder);
        add(suspects, spec, &hd_faults[i]);
    }
    return HD_OK;
}

struct hd_conditions hd_suspects_conditions(const struct hd_suspect *suspect)
{
    const struct hd_campaign_options fuzz = HD_CAMPAIGN_DEFAULT;
    struct hd_conditions conditions = HD_CONDITIONS_DEFAULT;
    conditions.deadline_ms = fuzz.deadline_s * 1000;
    conditions.memory_bytes = fuzz.memory_bytes;
    conditions.held = suspect->held;
    return conditions;
}

static enum hd_status try_policies(struct hd_arena *arena, const struct hd_suspects *suspects,
                                   struct hd_message *message)
{
    for (size_t i = 0; i < suspects->count; i++) {
        struct hd_suspect *suspect = &suspects->items[i];
        const struct hd_conditions conditions = hd_suspects_conditions(suspect);
        if (suspect->held != NULL || !hd_allocator_is_file(suspect->spec)) continue;
        struct hd_held_policy *held = take(arena, 1, sizeof *held);
        hd_progress_show(i + 1, suspects->count, "the trial of its policy", suspect->name);
        const enum hd_status status =
            hd_policy_try(suspect->spec, &conditions, held, NULL, message);
        hd_progress_clear();
        if (status != HD_OK) return status;
        suspect->held = held;
    }
    return HD_OK;
}

enum hd_status hd_suspects_select(const struct hd_allocator_options *options,
                                  struct hd_arena *arena, struct hd_suspects *suspects,
                                  struct hd_message *message)
{
    *suspects = (struct hd_suspects){0};
    const enum hd_status status = options->count > 0 ? add_given(options, arena, suspects, message)
                                                     : add_faults(arena, suspects, message);
    return status == HD_OK ? try_policies(arena, suspects, message) : status;
}
