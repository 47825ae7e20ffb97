// SPDX-License-Identifier: MIT
/// fuzz_report.c: how it goes, what was found, the table at the end.
#include "harness/cli/fuzz_report.h"

#include "harness/base/clock.h"
#include "harness/campaign/aside.h"
#include "harness/campaign/collect.h"
#include "harness/campaign/fuzzer.h"
#include "harness/campaign/triage.h"
#include "harness/cli/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TERMINAL_S 0.5
#define PLAIN_S    15

// ---------------------------------------------------------------------------- progress

/// Minutes and seconds, with hours where there are some.
static const char *clock_text(double seconds, char text[static 24])
{
    const unsigned long whole = (unsigned long)seconds;
    if (whole < 3600)
        (void)snprintf(text, 24, "%lu:%02lu", whole / 60, whole % 60);
    else
        (void)snprintf(text, 24, "%lu:%02lu:%02lu", whole / 3600, whole / 60 % 60, whole % 60);
    return text;
}

struct totals {
    uint64_t inputs;
    uint64_t coverage;
    uint64_t behaviours;
    double last_new;
};

static struct totals add_up(const struct hd_campaign *campaign)
{
    struct totals totals = {.last_new = campaign->last_finding};
    for (size_t i = 0; i < campaign->target_count; i++) {
        const struct hd_fuzz_target *target = &campaign->targets[i];
        totals.inputs += target->inputs;
        totals.coverage += target->coverage;
        totals.behaviours += target->behaviours;
        if (target->last_new > totals.last_new) totals.last_new = target->last_new;
    }
    return totals;
}

void hd_fuzz_report_progress(struct hd_fuzz_report *report, const struct hd_campaign *campaign)
{
    const bool terminal = isatty(STDERR_FILENO) == 1;
    const double now = hd_now_s();
    char elapsed[24];
    char ago[24] = "-";
    char line[256];
    if (report->said == 0) report->said = campaign->began;
    if (now - report->said < (terminal ? TERMINAL_S : PLAIN_S)) return;
    const struct totals totals = add_up(campaign);
    if (!campaign->over)
        report->rate = (double)(totals.inputs - report->inputs) / (now - report->said);
    report->said = now;
    report->inputs = totals.inputs;
    if (totals.last_new > 0) (void)clock_text(now - totals.last_new, ago);
    (void)snprintf(line, sizeof line,
                   "%s  %" PRIu64 " inputs, %.0f/s, coverage %" PRIu64 ", behaviours %" PRIu64
                   ", findings %zu, last new %s ago%s",
                   clock_text(now - campaign->began, elapsed), totals.inputs, report->rate,
                   totals.coverage, totals.behaviours, hd_campaign_found(campaign), ago,
                   campaign->merging    ? "; merging the corpus"
                   : campaign->triaging ? "; replaying"
                                        : "");
    if (terminal)
        hd_progress_note(line);
    else
        (void)fprintf(stderr, "%s\n", line);
}

// ---------------------------------------------------------------------------- findings

void hd_fuzz_report_begin(const struct hd_campaign *campaign)
{
    const struct hd_campaign_options *options = &campaign->options;
    (void)printf("%s, %u job%s, %zu target%s", options->fuzzer->title, options->jobs,
                 options->jobs == 1 ? "" : "s", campaign->target_count,
                 campaign->target_count == 1 ? "" : "s");
    if (options->time > 0)
        (void)printf(", %.0f s", options->time);
    else
        (void)printf(", until Ctrl-C");
    (void)printf("; findings go to %s/\n", options->out);
    (void)fflush(stdout);
}

static void print_replay(const struct hd_campaign_finding *finding)
{
    switch (finding->replay) {
    case HD_REPLAY_NOT_YET: (void)printf("  not replayed yet\n"); return;
    case HD_REPLAY_ALWAYS:
        (void)printf("  reproduces %u of %u%s\n", finding->seen, finding->runs,
                     finding->from_history ? ", with the inputs that came before it" : "");
        return;
    case HD_REPLAY_SOMETIMES:
        (void)printf("  flaky: reproduces %u of %u%s\n", finding->seen, finding->runs,
                     finding->from_history ? ", with the inputs that came before it" : "");
        return;
    case HD_REPLAY_NEVER:
        (void)printf("  flaky: reproduces 0 of %u; perhaps it needs what earlier inputs left\n",
                     finding->runs);
        return;
    }
}

static void print_command(const struct hd_campaign *campaign,
                          const struct hd_campaign_finding *finding)
{
    static struct hd_minimized shown;
    char command[HD_MINIMIZED_COMMAND_MAX];
    char history[PATH_MAX]; // which is still there where it was not made small
    hd_finding_beside(finding, ".history.bin", history);
    const bool needed = finding->from_history && access(history, R_OK) == 0;
    shown = (struct hd_minimized){.output = needed ? history : finding->path,
                                  .policy = campaign->options.policy};
    hd_triage_choose(&campaign->options, finding, &shown.kept);
    hd_minimized_command(&shown, command);
    (void)printf("  %s\n", command);
}

void hd_fuzz_report_finding(const struct hd_campaign *campaign,
                            const struct hd_campaign_finding *finding)
{
    (void)printf("\n%s on %s: %s\n  %s\n", finding->known ? "found again" : "new",
                 finding->allocator, finding->signature, finding->evidence);
    print_replay(finding);
    (void)printf("  %s: %" PRIu64 " operation%s", finding->path, finding->operations,
                 finding->operations == 1 ? "" : "s");
    if (finding->operations != finding->operations_found)
        (void)printf(" of %" PRIu64, finding->operations_found);
    (void)printf("%s\n", finding->minimal ? ", none can be left out" : "");
    if (*finding->program != '\0') (void)printf("  %s\n", finding->program);
    print_command(campaign, finding);
    (void)fflush(stdout);
}

// ---------------------------------------------------------------------------- the end

static size_t found_on(const struct hd_campaign *campaign, const struct hd_fuzz_target *target)
{
    const char *name = hd_fuzz_target_spec(target);
    size_t count = 0;
    for (size_t i = 0; i < campaign->finding_count; i++)
        count += campaign->findings[i].found && strcmp(campaign->findings[i].allocator, name) == 0;
    return count;
}

/// Of the first column.
static int name_width(const struct hd_campaign *campaign)
{
    size_t width = strlen("allocator");
    for (size_t i = 0; i < campaign->target_count; i++)
        if (strlen(campaign->targets[i].name) > width) width = strlen(campaign->targets[i].name);
    return (int)width;
}

static void print_row(const struct hd_campaign *campaign, const struct hd_fuzz_target *target)
{
    char time[24];
    const double rate = target->ran > 0 ? (double)target->inputs / target->ran : 0;
    (void)printf("%-*s %8s %11" PRIu64 " %9.0f %12" PRIu64 " %9" PRIu64 " %11" PRIu64 " %8" PRIu64,
                 name_width(campaign), target->name, clock_text(target->ran, time), target->inputs,
                 rate, target->operations, target->coverage, target->behaviours,
                 target->corpus_count);
    if (target->stability > 0) (void)printf(" %8.1f%%", target->stability);
    (void)printf(" %9zu\n", found_on(campaign, target));
}

/// What the engine or the allocator ended: at a memory limit of the engine's, by _exit().
static void print_vain_ends(const struct hd_campaign *campaign)
{
    for (size_t i = 0; i < campaign->target_count; i++) {
        const struct hd_fuzz_target *target = &campaign->targets[i];
        if (target->vain_ends == 0) continue;
        (void)printf("%s: %u process%s ended without a finding, the last with ", target->name,
                     target->vain_ends, target->vain_ends == 1 ? "" : "es");
        if (WIFSIGNALED(target->vain_status))
            (void)printf("SIG%s\n", sigabbrev_np(WTERMSIG(target->vain_status)));
        else
            (void)printf("exit status %d\n", WEXITSTATUS(target->vain_status));
    }
}

static bool has_stability(const struct hd_campaign *campaign)
{
    for (size_t i = 0; i < campaign->target_count; i++)
        if (campaign->targets[i].stability > 0) return true;
    return false;
}

static void print_known(const struct hd_campaign *campaign)
{
    size_t unseen = 0;
    for (size_t i = 0; i < campaign->finding_count; i++) {
        const struct hd_campaign_finding *finding = &campaign->findings[i];
        if (finding->known && finding->found) hd_fuzz_report_finding(campaign, finding);
        if (!finding->known && !hd_finding_is_settled(finding))
            hd_fuzz_report_finding(campaign, finding);
        unseen += finding->known && !finding->found && hd_collect_is_ours(campaign, finding);
    }
    if (unseen > 0)
        (void)printf("\n%zu known finding%s in %s/ %s not found again\n", unseen,
                     unseen == 1 ? "" : "s", campaign->options.out, unseen == 1 ? "was" : "were");
}

void hd_fuzz_report_end(const struct hd_campaign *campaign, bool interrupted)
{
    const size_t found = hd_campaign_found(campaign);
    print_known(campaign);
    (void)printf("\n%-*s %8s %11s %9s %12s %9s %11s %8s%s %9s\n", name_width(campaign), "allocator",
                 "time", "inputs", "inputs/s", "operations", "coverage", "behaviours", "corpus",
                 has_stability(campaign) ? " stability" : "", "findings");
    for (size_t i = 0; i < campaign->target_count; i++)
        print_row(campaign, &campaign->targets[i]);
    (void)printf("\n");
    print_vain_ends(campaign);
    if (interrupted) (void)printf("stopped by a signal; the same command goes on from here\n");
    if (found == 0 && campaign->status == HD_OK)
        (void)printf("nothing found\n");
    else if (found != 0)
        (void)printf("%zu finding%s, %zu new\n", found, found == 1 ? "" : "s",
                     hd_campaign_new(campaign));
}
