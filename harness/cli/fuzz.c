// SPDX-License-Identifier: MIT
/// fuzz.c: `heapduel fuzz`: finds bugs, and makes small traces of them.
#include "harness/campaign/fuzzer.h"
#include "harness/cli/command.h"
#include "harness/cli/fuzz_index.h"
#include "harness/cli/fuzz_options.h"
#include "harness/cli/fuzz_report.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/policies.h"
#include "harness/cli/progress.h"
#include "harness/cli/roster.h"
#include "harness/cli/usage.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

// ---------------------------------------------------------------------------- when to end

static bool enough(void *context)
{
    (void)context;
    return hd_interrupted();
}

// ---------------------------------------------------------------------------- the work

/// What goes on, for the events.
struct session {
    struct hd_campaign campaign;
    struct hd_fuzz_report report;
    bool json;
    enum hd_status status; // of the index
    struct hd_message message;
};

static void show_progress(void *context)
{
    struct session *session = context;
    hd_fuzz_report_progress(&session->report, &session->campaign);
}

static void take_finding(void *context, const struct hd_campaign_finding *finding)
{
    struct session *session = context;
    hd_progress_clear();
    if (!session->json) hd_fuzz_report_finding(&session->campaign, finding);
    if (session->status == HD_OK)
        session->status = hd_fuzz_index_write(&session->campaign, &session->message);
}

/// The allocators, and what each is held to.
static enum hd_status choose(struct hd_fuzz_arguments *arguments, struct hd_message *message)
{
    static struct hd_roster roster;
    static struct hd_policies policies;
    struct hd_campaign_options *into = &arguments->campaign;
    enum hd_status status = hd_roster_select(&arguments->allocators, &roster, message);
    if (status != HD_OK) return status;
    struct hd_conditions conditions = HD_CONDITIONS_DEFAULT;
    conditions.deadline_ms = into->deadline_s * 1000;
    conditions.memory_bytes = into->memory_bytes;
    conditions.tap = into->tap;
    status = hd_policies_find(arguments->policy, &roster, &conditions, &policies, message);
    if (status != HD_OK) return status;
    into->policy = arguments->policy;
    into->spec_count = roster.count;
    for (size_t i = 0; i < roster.count; i++) {
        if (strlen(roster.names[i]) >= HD_SPEC_BYTES_MAX)
            return hd_fail(message, HD_BAD_INPUT, "%.60s...: the path is too long",
                           roster.names[i]);
        into->specs[i] = roster.names[i];
        into->held[i] = hd_policies_of(&policies, i);
    }
    if (into->differential && roster.count < 2)
        return hd_fail(message, HD_BAD_INPUT, "--differential takes two allocators or more");
    return HD_OK;
}

/// Fuzzes, and tells of it.
static enum hd_status fuzz(struct session *session, struct hd_message *message)
{
    struct hd_campaign *campaign = &session->campaign;
    campaign->events = (struct hd_campaign_events){
        .enough = enough, .progress = show_progress, .found = take_finding, .context = session};
    enum hd_status status = hd_fuzz_index_read(campaign, message);
    if (status != HD_OK) return status;
    if (!session->json) hd_fuzz_report_begin(campaign);
    status = hd_campaign_run(campaign, message);
    hd_campaign_merge(campaign);
    hd_progress_clear();
    (session->json ? hd_fuzz_report_json : hd_fuzz_report_end)(campaign, hd_interrupted());
    const enum hd_status written = hd_fuzz_index_write(campaign, &session->message);
    if (status == HD_OK && written != HD_OK) {
        status = written;
        *message = session->message;
    }
    return status;
}

int hd_command_fuzz(int argc, char **argv)
{
    static struct hd_fuzz_arguments arguments = {.campaign = HD_CAMPAIGN_DEFAULT};
    static struct session session;
    static char corpus[PATH_MAX];
    struct hd_message message;
    (void)argp_parse(&hd_fuzz_argp, argc, argv, 0, NULL, &arguments);
    struct hd_campaign_options *campaign = &arguments.campaign;
    if (campaign->corpus == NULL) {
        (void)snprintf(corpus, sizeof corpus, "%s/corpus", campaign->out);
        campaign->corpus = corpus;
    }
    session.json = arguments.allocators.json;
    enum hd_status status =
        hd_programs_find(campaign->fuzzer, &session.campaign.programs, &message);
    if (status == HD_OK) status = choose(&arguments, &message);
    if (status != HD_OK) return hd_complain(status, &message);
    hd_interrupt_watch();
    status = hd_campaign_open(&session.campaign, campaign, &message);
    if (status == HD_OK) status = fuzz(&session, &message);
    const bool found = hd_campaign_found(&session.campaign) > 0;
    hd_campaign_close(&session.campaign);
    if (status != HD_OK) return hd_complain(status, &message);
    return found ? HD_EXIT_FINDING : HD_OK;
}
