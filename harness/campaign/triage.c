// SPDX-License-Identifier: MIT
/// triage.c: calibrate, minimize, write.
#include "harness/campaign/triage.h"

#include "harness/base/clock.h"
#include "harness/campaign/aside.h"
#include "harness/campaign/folder.h"
#include "harness/campaign/fuzzer.h"
#include "harness/reduce/minimized.h"
#include "harness/reproduce/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ARENA_BYTES ((size_t)1 << 36) // of address space

struct triage {
    const struct hd_campaign *campaign;
    const struct hd_campaign_options *options;
    struct hd_campaign_finding *finding;
    bool (*tend)(void *context);
    void *context;
    double begin; // of the budget
    bool shown;   // the finding has, and the budget has begun
    struct hd_arena arena;
    char signature[HD_SIGNATURE_MAX]; // that a run in a process of its own has
    struct hd_minimized minimized;
};

static bool is_interrupted(const struct triage *triage)
{
    return triage->tend(triage->context);
}

static bool enough(void *context)
{
    const struct triage *triage = context;
    const double budget = triage->campaign->over ? HD_TRIAGE_LATE_S : HD_TRIAGE_S;
    return is_interrupted(triage) || hd_now_s() - triage->begin > budget;
}

/// Between the runs of a calibration. The budget begins when one has shown the finding: until then
/// there are few, however long they take.
static bool enough_to_calibrate(void *context)
{
    struct triage *triage = context;
    if (!triage->shown) triage->begin = hd_now_s();
    triage->shown = triage->minimized.minimize.calibration.seen > 0;
    return triage->shown ? enough(triage) : is_interrupted(triage);
}

// ---------------------------------------------------------------------------- replaying

void hd_triage_choose(const struct hd_campaign_options *options,
                      const struct hd_campaign_finding *finding, struct hd_kept *kept)
{
    kept->conditions = HD_CONDITIONS_DEFAULT;
    kept->conditions.deadline_ms = options->deadline_s * 1000;
    kept->conditions.memory_bytes = options->memory_bytes;
    kept->conditions.tap = options->tap;
    kept->count = 0;
    for (size_t i = 0; i < options->spec_count; i++) {
        const bool is_it = strcmp(options->specs[i], finding->allocator) == 0;
        const bool is_all = strcmp(finding->allocator, HD_FINDING_DIFFERENTIAL) == 0;
        if (!is_it && !is_all) continue;
        kept->specs[kept->count] = options->specs[i];
        kept->held[kept->count++] = options->held[i];
    }
}

/// What AddressSanitizer reports a fuzz target takes from it; a process that is watched ends by it.
static void name_replay(struct triage *triage)
{
    static const char reported[] = "/asan-";
    const char *signature = triage->finding->signature;
    const char *found = strstr(signature, reported);
    if (found == NULL)
        (void)strcpy(triage->signature, signature);
    else
        (void)snprintf(triage->signature, sizeof triage->signature, "%.*s/exit-%s",
                       (int)(found - signature), signature, found + strlen(reported));
}

/// Whether the trace in this file shows the finding in most of a few runs.
static bool shows(struct triage *triage, const char *path, struct hd_trace *trace)
{
    struct hd_minimized *minimized = &triage->minimized;
    struct hd_calibration *calibration = &minimized->minimize.calibration;
    struct hd_message why_not; // it was removed, perhaps
    hd_arena_reset(&triage->arena, 0);
    if (hd_trace_read(path, &triage->arena, trace, &why_not) != HD_OK) return false;
    *minimized = (struct hd_minimized){.path = path,
                                       .output = triage->finding->path,
                                       .policy = triage->options->policy,
                                       .budget = HD_TRIAGE_S,
                                       .count = trace->count};
    calibration->enough = enough_to_calibrate;
    calibration->context = triage;
    hd_triage_choose(triage->options, triage->finding, &minimized->kept);
    const bool shown = hd_calibrate(&minimized->kept, trace, triage->signature, calibration);
    triage->finding->seen = calibration->seen;
    triage->finding->runs = calibration->runs;
    triage->finding->operations_found = triage->finding->operations = trace->count;
    return shown;
}

/// How often a trace shows it that did not at first.
static void find_rate(struct triage *triage, const struct hd_trace *trace)
{
    struct hd_campaign_finding *finding = triage->finding;
    struct hd_kept *kept = &triage->minimized.kept;
    while (finding->runs < HD_CALIBRATE_ALL && kept->status == HD_OK && !enough(triage)) {
        hd_triage_choose(triage->options, finding, kept);
        finding->runs++;
        finding->seen += hd_kept_choose(kept, trace, triage->signature);
    }
}

// ---------------------------------------------------------------------------- writing

/// The smallest trace takes the place of the one as it was found, which is kept beside it.
static enum hd_status write_trace(struct triage *triage, struct hd_message *message)
{
    static struct hd_output output;
    struct hd_campaign_finding *finding = triage->finding;
    char full[PATH_MAX];
    hd_finding_beside(finding, ".full.trace", full);
    if (link(finding->path, full) != 0 && errno != EEXIST)
        return hd_fail(message, HD_UNAVAILABLE, "%.400s: %s", full, strerror(errno));
    enum hd_status status = hd_output_open(&output, finding->path, message);
    if (status != HD_OK) return status;
    status = hd_minimized_write(&triage->minimized, &output, message);
    return hd_output_finish(&output, status, message);
}

/// A hang is waited for as long as it takes to come to it, and only where the machine was too busy
/// for that as long as was given.
static enum hd_status make_program(const struct triage *triage, const struct hd_trace *trace,
                                   struct hd_message *why_not)
{
    const struct hd_kept *kept = &triage->minimized.kept;
    const struct hd_minimize *minimize = &triage->minimized.minimize;
    const uint32_t trial_ms =
        triage->finding->small ? minimize->deadline_ms : minimize->calibration.deadline_ms;
    struct hd_conditions conditions = kept->conditions;
    conditions.held = kept->held[0];
    enum hd_status status = HD_BAD_INPUT;
    if (hd_kept_is_hang(kept) && trial_ms < conditions.deadline_ms) {
        conditions.deadline_ms = trial_ms;
        status = hd_reproduction_make(kept->specs[0], trace, &conditions, triage->signature,
                                      triage->finding->program, why_not);
        conditions.deadline_ms = kept->conditions.deadline_ms;
    }
    if (status != HD_BAD_INPUT) return status;
    return hd_reproduction_make(kept->specs[0], trace, &conditions, triage->signature,
                                triage->finding->program, why_not);
}

/// A finding that no program can show has none; nor has one where somebody waits for the end.
static enum hd_status write_program(struct triage *triage, const struct hd_trace *trace)
{
    struct hd_campaign_finding *finding = triage->finding;
    const struct hd_kept *kept = &triage->minimized.kept;
    struct hd_message why_not;
    if (kept->deviators != 0) return HD_OK; // a difference is no single allocator's
    if (is_interrupted(triage)) return HD_OK;
    hd_finding_beside(finding, ".c", finding->program);
    if (make_program(triage, trace, &why_not) == HD_OK) return HD_OK;
    (void)unlink(finding->program);
    *finding->program = '\0';
    return HD_OK;
}

static enum hd_status shrink(struct triage *triage, const struct hd_trace *trace,
                             struct hd_trace *smallest, struct hd_message *message)
{
    struct hd_campaign_finding *finding = triage->finding;
    struct hd_minimize *minimize = &triage->minimized.minimize;
    minimize->enough = enough;
    minimize->context = triage;
    const enum hd_status status =
        hd_minimize(minimize, &triage->minimized.kept, trace, &triage->arena, message);
    if (status != HD_OK) return status;
    if (!minimize->confirmed) return HD_OK; // the trace stays as it was found
    *smallest = hd_reduction_trace(&minimize->reduction);
    finding->operations = smallest->count;
    finding->minimal = !minimize->reduction.stopped;
    (void)snprintf(finding->evidence, sizeof finding->evidence, "%s",
                   triage->minimized.kept.finding.evidence);
    finding->small = true;
    return write_trace(triage, message);
}

/// Of a trace that shows it.
static enum hd_status write_all(struct triage *triage, const struct hd_trace *trace,
                                struct hd_message *message)
{
    struct hd_campaign_finding *finding = triage->finding;
    struct hd_trace smallest = *trace;
    const struct hd_calibration *calibration = &triage->minimized.minimize.calibration;
    finding->replay =
        calibration->seen == calibration->runs ? HD_REPLAY_ALWAYS : HD_REPLAY_SOMETIMES;
    enum hd_status status = HD_OK;
    if (triage->options->minimizes && !is_interrupted(triage))
        status = shrink(triage, trace, &smallest, message);
    return status == HD_OK ? write_program(triage, &smallest) : status;
}

enum hd_status hd_triage(const struct hd_campaign *campaign, struct hd_campaign_finding *finding,
                         bool (*tend)(void *context), void *context, struct hd_message *message)
{
    static struct triage triage;
    struct hd_trace trace = {0};
    char history[PATH_MAX];
    enum hd_status status = HD_OK;
    triage = (struct triage){.campaign = campaign,
                             .options = &campaign->options,
                             .finding = finding,
                             .tend = tend,
                             .context = context,
                             .begin = hd_now_s()};
    name_replay(&triage);
    hd_arena_open(&triage.arena, ARENA_BYTES);
    hd_finding_beside(finding, ".history.bin", history);
    bool shown = shows(&triage, finding->path, &trace);
    finding->from_history = !shown && shows(&triage, history, &trace);
    shown = shown || finding->from_history || shows(&triage, finding->path, &trace);
    if (shown) {
        status = write_all(&triage, &trace, message);
    } else {
        find_rate(&triage, &trace);
        finding->replay = finding->seen > 0         ? HD_REPLAY_SOMETIMES
                          : is_interrupted(&triage) ? HD_REPLAY_NOT_YET
                                                    : HD_REPLAY_NEVER;
    }
    // Nobody needs it where the trace shows the finding by itself.
    if (shown && (finding->small || !finding->from_history)) (void)unlink(history);
    hd_arena_close(&triage.arena);
    return status;
}
