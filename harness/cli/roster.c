// SPDX-License-Identifier: MIT
/// roster.c: choosing allocators, and trying them before anything is run.
#include "harness/cli/roster.h"

#include "allocators/known.h"
#include "harness/runner/runner.h"

#include <string.h>

static void add_known(struct hd_roster *roster)
{
    for (size_t i = 0; i < hd_known_count() && roster->count < HD_CONTESTANTS_MAX; i++) {
        struct hd_message why_not;
        if (hd_runner_probe(hd_known_name(i), &why_not) != HD_OK) continue;
        roster->names[roster->count++] = hd_known_name(i);
    }
}

enum hd_status hd_roster_select(const struct hd_allocator_options *options,
                                struct hd_roster *roster, struct hd_message *message)
{
    *roster = (struct hd_roster){0};
    for (size_t i = 0; i < options->count; i++) {
        const enum hd_status status = hd_runner_probe(options->specs[i], message);
        if (status != HD_OK) return status;
        roster->names[roster->count++] = options->specs[i];
    }
    if (options->count == 0) add_known(roster);
    if (roster->count == 0)
        return hd_fail(message, HD_UNAVAILABLE, "none of the known allocators is on this machine");
    return HD_OK;
}

int hd_roster_width(const struct hd_roster *roster)
{
    size_t width = 0;
    for (size_t i = 0; i < roster->count; i++)
        if (strlen(roster->names[i]) > width) width = strlen(roster->names[i]);
    return (int)width;
}
