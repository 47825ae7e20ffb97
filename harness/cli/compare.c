// SPDX-License-Identifier: MIT
/// compare.c: `heapduel compare`: where allocators differ, and what each needs for the same work.
#include "harness/cli/compare.h"

#include "harness/cli/allocator_options.h"
#include "harness/cli/command.h"
#include "harness/cli/condition_options.h"
#include "harness/cli/session.h"

#include <argp.h>

enum { KEY_TIME = 512 };

static const struct argp_option options[] = {
    {"time", KEY_TIME, NULL, 0,
     "Also how long each takes for the same calls with nothing checked, over the "
     "traces in which no request fails: the median of three bare runs",
     0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct hd_run_request *into = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        hd_condition_inputs(state, &into->allocators, &into->conditions);
        return 0;
    case KEY_TIME: hd_compared.times = true; return 0;
    case ARGP_KEY_ARG: hd_run_request_add(into, argument); return 0;
    case ARGP_KEY_NO_ARGS: argp_error(state, "which trace?"); return 0;
    case ARGP_KEY_END:
        if (into->allocators.count == 1)
            argp_error(state, "one allocator has nothing to differ from");
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .children = hd_condition_children,
    .args_doc = "TRACE...",
    .doc = "Carries traces out on allocators and puts them beside each other: where one breaks "
           "what the standards fix, which is a finding; what a probe of each finds; where they "
           "choose differently; and what each asked of the kernel for the same work. TRACE is a "
           "file of any form, a folder, or `-' for standard input.\v"
           "Exit status: 0 nothing found, 1 a finding, 2 wrong usage or a malformed trace, 3 the "
           "machine cannot do it.\n\n"
           "Example:\n\n  heapduel compare -a glibc -a ./libmine.so corpus/seeds\n",
};

int hd_command_compare(int argc, char **argv)
{
    struct hd_run_request request = {.conditions = HD_CONDITIONS_DEFAULT};
    request.conditions.measures_resident = true;
    request.conditions.sums_timeline = true;
    (void)argp_parse(&argp, argc, argv, 0, NULL, &request);
    request.reporter =
        request.allocators.json ? &hd_reporter_compare_json : &hd_reporter_compare_text;
    return hd_session_run(&request);
}
