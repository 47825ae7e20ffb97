// SPDX-License-Identifier: MIT
/// minimize.c: `heapduel minimize`: the smallest trace with the same finding.
#include "harness/base/clock.h"
#include "harness/cli/allocator_options.h"
#include "harness/cli/command.h"
#include "harness/cli/condition_options.h"
#include "harness/cli/inputs.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/minimize_report.h"
#include "harness/cli/policies.h"
#include "harness/cli/progress.h"
#include "harness/cli/roster.h"
#include "harness/cli/usage.h"

#include <argp.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct arguments {
    struct hd_allocator_options allocators;
    struct hd_conditions conditions;
    const char *signature; // NULL: the first
    const char *policy;    // a file; NULL: as for `run`
    char *path;
    const char *output; // NULL: beside the trace
    double budget;      // seconds; 0: for ever
};

#define BUDGET_DEFAULT 60
#define BUDGET_MAX     1e9

#define ARENA_SIZE ((size_t)1 << 36) // of address space; what is not used costs nothing

enum { KEY_BUDGET = 512, KEY_POLICY };

static const struct argp_option options[] = {
    {"signature", 's', "SIG", 0,
     "The finding to keep, as `heapduel run' names it: oracle/operation/place. Default: the first",
     0},
    {"output", 'o', "OUT", 0,
     "Write the smallest trace to OUT, `-' for standard output. Default: TRACE with .min.trace in "
     "place of its ending, and standard output when TRACE is `-'",
     0},
    {"budget", KEY_BUDGET, "SECONDS", 0,
     "How long to look for a smaller trace, default 60; 0: to the end. The best so far is written",
     0},
    {"policy", KEY_POLICY, "FILE", 0,
     "Hold the allocators to what FILE says they may ask of the kernel, as `heapduel run' does", 0},
    {0},
};

static double seconds(const char *text, const struct argp_state *state)
{
    char *end;
    const double value = strtod(text, &end);
    if (end == text || *end != '\0' || !(value >= 0 && value <= BUDGET_MAX))
        argp_error(state, "the budget is a number of seconds, not '%s'", text);
    return value;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct arguments *into = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        hd_condition_inputs(state, &into->allocators, &into->conditions);
        return 0;
    case 's': into->signature = argument; return 0;
    case 'o': into->output = argument; return 0;
    case KEY_BUDGET: into->budget = seconds(argument, state); return 0;
    case KEY_POLICY: into->policy = argument; return 0;
    case ARGP_KEY_ARG:
        if (into->path != NULL) argp_error(state, "one trace at a time");
        into->path = argument;
        return 0;
    case ARGP_KEY_NO_ARGS: argp_error(state, "which trace?"); return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .children = hd_condition_children,
    .args_doc = "TRACE",
    .doc = "Makes a trace smaller as long as it has the same finding: leaves operations out, makes "
           "sizes small, renumbers slots. The first allocator with a finding is taken; where none "
           "has one, the first difference between them is kept, and with `-s differential/...' "
           "that difference. Each trial runs in a process of its own. What is written has the "
           "finding and the command that shows it as comments. Ctrl-C ends the search; the best "
           "so far is written.\v"
           "Exit status: 0 a trace with the finding was written, 2 the trace has no such finding, "
           "wrong usage or a malformed trace, 3 the machine cannot do it.\n\n"
           "Example:\n\n  heapduel minimize -a ./libmine.so -o small.trace crash-1f3a.bin\n",
};

// ---------------------------------------------------------------------------- when to end

struct search {
    struct hd_minimized *minimized;
    double begin;
};

static bool enough(void *context)
{
    const struct search *search = context;
    struct hd_minimized *minimized = search->minimized;
    if (hd_interrupted())
        minimized->end = HD_MINIMIZED_INTERRUPTED;
    else if (minimized->budget > 0 && hd_now_s() - search->begin >= minimized->budget)
        minimized->end = HD_MINIMIZED_BUDGET;
    return minimized->end != HD_MINIMIZED_WHOLE;
}

static void show_progress(void *context, const struct hd_reduction *reduction)
{
    const struct search *search = context;
    char text[100];
    (void)snprintf(text, sizeof text, "%zu of %zu operations, %" PRIu64 " trials, %.0f s",
                   reduction->count, search->minimized->count, reduction->trials,
                   hd_now_s() - search->begin);
    hd_progress_note(text);
}

// ---------------------------------------------------------------------------- the work

/// TRACE with `.min.trace` in place of `.trace` or `.bin`. Lives as long as the process.
static const char *output_beside(const char *path)
{
    static char output[PATH_MAX + 16];
    if (strcmp(path, "-") == 0) return path;
    size_t length = strlen(path);
    static const char *const endings[] = {".trace", ".bin"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        const size_t ending = strlen(endings[i]);
        if (length <= ending || strcmp(path + length - ending, endings[i]) != 0) continue;
        length -= ending;
        break;
    }
    (void)snprintf(output, sizeof output, "%.*s.min.trace", (int)length, path);
    return output;
}

/// So many seconds as a deadline, which has to be one.
static uint32_t deadline_of(double budget)
{
    const double ms = budget * 1000;
    return ms >= INT_MAX ? INT_MAX : ms < 1 ? 1 : (uint32_t)ms;
}

/// Who runs, under which policies, and which finding of theirs.
static enum hd_status choose(const struct arguments *arguments, const struct hd_trace *trace,
                             struct hd_minimized *minimized, struct hd_message *message)
{
    static struct hd_policies policies;
    struct hd_roster roster;
    struct hd_kept *kept = &minimized->kept;
    enum hd_status status = hd_roster_select(&arguments->allocators, &roster, message);
    if (status == HD_OK)
        status = hd_policies_find(arguments->policy, &roster, &arguments->conditions, &policies,
                                  message);
    if (status != HD_OK) return status;
    kept->conditions = arguments->conditions;
    if (kept->conditions.deadline_ms == 0 && arguments->budget > 0)
        kept->conditions.deadline_ms = deadline_of(arguments->budget); // a hang has to end
    kept->count = roster.count;
    for (size_t i = 0; i < roster.count; i++) {
        kept->specs[i] = roster.names[i];
        kept->held[i] = hd_policies_of(&policies, i);
    }
    hd_progress_note("looking for the finding");
    const bool found =
        hd_calibrate(kept, trace, arguments->signature, &minimized->minimize.calibration);
    hd_progress_clear();
    *message = kept->message;
    if (kept->status != HD_OK) return kept->status;
    if (found) return HD_OK;
    const char *which = arguments->signature != NULL ? arguments->signature : "";
    return hd_fail(message, HD_BAD_INPUT, "%.200s: no finding%s%.100s, in %d runs on %s%s",
                   arguments->path, *which != '\0' ? " " : "", which, HD_CALIBRATE_FIRST,
                   roster.count == 1 ? roster.names[0] : "each allocator",
                   *which != '\0' ? "; `heapduel run' shows what it has" : "");
}

/// Searches, and writes what was found to `output`.
static enum hd_status search(struct hd_minimized *minimized, const struct hd_trace *trace,
                             struct hd_arena *arena, const struct hd_output *output,
                             struct hd_message *message)
{
    struct search context = {.minimized = minimized, .begin = hd_now_s()};
    minimized->minimize.enough = enough;
    minimized->minimize.progress = show_progress;
    minimized->minimize.context = &context;
    enum hd_status status =
        hd_minimize(&minimized->minimize, &minimized->kept, trace, arena, message);
    hd_progress_clear();
    minimized->taken = hd_now_s() - context.begin;
    if (status != HD_OK) return status;
    if (!minimized->minimize.confirmed)
        return hd_fail(message, HD_BAD_INPUT,
                       "%.200s: %s shows in too few runs for a smaller trace to be told from one "
                       "without it",
                       minimized->path, minimized->kept.signature);
    return hd_minimized_write(minimized, output, message);
}

/// `arena` is for the smaller traces.
static int minimize(const struct arguments *arguments, const struct hd_trace *trace,
                    struct hd_arena *arena)
{
    static struct hd_minimized minimized;
    static struct hd_output output;
    struct hd_message message;
    minimized.path = arguments->path;
    minimized.output = arguments->output;
    minimized.policy = arguments->policy;
    minimized.budget = arguments->budget;
    minimized.count = trace->count;
    enum hd_status status = choose(arguments, trace, &minimized, &message);
    if (status != HD_OK) return hd_complain(status, &message);

    FILE *report = strcmp(arguments->output, "-") == 0 ? stderr : stdout;
    const bool json = arguments->allocators.json;
    hd_interrupt_watch();
    status = hd_output_open(&output, arguments->output, &message);
    if (status != HD_OK) return hd_complain(status, &message);
    if (!json) hd_minimized_text_found(&minimized, report);
    status = search(&minimized, trace, arena, &output, &message);
    status = hd_output_finish(&output, status, &message);
    if (status != HD_OK) return hd_complain(status, &message);
    (json ? hd_minimized_json : hd_minimized_text)(&minimized, report);
    return HD_OK;
}

int hd_command_minimize(int argc, char **argv)
{
    struct arguments arguments = {.conditions = HD_CONDITIONS_DEFAULT, .budget = BUDGET_DEFAULT};
    (void)argp_parse(&argp, argc, argv, 0, NULL, &arguments);
    if (arguments.output == NULL) arguments.output = output_beside(arguments.path);

    struct hd_message message;
    enum hd_status status = hd_input_check(arguments.path, &message);
    if (status != HD_OK) return hd_complain(status, &message);
    struct hd_inputs inputs;
    struct hd_arena arena;
    bool located;
    int exit_status;
    hd_arena_open(&arena, ARENA_SIZE);
    status = hd_inputs_read(&inputs, &arguments.path, 1, &located, &message);
    if (status == HD_OK)
        exit_status = minimize(&arguments, &inputs.items[0].trace, &arena);
    else
        exit_status =
            located ? hd_complain_located(status, &message) : hd_complain(status, &message);
    hd_inputs_close(&inputs);
    hd_arena_close(&arena);
    return exit_status;
}
