// SPDX-License-Identifier: MIT
/// bench.c: `heapduel bench`: what judging costs, what the tap does, and what fuzzing finds when.
#include "harness/cli/bench.h"

#include "harness/bench/hunts.h"
#include "harness/bench/measure.h"
#include "harness/bench/workload.h"
#include "harness/cli/allocator_options.h"
#include "harness/cli/bench_find.h"
#include "harness/cli/command.h"
#include "harness/cli/option_values.h"
#include "harness/cli/progress.h"
#include "harness/cli/roster.h"
#include "harness/cli/usage.h"

#include <argp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const struct hd_bench_load hd_bench_loads[HD_BENCH_LOADS] = {{1000, 1000000}, {1000000, 2000000}};

struct arguments {
    struct hd_allocator_options allocators;
    unsigned rounds;
    bool judging;
    bool tap;
    bool finds;
    struct hd_bench_find_options find;
};

enum { KEY_ONLY = 512, KEY_TIME, KEY_SETTING };

#define ROUNDS      3
#define FIND_ROUNDS 10
#define FIND_TIME_S 60

static const struct argp_option options[] = {
    {"only", KEY_ONLY, "PART", 0,
     "Measure only what judging costs, what the tap costs, or how "
     "long fuzzing takes to find what: judging, tap or time-to-find. "
     "Default: the first two",
     0},
    {"rounds", 'r', "N", 0, "Take medians of N rounds, 1 to 15, default 3; of time-to-find 10", 0},
    {"time", KEY_TIME, "TIME", 0,
     "time-to-find: for how long to fuzz at most: 90, 90s, 15m. Default: 60s", 0},
    {"jobs", 'j', "N", 0,
     "time-to-find: so many campaigns at a time. Default: the number of processors", 0},
    {"setting", KEY_SETTING, "SETTING", 0,
     "time-to-find: only default, bytes (changed as bytes by the engine alone) or no-behaviour "
     "(the engine sees covered code alone). May be repeated. Default: each",
     0},
    {0},
};

static void choose_part(const char *text, struct arguments *into, const struct argp_state *state)
{
    into->judging = strcmp(text, "judging") == 0;
    into->tap = strcmp(text, "tap") == 0;
    into->finds = strcmp(text, "time-to-find") == 0;
    if (!into->judging && !into->tap && !into->finds)
        argp_error(state, "the part is judging, tap or time-to-find, not '%s'", text);
}

static void add_setting(const char *text, struct arguments *into, const struct argp_state *state)
{
    for (size_t i = 0; i < HD_HUNT_SETTINGS; i++) {
        if (strcmp(text, hd_hunt_settings[i].name) != 0) continue;
        into->find.settings[i] = true;
        return;
    }
    argp_error(state, "the setting is default, bytes or no-behaviour, not '%s'", text);
}

/// What was not given.
static void complete(struct arguments *into)
{
    bool any = false;
    for (size_t i = 0; i < HD_HUNT_SETTINGS; i++)
        any = any || into->find.settings[i];
    for (size_t i = 0; i < HD_HUNT_SETTINGS; i++)
        into->find.settings[i] = into->find.settings[i] || !any;
    into->find.rounds = into->rounds != 0 ? into->rounds : FIND_ROUNDS;
    if (into->rounds == 0) into->rounds = ROUNDS;
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    if (into->find.jobs != 0) return;
    into->find.jobs = 1;
    if (processors > 1)
        into->find.jobs = processors < HD_HUNTS_JOBS_MAX ? (unsigned)processors : HD_HUNTS_JOBS_MAX;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct arguments *into = state->input;
    switch (key) {
    case ARGP_KEY_INIT: state->child_inputs[0] = &into->allocators; return 0;
    case 'r':
        into->rounds =
            hd_option_number(argument, 1, HD_MEASURE_ROUNDS_MAX, "the number of rounds", state);
        return 0;
    case 'j':
        into->find.jobs =
            hd_option_number(argument, 1, HD_HUNTS_JOBS_MAX, "the number of jobs", state);
        return 0;
    case KEY_ONLY: choose_part(argument, into, state); return 0;
    case KEY_TIME: into->find.time = hd_option_duration(argument, state); return 0;
    case KEY_SETTING: add_setting(argument, into, state); return 0;
    case ARGP_KEY_END: complete(into); return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "no argument is wanted, but there is '%s'", argument);
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{&hd_allocator_argp, 0, NULL, 0}, {0}};

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .children = children,
    .doc = "Measures what judging costs: a made trace is replayed bare (the same calls, each block "
           "filled once by memset, nothing checked) and judged by all oracles, each time in a "
           "process of its own, with 1,000 and with 1,000,000 live blocks. And what the tap costs, "
           "which sees the allocator's system calls: operations that make none, bare and judged, "
           "with the tap and without; and a pair of mmap and munmap, by each way of the tap that "
           "works here, and under strace. Nanoseconds are processor time of one operation, or of "
           "one pair.\n\n"
           "time-to-find is measured only when it is asked for: how long fuzzing (libFuzzer, one "
           "process, from an empty corpus, as `heapduel fuzz' does it) takes to its first finding, "
           "each round with another seed; by default on each library that is broken on purpose "
           "in this build.\v"
           "Examples:\n\n  heapduel bench -a glibc -a jemalloc --only tap\n"
           "  heapduel bench -a ./libmine.so --only time-to-find --time 20s\n",
};

double hd_bench_ratio(const struct hd_bench_judging *judging, size_t load)
{
    return judging->judged_ns[load] / judging->bare_ns[load];
}

double hd_bench_growth(const struct hd_bench_judging *judging)
{
    return hd_bench_ratio(judging, HD_BENCH_LOADS - 1) / hd_bench_ratio(judging, 0);
}

// ---------------------------------------------------------------------------- judging

static enum hd_status measure_judging(const char *name, unsigned rounds, struct hd_arena *arena,
                                      struct hd_bench_judging *judging, struct hd_message *message)
{
    for (size_t i = 0; i < HD_BENCH_LOADS; i++) {
        struct hd_trace trace;
        struct hd_measure measured;
        hd_arena_reset(arena, 0);
        hd_workload_make(arena, hd_bench_loads[i].live, hd_bench_loads[i].operations, &trace);
        const enum hd_status status = hd_measure_trace(name, &trace, rounds, &measured, message);
        if (status != HD_OK) return status;
        judging->bare_ns[i] = (double)measured.bare_ns / (double)trace.count;
        judging->judged_ns[i] = (double)measured.judged_ns / (double)trace.count;
    }
    return HD_OK;
}

/// All of the roster, each allocator's line printed as it comes, or put into `into`.
static enum hd_status bench_judging(const struct arguments *arguments,
                                    const struct hd_roster *roster, json_t *into,
                                    struct hd_message *message)
{
    struct hd_arena arena;
    hd_arena_open(&arena, (size_t)4 << 30);
    json_t *rows = json_array();
    json_object_set_new(into, "judging", rows);
    enum hd_status status = HD_OK;
    if (!arguments->allocators.json) hd_bench_text_judging_head();
    for (size_t i = 0; i < roster->count && status == HD_OK; i++) {
        const char *name = roster->names[i];
        struct hd_bench_judging judging;
        hd_progress_show(i + 1, roster->count, "judging", name);
        status = measure_judging(name, arguments->rounds, &arena, &judging, message);
        hd_progress_clear();
        if (status != HD_OK) break;
        json_array_append_new(rows, hd_bench_json_judging(name, &judging));
        if (!arguments->allocators.json) hd_bench_text_judging(name, &judging);
    }
    hd_arena_close(&arena);
    return status;
}

// ---------------------------------------------------------------------------- the tap

/// The way that `auto` would take; HD_TAP_OFF: none works here.
static enum hd_tap_way first_way(void)
{
    struct hd_message why_not;
    for (enum hd_tap_way way = HD_TAP_OFF + 1; way < HD_TAP_WAYS; way++)
        if (hd_tap_try(way, &why_not) == HD_OK) return way;
    return HD_TAP_OFF;
}

static enum hd_status bench_operations(const struct arguments *arguments,
                                       const struct hd_roster *roster, enum hd_tap_way way,
                                       json_t *rows, struct hd_message *message)
{
    if (!arguments->allocators.json) hd_bench_text_tap_head(way);
    for (size_t i = 0; i < roster->count && way != HD_TAP_OFF; i++) {
        const char *name = roster->names[i];
        struct hd_tap_cost cost;
        hd_progress_show(i + 1, roster->count, "the tap", name);
        const enum hd_status status =
            hd_tap_cost_measure(name, way, arguments->rounds, &cost, message);
        hd_progress_clear();
        if (status != HD_OK) return status;
        json_array_append_new(rows, hd_bench_json_tap(name, &cost));
        if (!arguments->allocators.json) hd_bench_text_tap(name, &cost);
    }
    return HD_OK;
}

static enum hd_status bench_tap(const struct arguments *arguments, const struct hd_roster *roster,
                                json_t *into, struct hd_message *message)
{
    const enum hd_tap_way way = first_way();
    json_t *tap = json_object();
    json_t *rows = json_array();
    json_object_set_new(into, "tap", tap);
    json_object_set_new(tap, "way", json_string(hd_tap_names[way]));
    json_object_set_new(tap, "allocators", rows);
    enum hd_status status = bench_operations(arguments, roster, way, rows, message);
    if (status != HD_OK) return status;

    struct hd_pair_cost pair;
    status = hd_pair_cost_measure(arguments->rounds, &pair, message);
    if (status != HD_OK) return status;
    json_object_set_new(tap, "mmap_munmap", hd_bench_json_pair(way, &pair));
    if (!arguments->allocators.json) {
        (void)putchar('\n');
        hd_bench_text_pair(way, &pair);
    }
    return HD_OK;
}

// ---------------------------------------------------------------------------- the command

static enum hd_status bench_all(const struct arguments *arguments, struct hd_message *message)
{
    struct hd_roster roster;
    const bool json = arguments->allocators.json;
    json_t *document = json_object();
    json_object_set_new(document, "heapduel", json_string(HEAPDUEL_VERSION));
    enum hd_status status = HD_OK;
    if (!arguments->finds) status = hd_roster_select(&arguments->allocators, &roster, message);
    if (status == HD_OK && arguments->judging)
        status = bench_judging(arguments, &roster, document, message);
    if (status == HD_OK && arguments->judging && arguments->tap && !json) (void)putchar('\n');
    if (status == HD_OK && arguments->tap)
        status = bench_tap(arguments, &roster, document, message);
    if (status == HD_OK && arguments->finds)
        status = hd_bench_find(&arguments->find, &arguments->allocators, document, message);
    if (status == HD_OK && json) {
        (void)json_dumpf(document, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
        (void)putchar('\n');
    }
    json_decref(document);
    return status;
}

int hd_command_bench(int argc, char **argv)
{
    struct arguments arguments = {.judging = true, .tap = true, .find.time = FIND_TIME_S};
    (void)argp_parse(&argp, argc, argv, 0, NULL, &arguments);

    struct hd_message message;
    const enum hd_status status = bench_all(&arguments, &message);
    return status == HD_OK ? HD_OK : hd_complain(status, &message);
}
