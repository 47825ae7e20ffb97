// SPDX-License-Identifier: MIT
/// score.c: `heapduel score`: which oracle finds what, by replaying traces and by fuzzing.
#include "harness/cli/score.h"

#include "harness/campaign/fuzzer.h"
#include "harness/campaign/hunts.h"
#include "harness/cli/command.h"
#include "harness/cli/grow.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/option_values.h"
#include "harness/cli/usage.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ARENA_BYTES ((size_t)1 << 30) // of address space
#define TIME_S      60
#define INPUTS_MAX  1000000000

struct arguments {
    struct hd_allocator_options allocators;
    struct hd_score_options score;
    char **paths;
    size_t path_count;
    size_t path_capacity;
};

enum { KEY_ONLY = 512, KEY_TIME, KEY_INPUTS, KEY_SETTING };

static const struct argp_option options[] = {
    {"only", KEY_ONLY, "PART", 0, "Only one part: replay or fuzzing. Default: both", 0},
    {"time", KEY_TIME, "TIME", 0, "For how long to fuzz each at most: 90, 90s, 15m. Default: 60s",
     0},
    {"inputs", KEY_INPUTS, "N", 0,
     "What takes more than N inputs to find is not found. Default: any number", 0},
    {"rounds", 'r', "N", 0, "Fuzz each N times with other seeds, 1 to 15. Default: 1", 0},
    {"jobs", 'j', "N", 0, "So many campaigns at a time. Default: the number of processors", 0},
    {"setting", KEY_SETTING, "SETTING", 0,
     "How to fuzz: default, bytes (inputs are changed as bytes by the engine alone) or "
     "no-behaviour "
     "(the engine sees covered code alone). May be repeated. Default: default",
     0},
    {0},
};

static void set_part(const char *text, struct hd_score_options *into,
                     const struct argp_state *state)
{
    const bool replay = strcmp(text, "replay") == 0;
    if (!replay && strcmp(text, "fuzzing") != 0)
        argp_error(state, "the part is replay or fuzzing, not '%s'", text);
    into->replays = replay;
    into->fuzzes = !replay;
}

static void add_setting(const char *text, struct hd_score_options *into,
                        const struct argp_state *state)
{
    for (size_t i = 0; i < HD_HUNT_SETTINGS; i++) {
        if (strcmp(text, hd_hunt_settings[i].name) != 0) continue;
        into->settings[i] = true;
        return;
    }
    argp_error(state, "the setting is default, bytes or no-behaviour, not '%s'", text);
}

static void add_path(char *path, struct arguments *into)
{
    into->paths = hd_grow(into->paths, into->path_count, &into->path_capacity, sizeof *into->paths);
    into->paths[into->path_count++] = path;
}

/// What was not given.
static void complete(struct arguments *into, const struct argp_state *state)
{
    struct hd_score_options *score = &into->score;
    if (score->replays && into->path_count == 0)
        argp_error(state, "which traces are to be replayed?");
    if (!score->replays && into->path_count > 0)
        argp_error(state, "with --only fuzzing no trace is replayed, but there is '%s'",
                   into->paths[0]);
    bool any = false;
    for (size_t i = 0; i < HD_HUNT_SETTINGS; i++)
        any = any || score->settings[i];
    score->settings[0] = score->settings[0] || !any;
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    if (score->jobs != 0) return;
    score->jobs = 1;
    if (processors > 1)
        score->jobs = processors < HD_HUNTS_JOBS_MAX ? (unsigned)processors : HD_HUNTS_JOBS_MAX;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct arguments *into = state->input;
    struct hd_score_options *score = &into->score;
    switch (key) {
    case ARGP_KEY_INIT: state->child_inputs[0] = &into->allocators; return 0;
    case KEY_ONLY: set_part(argument, score, state); return 0;
    case KEY_TIME: score->time = hd_option_duration(argument, state); return 0;
    case KEY_INPUTS:
        score->inputs = hd_option_number(argument, 1, INPUTS_MAX, "the number of inputs", state);
        return 0;
    case 'r':
        score->rounds = hd_option_number(argument, 1, HD_TIME_TO_FIND_ROUNDS_MAX,
                                         "the number of rounds", state);
        return 0;
    case 'j':
        score->jobs = hd_option_number(argument, 1, HD_HUNTS_JOBS_MAX, "the number of jobs", state);
        return 0;
    case KEY_SETTING: add_setting(argument, score, state); return 0;
    case ARGP_KEY_ARG: add_path(argument, into); return 0;
    case ARGP_KEY_END: complete(into, state); return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .children = hd_allocator_children,
    .args_doc = "[TRACE...]",
    .doc =
        "Shows which oracle finds which bug: in each library that is broken on purpose in this "
        "build, which is the default, or in those given by -a. First by replaying the traces alone "
        "(files, folders, or "
        "`-'): on which step of which trace the oracle that the fault is for finds it, after how "
        "long, and on how many traces each oracle finds something. Traces after one on which the "
        "library hung are left out. Then by fuzzing, as `heapduel fuzz' does it by itself: "
        "libFuzzer, one process, from an empty corpus to the first finding; with several rounds "
        "medians.\v"
        "Examples:\n\n  heapduel score corpus/\n"
        "  heapduel score -a ./libmine.so --only fuzzing --time 20s --rounds 5\n",
};

static void add_rows(struct hd_score *score, const struct hd_suspects *suspects)
{
    score->rows =
        hd_arena_take(&score->arena, suspects->count * sizeof *score->rows, _Alignof(max_align_t));
    score->count = suspects->count;
    for (size_t i = 0; i < suspects->count; i++)
        score->rows[i] = (struct hd_score_row){.suspect = suspects->items[i]};
}

static enum hd_status measure(const struct arguments *arguments, struct hd_score *score,
                              struct hd_message *message)
{
    struct hd_suspects suspects;
    struct hd_programs programs; // before anything is tried
    enum hd_status status = HD_OK;
    hd_interrupt_watch();
    if (score->options.fuzzes) status = hd_programs_find(&hd_fuzzer_libfuzzer, &programs, message);
    if (status == HD_OK)
        status = hd_suspects_select(&arguments->allocators, &score->arena, &suspects, message);
    if (status != HD_OK) return status;
    add_rows(score, &suspects);
    if (score->options.replays) status = hd_score_replay(score, message);
    if (status == HD_OK && score->options.fuzzes) status = hd_score_fuzz(score, message);
    return status;
}

static void print_json(const struct hd_score *score)
{
    json_t *document = hd_score_json(score);
    (void)json_dumpf(document, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    (void)putchar('\n');
    json_decref(document);
}

int hd_command_score(int argc, char **argv)
{
    struct arguments arguments = {
        .score = {.replays = true, .fuzzes = true, .time = TIME_S, .rounds = 1}};
    (void)argp_parse(&argp, argc, argv, 0, NULL, &arguments);

    struct hd_inputs inputs;
    struct hd_message message;
    bool located;
    struct hd_score score = {
        .options = arguments.score, .inputs = &inputs, .json = arguments.allocators.json};
    enum hd_status status =
        hd_inputs_read(&inputs, arguments.paths, arguments.path_count, &located, &message);
    if (status == HD_OK) {
        hd_arena_open(&score.arena, ARENA_BYTES);
        status = measure(&arguments, &score, &message);
        if (status == HD_OK && score.json) print_json(&score);
        hd_arena_close(&score.arena);
    }
    hd_inputs_close(&inputs);
    free(arguments.paths);
    if (status == HD_OK) return 0;
    return located ? hd_complain_located(status, &message) : hd_complain(status, &message);
}
