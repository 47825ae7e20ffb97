// SPDX-License-Identifier: MIT
/// minimize_report.c: what came of making a trace smaller, for a person and for a program.
#include "harness/cli/minimize_report.h"
#include "harness/cli/finding_json.h"
#include "harness/cli/json.h"

#include <inttypes.h>
#include <string.h>

static bool is_flaky(const struct hd_minimized *minimized)
{
    return minimized->minimize.calibration.seen < minimized->minimize.calibration.runs;
}

/// Whether trials had less time than was given, and that mattered.
static bool is_hurried(const struct hd_minimized *minimized)
{
    return hd_kept_is_hang(&minimized->kept) && minimized->kept.stuck == HD_STUCK_NOT &&
           minimized->minimize.deadline_ms != minimized->kept.conditions.deadline_ms;
}

// ---------------------------------------------------------------------------- text

static void print_where(const struct hd_finding *finding, size_t count, FILE *file)
{
    if (finding->at_end)
        (void)fprintf(file, "at the end: %s\n", finding->operation);
    else
        (void)fprintf(file, "at step %" PRIu64 " of %zu: %s\n", finding->step, count,
                      finding->operation);
}

void hd_minimized_text_found(const struct hd_minimized *minimized, FILE *file)
{
    const struct hd_kept *kept = &minimized->kept;
    const struct hd_calibration *calibration = &minimized->minimize.calibration;
    (void)fprintf(file, "%s: %zu operation%s, on ", minimized->path, minimized->count,
                  minimized->count == 1 ? "" : "s");
    for (size_t i = 0; i < kept->count; i++)
        (void)fprintf(file, "%s%s", i > 0 ? ", " : "", kept->specs[i]);
    (void)fprintf(file, "\n  %s ", kept->signature);
    print_where(&kept->finding, minimized->count, file);
    if (is_flaky(minimized))
        (void)fprintf(file, "  flaky: seen in %u of %u runs; a trial is up to %u runs\n",
                      calibration->seen, calibration->runs, kept->tries);
    if (calibration->less_memory)
        (void)fprintf(file, "  with a memory limit of %zu MiB, too, which is kept to\n",
                      kept->conditions.memory_bytes >> 20);
    (void)fflush(file); // the rest takes its time
}

static void print_end(const struct hd_minimized *minimized, FILE *file)
{
    switch (minimized->end) {
    case HD_MINIMIZED_WHOLE:
        (void)fprintf(file, "  no operation can be left out by itself%s\n",
                      is_flaky(minimized) ? ", as far as such trials tell" : "");
        return;
    case HD_MINIMIZED_BUDGET:
        (void)fprintf(file, "  stopped after %g s (--budget): it may become smaller yet\n",
                      minimized->budget);
        return;
    case HD_MINIMIZED_INTERRUPTED:
        (void)fprintf(file, "  stopped by a signal: it may become smaller yet\n");
        return;
    }
}

void hd_minimized_text(const struct hd_minimized *minimized, FILE *file)
{
    const struct hd_minimize *minimize = &minimized->minimize;
    const size_t count = minimize->reduction.count;
    const bool standard = strcmp(minimized->output, "-") == 0;
    (void)fprintf(file, "%s: %zu operation%s, after %" PRIu64 " trial%s in %.1f s\n",
                  standard ? "standard output" : minimized->output, count, count == 1 ? "" : "s",
                  minimize->trials, minimize->trials == 1 ? "" : "s", minimized->taken);
    print_end(minimized, file);
    if (is_hurried(minimized))
        (void)fprintf(file, "  a trial was a hang after %.2f s; the result is one after %g s too\n",
                      minimize->deadline_ms / 1000.0,
                      minimized->kept.conditions.deadline_ms / 1000.0);
    (void)fprintf(file, "  %s ", minimized->kept.signature);
    print_where(&minimized->kept.finding, count, file);
    char command[HD_MINIMIZED_COMMAND_MAX];
    hd_minimized_command(minimized, command);
    (void)fprintf(file, "    %s\n  %s\n", minimized->kept.finding.evidence, command);
}

// ---------------------------------------------------------------------------- JSON

static json_t *specs_json(const struct hd_kept *kept)
{
    json_t *specs = json_array();
    for (size_t i = 0; i < kept->count; i++)
        (void)json_array_append_new(specs, hd_json_text(kept->specs[i]));
    return specs;
}

void hd_minimized_json(const struct hd_minimized *minimized, FILE *file)
{
    static const char *const ends[] = {[HD_MINIMIZED_WHOLE] = "1-minimal",
                                       [HD_MINIMIZED_BUDGET] = "budget",
                                       [HD_MINIMIZED_INTERRUPTED] = "signal"};
    const struct hd_minimize *minimize = &minimized->minimize;
    char command[HD_MINIMIZED_COMMAND_MAX];
    hd_minimized_command(minimized, command);
    json_t *document = json_pack(
        "{s:s, s:o, s:o, s:o, s:o, s:{s:o, s:o}, s:o, s:f, s:s, s:{s:i, s:i, s:i}, s:f, s:o}",
        "heapduel", HEAPDUEL_VERSION, "trace", hd_json_text(minimized->path), "output",
        hd_json_text(minimized->output), "allocators", specs_json(&minimized->kept), "finding",
        hd_finding_json(&minimized->kept.finding), "operations", "before",
        hd_json_count(minimized->count), "after", hd_json_count(minimize->reduction.count),
        "trials", hd_json_count(minimize->trials), "seconds", minimized->taken, "end",
        ends[minimized->end], "calibration", "seen", (int)minimize->calibration.seen, "runs",
        (int)minimize->calibration.runs, "tries", (int)minimized->kept.tries, "trial_timeout",
        minimize->deadline_ms / 1000.0, "command", hd_json_text(command));
    HD_ASSERT(document != NULL);
    (void)json_dumpf(document, file, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    (void)fprintf(file, "\n");
    json_decref(document);
}
