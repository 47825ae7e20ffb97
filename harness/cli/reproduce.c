// SPDX-License-Identifier: MIT
/// reproduce.c: `heapduel reproduce`: a finding as a C program.
#include "harness/reproduce/file.h"

#include "allocators/known.h"
#include "harness/cli/allocator_options.h"
#include "harness/cli/command.h"
#include "harness/cli/condition_options.h"
#include "harness/cli/inputs.h"
#include "harness/cli/policies.h"
#include "harness/cli/progress.h"
#include "harness/cli/roster.h"
#include "harness/cli/usage.h"

#include <argp.h>
#include <string.h>

struct arguments {
    struct hd_allocator_options allocators;
    struct hd_conditions conditions;
    const char *signature; // NULL: the first finding
    const char *policy;
    const char *out; // "-": standard output
    char *path;
};

enum { KEY_SIGNATURE = 512, KEY_POLICY };

static const struct argp_option options[] = {
    {"signature", KEY_SIGNATURE, "S", 0,
     "The finding to show, as `heapduel run' names it; default: the first", 0},
    {"policy", KEY_POLICY, "FILE", 0,
     "Hold the allocator to what FILE says it may ask of the kernel, as `heapduel run' does", 0},
    {"output", 'o', "FILE", 0, "Where the program is written; default standard output", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct arguments *into = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        hd_condition_inputs(state, &into->allocators, &into->conditions);
        return 0;
    case KEY_SIGNATURE: into->signature = argument; return 0;
    case KEY_POLICY: into->policy = argument; return 0;
    case 'o': into->out = argument; return 0;
    case ARGP_KEY_ARG:
        if (into->path != NULL) argp_error(state, "one trace at a time");
        into->path = argument;
        return 0;
    case ARGP_KEY_END:
        if (into->path == NULL) argp_error(state, "which trace?");
        if (into->allocators.json) argp_error(state, "the program is text");
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .children = hd_condition_children,
    .args_doc = "TRACE",
    .doc = "Carries out a trace, and writes a C program that shows what was found: the operations "
           "up to it, and a check that fails where the oracle did. The program needs libc and the "
           "allocator alone. Of several allocators it is about the first with a finding. TRACE `-' "
           "is standard input.\v"
           "Exit status: 0 a program is written, 2 wrong usage, a malformed trace or nothing found, "
           "3 the machine cannot do it, or no program can show it without heapduel.\n\n"
           "Example:\n\n  heapduel reproduce -a ./libmine.so -o repro.c crash-1f3a.trace\n",
};

// ---------------------------------------------------------------------------- the finding

/// Runs the trace on one allocator after the other until there is a finding; `reproduction` gets
/// it, and the result, to be released where there is one.
static enum hd_status look_for_finding(const struct arguments *arguments,
                                       struct hd_reproduction *reproduction,
                                       struct hd_result *result, struct hd_message *message)
{
    struct hd_roster roster;
    static struct hd_policies policies;
    enum hd_status status = hd_roster_select(&arguments->allocators, &roster, message);
    if (status == HD_OK)
        status = hd_policies_find(arguments->policy, &roster, &arguments->conditions, &policies,
                                  message);
    for (size_t i = 0; status == HD_OK && i < roster.count; i++) {
        struct hd_conditions conditions = arguments->conditions;
        conditions.held = hd_policies_of(&policies, i);
        hd_progress_show(1, 1, arguments->path, roster.names[i]);
        status = hd_reproduction_run(roster.names[i], reproduction->trace, &conditions,
                                     arguments->signature, result, &reproduction->finding,
                                     message);
        hd_progress_clear();
        if (status != HD_OK) return status;
        if (reproduction->finding != NULL) {
            reproduction->allocator = roster.names[i];
            reproduction->result = result;
            return HD_OK;
        }
        hd_result_release(result);
    }
    if (status != HD_OK) return status;
    if (arguments->signature == NULL)
        return hd_fail(message, HD_BAD_INPUT, "%.300s: nothing is found", arguments->path);
    return hd_fail(message, HD_BAD_INPUT, "%.300s: there is no finding %.100s", arguments->path,
                   arguments->signature);
}

static int complain(enum hd_status status, bool located, const struct hd_message *message)
{
    if (status == HD_OK) return HD_OK;
    return located ? hd_complain_located(status, message) : hd_complain(status, message);
}

int hd_command_reproduce(int argc, char **argv)
{
    static struct arguments arguments;
    arguments.conditions = HD_CONDITIONS_DEFAULT;
    arguments.out = "-";
    (void)argp_parse(&argp, argc, argv, 0, NULL, &arguments);

    struct hd_inputs inputs = {0};
    struct hd_result result;
    struct hd_message message;
    bool located = false;
    enum hd_status status = hd_input_check(arguments.path, &message);
    if (status != HD_OK) return hd_complain(status, &message);
    status = hd_inputs_read(&inputs, &arguments.path, 1, &located, &message);
    if (status == HD_OK) {
        char library[4096];
        char prefix[64];
        struct hd_reproduction reproduction = {
            .trace = &inputs.items[0].trace,
            .library = library,
            .prefix = prefix,
            .source = strcmp(arguments.out, "-") == 0 ? "repro.c" : arguments.out,
            .memory_bytes = arguments.conditions.memory_bytes,
        };
        status = look_for_finding(&arguments, &reproduction, &result, &message);
        if (status == HD_OK) {
            hd_allocator_library(reproduction.allocator, library, sizeof library, prefix,
                                 sizeof prefix);
            status = hd_reproduction_write(&reproduction, arguments.out, &message);
            hd_result_release(&result);
        }
    }
    hd_inputs_close(&inputs);
    return complain(status, located, &message);
}
