// SPDX-License-Identifier: MIT
/// syscalls.c: `heapduel syscalls`: each operation of a trace with the system calls that it made.
#include "harness/cli/syscalls.h"

#include "harness/cli/command.h"
#include "harness/cli/condition_options.h"

#include <argp.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define COLUMNS_MIN 120 // at least so wide a terminal shows two allocators side by side

struct arguments {
    struct hd_allocator_options allocators;
    struct hd_conditions conditions;
    struct hd_syscalls_view view;
    bool summary;
    bool diff;
    bool side_by_side;
    char *path;
};

enum { KEY_SIDE_BY_SIDE = 256 };

static const struct argp_option options[] = {
    {"relative", 'r', NULL, 0,
     "Addresses as offsets into regions that are named as they come up, so that two runs can be "
     "compared",
     0},
    {"summary", 's', NULL, 0, "Only how often each call was made, as strace -c counts", 0},
    {"diff", 'd', NULL, 0,
     "Of two allocators, only the operations at which their calls differ; with relative addresses",
     0},
    {"side-by-side", KEY_SIDE_BY_SIDE, NULL, 0,
     "Two allocators beside each other, as on a terminal of 120 columns or more", 0},
    {"brief", 'b', NULL, 0, "Leave out operations that made no call", 0},
    {0},
};

static void check(const struct arguments *arguments, const struct argp_state *state)
{
    const bool pair = arguments->diff || arguments->side_by_side;
    if (arguments->path == NULL) argp_error(state, "which trace?");
    if (pair && arguments->allocators.count != 2)
        argp_error(state, "%s takes two allocators",
                   arguments->diff ? "--diff" : "--side-by-side");
    if (arguments->summary + arguments->diff + arguments->side_by_side > 1)
        argp_error(state, "one of --summary, --diff and --side-by-side");
    if (arguments->summary && (arguments->view.relative || arguments->view.brief))
        argp_error(state, "a summary has neither addresses nor operations");
    if (arguments->allocators.json && (pair || arguments->summary))
        argp_error(state, "--summary, --diff and --side-by-side are text; the JSON holds it all");
    if (arguments->conditions.tap == HD_TAP_OFF)
        argp_error(state, "with --tap off no system call is seen");
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct arguments *into = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        hd_condition_inputs(state, &into->allocators, &into->conditions);
        return 0;
    case 'r': into->view.relative = true; return 0;
    case 's': into->summary = true; return 0;
    case 'd': into->diff = true; return 0;
    case 'b': into->view.brief = true; return 0;
    case KEY_SIDE_BY_SIDE: into->side_by_side = true; return 0;
    case ARGP_KEY_ARG:
        if (into->path != NULL) argp_error(state, "one trace at a time");
        into->path = argument;
        return 0;
    case ARGP_KEY_END: check(into, state); return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .children = hd_condition_children,
    .args_doc = "TRACE",
    .doc = "Carries out a trace on allocators and shows each operation with the system calls that "
           "it made, as strace writes them. What was called while the library was loaded stands "
           "under `(loading)'; behind the trace stand the frees of what it left. TRACE `-' is "
           "standard input.\v"
           "Exit status: 0 nothing found, 1 an allocator broke an oracle, 2 wrong usage or a "
           "malformed trace, 3 the machine cannot do it.\n\n"
           "Example:\n\n  heapduel syscalls -a glibc -a jemalloc --diff crash-1f3a.trace\n",
};

/// Of standard output; 0: it is no terminal.
static int terminal_width(void)
{
    struct winsize size;
    if (isatty(STDOUT_FILENO) == 0 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
    return size.ws_col;
}

static void show(const struct arguments *arguments, const struct hd_syscalls_view *view)
{
    const bool fits = view->trials->roster.count == 2 && terminal_width() >= COLUMNS_MIN;
    if (arguments->allocators.json)
        hd_syscalls_json(view);
    else if (arguments->summary)
        hd_syscalls_summary(view);
    else if (arguments->diff)
        hd_syscalls_diff(view);
    else if (arguments->side_by_side || fits)
        hd_syscalls_columns(view);
    else
        hd_syscalls_text(view);
}

int hd_command_syscalls(int argc, char **argv)
{
    struct arguments arguments = {.conditions = HD_CONDITIONS_DEFAULT};
    arguments.conditions.records_calls = true;
    (void)argp_parse(&argp, argc, argv, 0, NULL, &arguments);

    static struct hd_trials trials;
    int exit_status = hd_trials_open(&trials, arguments.path, &arguments.allocators,
                                     &arguments.conditions);
    if (exit_status == HD_OK) {
        const int width = terminal_width();
        arguments.view.trials = &trials;
        arguments.view.width = width >= COLUMNS_MIN ? width : COLUMNS_MIN;
        show(&arguments, &arguments.view);
        exit_status = arguments.allocators.json ? hd_trials_status(&trials)
                                                : hd_trials_verdict(&trials, stdout);
    }
    hd_trials_close(&trials);
    return exit_status;
}
