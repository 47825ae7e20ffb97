// SPDX-License-Identifier: MIT
/// run.c: `heapduel run`: carry traces out on allocators, and judge every answer.
#include "harness/cli/allocator_options.h"
#include "harness/cli/command.h"
#include "harness/cli/footprint.h"
#include "harness/cli/grow.h"
#include "harness/cli/inputs.h"
#include "harness/cli/condition_options.h"
#include "harness/cli/policies.h"
#include "harness/cli/progress.h"
#include "harness/cli/report.h"
#include "harness/cli/roster.h"
#include "harness/cli/tally.h"
#include "harness/cli/usage.h"

#include <argp.h>
#include <stdlib.h>

struct arguments {
    struct hd_allocator_options allocators;
    struct hd_conditions conditions;
    struct hd_footprint_options footprint;
    const char *policy; // a file; NULL: each allocator's own, or what a trial finds
    bool verbose;
    char **paths;
    size_t path_count;
    size_t path_capacity;
};

enum { KEY_SAVE = 512, KEY_BASELINE, KEY_TOLERANCE, KEY_POLICY };

static const struct argp_option options[] = {
    {"policy", KEY_POLICY, "FILE", 0,
     "Hold the allocators to what FILE says they may ask of the kernel, in place of their own "
     "policy or of what a trial of a library without one finds", 0},
    {"footprint-save", KEY_SAVE, "FILE", 0,
     "Write what each run needed of the kernel to FILE, as JSON", 0},
    {"footprint-baseline", KEY_BASELINE, "FILE", 0,
     "Compare system calls, peak mapped and mapped after all is freed with such a file; what grew "
     "is a finding", 0},
    {"footprint-tolerance", KEY_TOLERANCE, "PERCENT", 0,
     "How much larger than in the baseline a figure may be, default 0", 0},
    {"verbose", 'v', NULL, 0,
     "Show every trace of a folder, and choices in which the allocators agree", 0},
    {0},
};

static double percent(const char *text, const struct argp_state *state)
{
    char *end;
    const double value = strtod(text, &end);
    if (end == text || *end != '\0' || !(value >= 0 && value <= 1e6))
        argp_error(state, "the tolerance is a number of per cent, not '%s'", text);
    return value;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct arguments *into = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &into->allocators;
        state->child_inputs[1] = &into->conditions;
        return 0;
    case 'v': into->verbose = true; return 0;
    case KEY_POLICY: into->policy = argument; return 0;
    case KEY_SAVE: into->footprint.save = argument; return 0;
    case KEY_BASELINE: into->footprint.baseline = argument; return 0;
    case KEY_TOLERANCE: into->footprint.tolerance = percent(argument, state); return 0;
    case ARGP_KEY_ARG:
        into->paths =
            hd_grow(into->paths, into->path_count, &into->path_capacity, sizeof *into->paths);
        into->paths[into->path_count++] = argument;
        return 0;
    case ARGP_KEY_NO_ARGS: argp_error(state, "which trace?"); return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {
    {&hd_allocator_argp, 0, NULL, 0}, {&hd_condition_argp, 0, NULL, 0}, {0}};

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .children = children,
    .args_doc = "TRACE...",
    .doc = "Carries out traces on allocators, each in a process of its own, judges every answer, "
           "and compares the allocators. TRACE is a file of either form, a folder (every .trace "
           "and .bin file in it and below), or `-' for standard input. All traces are read before "
           "the first is run.\v"
           "Exit status: 0 nothing found, 1 a finding, 2 wrong usage or a malformed trace, 3 the "
           "machine cannot do it.\n\n"
           "Example:\n\n  heapduel run -a glibc -a ./libmine.so corpus/\n",
};

/// Releases the results of the first `count` allocators.
static void release(struct hd_result results[HD_CONTESTANTS_MAX], size_t count)
{
    for (size_t i = 0; i < count; i++)
        hd_result_release(&results[i]);
}

static void compare(const struct hd_input *input, const struct hd_roster *roster,
                    const struct hd_result results[HD_CONTESTANTS_MAX],
                    struct hd_comparison *comparison)
{
    struct hd_contestant contestants[HD_CONTESTANTS_MAX];
    for (size_t i = 0; i < roster->count; i++)
        contestants[i] = (struct hd_contestant){
            .name = roster->names[i], .policy = results[i].policy, .outcomes = results[i].outcomes};
    hd_compare(&input->trace, contestants, roster->count, comparison);
}

/// Runs one trace on all allocators, reports it and adds it to the tally.
static enum hd_status run_trace(const struct arguments *arguments, const struct hd_inputs *inputs,
                                size_t which, const struct hd_policies *policies, const struct hd_reporter *reporter,
                                struct hd_tally *tally, struct hd_footprint_book *book,
                                struct hd_message *message)
{
    static struct hd_comparison comparison;
    const struct hd_input *input = &inputs->items[which];
    const struct hd_roster *roster = tally->roster;
    struct hd_result results[HD_CONTESTANTS_MAX];
    for (size_t i = 0; i < roster->count; i++) {
        hd_progress_show(which + 1, inputs->count, input->path, roster->names[i]);
        struct hd_conditions conditions = arguments->conditions;
        conditions.kernel = hd_policies_of(policies, i);
        const enum hd_status status = hd_runner_run(roster->names[i], &input->trace, &conditions,
                                                    &results[i], message);
        if (status == HD_OK) {
            hd_footprint_add(book, input->path, roster->names[i], results[i].run);
            continue;
        }
        release(results, i);
        hd_progress_clear();
        return status;
    }
    compare(input, roster, results, &comparison);
    const struct hd_trace_results trace = {
        .input = input, .roster = roster, .results = results, .comparison = &comparison};
    hd_tally_add(tally, &trace);
    hd_progress_clear();
    reporter->trace(&trace, arguments->verbose);
    release(results, roster->count);
    return HD_OK;
}

static int run_all(const struct arguments *arguments, const struct hd_inputs *inputs)
{
    struct hd_message message;
    struct hd_roster roster;
    enum hd_status status = hd_roster_select(&arguments->allocators, &roster, &message);
    if (status != HD_OK) return hd_complain(status, &message);

    struct hd_policies policies;
    status = hd_policies_find(arguments->policy, &roster, &arguments->conditions, &policies,
                              &message);
    if (status != HD_OK) return hd_complain(status, &message);
    if (arguments->verbose && !arguments->allocators.json) hd_policies_print(&policies, &roster);
    struct hd_footprint_book book;
    status = hd_footprint_open(&book, &arguments->footprint, &message);
    const struct hd_reporter *reporter =
        arguments->allocators.json ? &hd_reporter_json : &hd_reporter_text;
    static struct hd_tally tally;
    tally.roster = &roster;
    reporter->begin(&roster);
    for (size_t i = 0; status == HD_OK && i < inputs->count; i++)
        status = run_trace(arguments, inputs, i, &policies, reporter, &tally, &book, &message);
    if (status == HD_OK) reporter->end(&tally, &book, arguments->verbose);
    const bool found = tally.findings.count != 0 || tally.differences.count != 0 ||
                       book.growth_count != 0;
    hd_tally_close(&tally);
    if (status == HD_OK)
        status = hd_footprint_close(&book, &message);
    if (status != HD_OK) return hd_complain(status, &message);
    return found ? HD_EXIT_FINDING : HD_OK;
}

int hd_command_run(int argc, char **argv)
{
    struct arguments arguments = {.conditions = HD_CONDITIONS_DEFAULT};
    arguments.conditions.measures_resident = true;
    (void)argp_parse(&argp, argc, argv, 0, NULL, &arguments);

    struct hd_inputs inputs;
    struct hd_message message;
    bool located;
    int exit_status;
    const enum hd_status status =
        hd_inputs_read(&inputs, arguments.paths, arguments.path_count, &located, &message);
    if (status == HD_OK)
        exit_status = run_all(&arguments, &inputs);
    else
        exit_status =
            located ? hd_complain_located(status, &message) : hd_complain(status, &message);
    hd_inputs_close(&inputs);
    free(arguments.paths);
    return exit_status;
}
