// SPDX-License-Identifier: MIT
/// probe.c: `heapduel probe`: an allocator's policy, found by trying.
#include "harness/cli/probe.h"

#include "allocators/policy_file.h"
#include "harness/cli/command.h"
#include "harness/cli/condition_options.h"
#include "harness/cli/policies.h"
#include "harness/cli/progress.h"
#include "harness/cli/usage.h"

#include <argp.h>
#include <stdio.h>

struct arguments {
    struct hd_allocator_options allocators;
    struct hd_conditions conditions;
    const char *save;
};

enum { KEY_SAVE = 512 };

static const struct argp_option options[] = {
    {"policy-save", KEY_SAVE, "FILE", 0,
     "Write what the allocator can be held to to FILE, for --policy of run, fuzz, minimize and "
     "reproduce",
     0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct arguments *into = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        hd_condition_inputs(state, &into->allocators, &into->conditions);
        return 0;
    case KEY_SAVE: into->save = argument; return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "no argument is wanted, but there is '%s'; -a names an allocator",
                   argument);
        return 0;
    case ARGP_KEY_END:
        if (into->save != NULL && into->allocators.count != 1)
            argp_error(state, "a policy is saved of one allocator: -a names it");
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .children = hd_condition_children,
    .doc = "Finds out by trying what an allocator does where the standards leave it a choice, and "
           "where they say nothing: alignments, requests of no bytes, errno, size classes, what it "
           "asks of the kernel, what misuse it notices. Each question is asked in a child process: "
           "one that crashes, aborts or hangs is answered by that.\v"
           "Exit status: 0 whatever the answers are, 2 wrong usage, 3 the machine cannot do it.\n\n"
           "Example:\n\n  heapduel probe -a ./libmine.so --policy-save mine.policy\n",
};

static enum hd_status probe_all(const struct arguments *arguments, struct hd_probes *probes,
                                struct hd_message *message)
{
    enum hd_status status = hd_roster_select(&arguments->allocators, &probes->roster, message);
    for (size_t i = 0; status == HD_OK && i < probes->roster.count; i++) {
        const char *name = probes->roster.names[i];
        hd_progress_show(i + 1, probes->roster.count, "asking", name);
        status = hd_probe_run(name, &arguments->conditions, &probes->of[i], message);
    }
    hd_progress_clear();
    return status;
}

static enum hd_status save(const struct arguments *arguments, const struct hd_probes *probes,
                           struct hd_message *message)
{
    struct hd_held_policy held;
    const enum hd_status status =
        hd_policy_try(probes->roster.names[0], &arguments->conditions, &held, stderr, message);
    if (status != HD_OK) return status;
    return hd_policy_file_write(arguments->save, &held, message);
}

int hd_command_probe(int argc, char **argv)
{
    static struct arguments arguments;
    static struct hd_probes probes;
    arguments.conditions = HD_CONDITIONS_DEFAULT;
    (void)argp_parse(&argp, argc, argv, 0, NULL, &arguments);

    struct hd_message message;
    enum hd_status status = probe_all(&arguments, &probes, &message);
    if (status == HD_OK && arguments.save != NULL) status = save(&arguments, &probes, &message);
    if (status != HD_OK) return hd_complain(status, &message);
    if (arguments.allocators.json)
        hd_probes_json(&probes);
    else
        hd_probes_text(&probes);
    return HD_OK;
}
