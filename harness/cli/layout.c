// SPDX-License-Identifier: MIT
/// layout.c: `heapduel layout`: the address space after a trace.
#include "harness/cli/layout.h"

#include "harness/cli/command.h"
#include "harness/cli/condition_options.h"

#include <argp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct arguments {
    struct hd_allocator_options allocators;
    struct hd_conditions conditions;
    struct hd_layout_view view;
    const char *color;
    char *path;
};

enum { KEY_COLOR = 256 };

static const struct argp_option options[] = {
    {"relative", 'r', NULL, 0,
     "Names and offsets in place of addresses, so that two allocators or machines can be compared",
     0},
    {"all", 'A', NULL, 0, "Show each live block, not only the first and last of a mapping", 0},
    {"color", KEY_COLOR, "WHEN", 0,
     "The allocator's memory in colour: auto (default: on a terminal), always or never", 0},
    {0},
};

static bool is_colored(const char *when, const struct argp_state *state)
{
    if (strcmp(when, "always") == 0) return true;
    if (strcmp(when, "never") == 0) return false;
    if (strcmp(when, "auto") != 0)
        argp_error(state, "the colour is auto, always or never, not '%s'", when);
    const char *terminal = getenv("TERM");
    const char *unwanted = getenv("NO_COLOR"); // no-color.org
    return isatty(STDOUT_FILENO) != 0 && (unwanted == NULL || *unwanted == '\0') &&
           terminal != NULL && strcmp(terminal, "dumb") != 0;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct arguments *into = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        hd_condition_inputs(state, &into->allocators, &into->conditions);
        return 0;
    case 'r': into->view.relative = true; return 0;
    case 'A': into->view.all = true; return 0;
    case KEY_COLOR: into->color = argument; return 0;
    case ARGP_KEY_ARG:
        if (into->path != NULL) argp_error(state, "one trace at a time");
        into->path = argument;
        return 0;
    case ARGP_KEY_END:
        if (into->path == NULL) argp_error(state, "which trace?");
        if (into->allocators.json && (into->view.relative || into->view.all))
            argp_error(state, "--relative and --all are for text; the JSON holds it all");
        if (into->conditions.tap == HD_TAP_OFF)
            argp_error(state, "with --tap off nobody knows whose memory is whose");
        into->view.color = is_colored(into->color, state);
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .children = hd_condition_children,
    .args_doc = "TRACE",
    .doc = "Carries out a trace on allocators and shows the address space as it is after the last "
           "operation, from low to high addresses: each mapping, its size and rights, whose it is, "
           "the live blocks in it, and where the break is. TRACE `-' is standard input.\v"
           "Exit status: 0 nothing found, 1 an allocator broke an oracle, 2 wrong usage or a "
           "malformed trace, 3 the machine cannot do it.\n\n"
           "Example:\n\n  heapduel layout -a glibc --all crash-1f3a.trace\n",
};

static void find_program(struct hd_layout_view *view)
{
    const ssize_t length = readlink("/proc/self/exe", view->program, sizeof view->program - 1);
    view->program[length > 0 ? length : 0] = '\0';
}

int hd_command_layout(int argc, char **argv)
{
    static struct arguments arguments;
    arguments.conditions = HD_CONDITIONS_DEFAULT;
    arguments.conditions.records_snapshot = true;
    arguments.color = "auto";
    (void)argp_parse(&argp, argc, argv, 0, NULL, &arguments);

    static struct hd_trials trials;
    int exit_status = hd_trials_open(&trials, arguments.path, &arguments.allocators,
                                     &arguments.conditions);
    if (exit_status == HD_OK) {
        arguments.view.trials = &trials;
        find_program(&arguments.view);
        if (arguments.allocators.json)
            hd_layout_json(&arguments.view);
        else
            hd_layout_text(&arguments.view);
        exit_status = arguments.allocators.json ? hd_trials_status(&trials)
                                                : hd_trials_verdict(&trials, stdout);
    }
    hd_trials_close(&trials);
    return exit_status;
}
