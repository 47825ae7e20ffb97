// SPDX-License-Identifier: MIT
/// run.c: `heapduel run`: carry traces out on allocators, and judge every answer.
#include "harness/cli/allocator_options.h"
#include "harness/cli/command.h"
#include "harness/cli/condition_options.h"
#include "harness/cli/session.h"
#include "harness/cli/usage.h"

#include <argp.h>
#include <stdlib.h>

enum { KEY_SAVE = 512, KEY_BASELINE, KEY_TOLERANCE, KEY_POLICY };

static const struct argp_option options[] = {
    {"policy", KEY_POLICY, "FILE", 0,
     "Hold the allocators to what FILE says they may ask of the kernel, in place of their own "
     "policy or of what a trial of a library without one finds",
     0},
    {"footprint-save", KEY_SAVE, "FILE", 0,
     "Write what each run needed of the kernel to FILE, as JSON", 0},
    {"footprint-baseline", KEY_BASELINE, "FILE", 0,
     "Compare system calls, peak mapped and mapped after all is freed with such a file; what grew "
     "is a finding",
     0},
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
    struct hd_run_request *into = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        hd_condition_inputs(state, &into->allocators, &into->conditions);
        return 0;
    case 'v': into->verbose = true; return 0;
    case KEY_POLICY: into->policy = argument; return 0;
    case KEY_SAVE: into->footprint.save = argument; return 0;
    case KEY_BASELINE: into->footprint.baseline = argument; return 0;
    case KEY_TOLERANCE: into->footprint.tolerance = percent(argument, state); return 0;
    case ARGP_KEY_ARG: hd_run_request_add(into, argument); return 0;
    case ARGP_KEY_NO_ARGS: argp_error(state, "which trace?"); return 0;
    case ARGP_KEY_END:
        if (into->footprint.tolerance != 0 && into->footprint.baseline == NULL)
            argp_error(state, "a tolerance is for --footprint-baseline");
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .children = hd_condition_children,
    .args_doc = "TRACE...",
    .doc = "Carries out traces on allocators, each in a process of its own, judges every answer, "
           "and compares the allocators. TRACE is a file of any form that is read, a folder (every "
           ".trace and .bin file in it and below), or `-' for standard input. All traces are read "
           "before the first is run.\v"
           "Exit status: 0 nothing found, 1 a finding, 2 wrong usage or a malformed trace, 3 the "
           "machine cannot do it.\n\n"
           "Example:\n\n  heapduel run -a glibc -a ./libmine.so corpus/\n",
};

int hd_command_run(int argc, char **argv)
{
    struct hd_run_request request = {.conditions = HD_CONDITIONS_DEFAULT};
    request.conditions.measures_resident = true;
    (void)argp_parse(&argp, argc, argv, 0, NULL, &request);

    request.reporter = request.allocators.json ? &hd_reporter_json : &hd_reporter_text;
    return hd_session_run(&request);
}
