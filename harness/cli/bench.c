// SPDX-License-Identifier: MIT
/// bench.c: `heapduel bench`: what judging costs, and what the tap does.
#include "harness/cli/bench.h"

#include "harness/bench/measure.h"
#include "harness/bench/workload.h"
#include "harness/cli/allocator_options.h"
#include "harness/cli/command.h"
#include "harness/cli/progress.h"
#include "harness/cli/roster.h"
#include "harness/cli/usage.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct hd_bench_load hd_bench_loads[HD_BENCH_LOADS] = {{1000, 1000000}, {1000000, 2000000}};

struct arguments {
    struct hd_allocator_options allocators;
    unsigned rounds;
    bool judging;
    bool tap;
    bool fresh;
    bool repeat;
    enum hd_fresh_way way;
    unsigned long inputs;
};

enum { KEY_ONLY = 512, KEY_FRESH, KEY_INPUTS };

static const struct argp_option options[] = {
    {"only", KEY_ONLY, "PART", 0,
     "Only what judging costs, what the tap costs, what a fresh heap costs, or whether inputs "
     "repeat on it: judging, tap, fresh or repeat. Default: the first three", 0},
    {"fresh", KEY_FRESH, "WAY", 0,
     "How a heap is made fresh: auto, reset, writeprotect or copy. Default: auto", 0},
    {"inputs", KEY_INPUTS, "N", 0, "Of --only repeat: so many inputs, default 100000", 0},
    {"rounds", 'r', "N", 0, "Take medians of N rounds, 1 to 15, default 3", 0},
    {0},
};

static unsigned parse_rounds(const char *text, const struct argp_state *state)
{
    char *end;
    errno = 0;
    const unsigned long rounds = strtoul(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || rounds < 1 || rounds > HD_MEASURE_ROUNDS_MAX)
        argp_error(state, "rounds are 1 to %d, not '%s'", HD_MEASURE_ROUNDS_MAX, text);
    return (unsigned)rounds;
}

static enum hd_fresh_way parse_way(const char *text, const struct argp_state *state)
{
    enum hd_fresh_way way;
    struct hd_message message;
    if (hd_fresh_find(text, &way, &message) != HD_OK) argp_error(state, "%s", message.text);
    if (way == HD_FRESH_NONE) argp_error(state, "none is what the others are compared with");
    return way;
}

static unsigned long parse_inputs(const char *text, const struct argp_state *state)
{
    char *end;
    errno = 0;
    const unsigned long inputs = strtoul(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || *text == '-' || inputs == 0)
        argp_error(state, "inputs are a number above 0, not '%s'", text);
    return inputs;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct arguments *into = state->input;
    switch (key) {
    case ARGP_KEY_INIT: state->child_inputs[0] = &into->allocators; return 0;
    case 'r': into->rounds = parse_rounds(argument, state); return 0;
    case KEY_ONLY:
        into->judging = strcmp(argument, "judging") == 0;
        into->tap = strcmp(argument, "tap") == 0;
        into->fresh = strcmp(argument, "fresh") == 0;
        into->repeat = strcmp(argument, "repeat") == 0;
        if (!into->judging && !into->tap && !into->fresh && !into->repeat)
            argp_error(state, "the part is judging, tap, fresh or repeat, not '%s'", argument);
        return 0;
    case KEY_FRESH: into->way = parse_way(argument, state); return 0;
    case KEY_INPUTS: into->inputs = parse_inputs(argument, state); return 0;
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
           "works here, and under strace. And what a fresh heap costs a fuzz target: inputs of 20 "
           "operations on it, on the heap that earlier inputs left, and each in a fork. Times are "
           "processor time of one operation, one pair, one input. With --only repeat each input is "
           "carried out twice on a fresh heap and once in another process, and pointers and system "
           "calls are compared; the exit status is 1 where they differ.\v"
           "Example:\n\n  heapduel bench -a glibc -a jemalloc --only tap\n",
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
                                      struct hd_bench_judging *judging,
                                      struct hd_message *message)
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

// ---------------------------------------------------------------------------- a fresh heap

static enum hd_status bench_fresh(const struct arguments *arguments,
                                  const struct hd_roster *roster, json_t *into,
                                  struct hd_message *message)
{
    json_t *rows = json_array();
    json_object_set_new(into, "fresh", rows);
    if (!arguments->allocators.json) hd_bench_text_fresh_head();
    for (size_t i = 0; i < roster->count; i++) {
        const char *name = roster->names[i];
        struct hd_fresh_cost cost;
        hd_progress_show(i + 1, roster->count, "a fresh heap", name);
        const enum hd_status status =
            hd_fresh_cost_measure(name, arguments->way, arguments->rounds, &cost, message);
        hd_progress_clear();
        if (status != HD_OK) return status;
        json_array_append_new(rows, hd_bench_json_fresh(name, &cost));
        if (!arguments->allocators.json) hd_bench_text_fresh(name, &cost);
    }
    return HD_OK;
}

/// `*differing`: there was an input that did not repeat.
static enum hd_status bench_repeat(const struct arguments *arguments,
                                   const struct hd_roster *roster, json_t *into, bool *differing,
                                   struct hd_message *message)
{
    json_t *rows = json_array();
    json_object_set_new(into, "repeat", rows);
    if (!arguments->allocators.json) hd_bench_text_repeat_head();
    for (size_t i = 0; i < roster->count; i++) {
        const char *name = roster->names[i];
        struct hd_repeat repeat;
        hd_progress_show(i + 1, roster->count, "repeating", name);
        const enum hd_status status =
            hd_repeat_measure(name, arguments->way, arguments->inputs, &repeat, message);
        hd_progress_clear();
        if (status != HD_OK) return status;
        *differing |= repeat.differing != 0 || !repeat.same_elsewhere;
        json_array_append_new(rows, hd_bench_json_repeat(name, &repeat));
        if (!arguments->allocators.json) hd_bench_text_repeat(name, &repeat);
    }
    return HD_OK;
}

// ---------------------------------------------------------------------------- the command

/// An empty line between two tables.
static void part_tables(bool apart)
{
    if (apart) (void)putchar('\n');
}

static enum hd_status bench_all(const struct arguments *arguments, const struct hd_roster *roster,
                                bool *differing, struct hd_message *message)
{
    const bool json = arguments->allocators.json;
    json_t *document = json_object();
    json_object_set_new(document, "heapduel", json_string(HEAPDUEL_VERSION));
    enum hd_status status = HD_OK;
    if (arguments->judging) status = bench_judging(arguments, roster, document, message);
    part_tables(status == HD_OK && arguments->judging && arguments->tap && !json);
    if (status == HD_OK && arguments->tap) status = bench_tap(arguments, roster, document, message);
    part_tables(status == HD_OK && arguments->tap && arguments->fresh && !json);
    if (status == HD_OK && arguments->fresh)
        status = bench_fresh(arguments, roster, document, message);
    if (status == HD_OK && arguments->repeat)
        status = bench_repeat(arguments, roster, document, differing, message);
    if (status == HD_OK && json) {
        (void)json_dumpf(document, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
        (void)putchar('\n');
    }
    json_decref(document);
    return status;
}

int hd_command_bench(int argc, char **argv)
{
    struct arguments arguments = {.rounds = 3,
                                  .judging = true,
                                  .tap = true,
                                  .fresh = true,
                                  .way = HD_FRESH_AUTO,
                                  .inputs = 100000};
    (void)argp_parse(&argp, argc, argv, 0, NULL, &arguments);

    struct hd_message message;
    struct hd_roster roster;
    enum hd_status status = hd_roster_select(&arguments.allocators, &roster, &message);
    bool differing = false;
    if (status == HD_OK) status = bench_all(&arguments, &roster, &differing, &message);
    if (status != HD_OK) return hd_complain(status, &message);
    return differing ? 1 : 0;
}
