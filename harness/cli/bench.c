// SPDX-License-Identifier: MIT
/// bench.c: `heapduel bench`: what judging, the tap and a fresh heap cost.
#include "harness/cli/bench.h"

#include "harness/bench/measure.h"
#include "harness/cli/allocator_options.h"
#include "harness/cli/command.h"
#include "harness/cli/option_values.h"
#include "harness/cli/usage.h"

#include <argp.h>
#include <stdio.h>
#include <string.h>

/// Those that print a table by allocator, in this order.
static const struct {
    const char *name;
    bool unasked; // measured where no part is asked for
    enum hd_status (*measure)(struct hd_bench *bench, struct hd_message *message);
} parts[] = {{"judging", true, hd_bench_judge},
             {"tap", true, hd_bench_tap},
             {"fresh", true, hd_bench_fresh},
             {"repeat", false, hd_bench_repeat}};

#define PARTS   (sizeof parts / sizeof parts[0])
#define UNASKED PARTS

struct arguments {
    struct hd_allocator_options allocators;
    size_t part; // of `parts`, or UNASKED
    unsigned rounds;
    enum hd_fresh_way way;
    unsigned inputs;
};

enum { KEY_ONLY = 512, KEY_FRESH, KEY_INPUTS };

#define ROUNDS     3
#define INPUTS     100000
#define INPUTS_MAX 1000000000

static const struct argp_option options[] = {
    {"only", KEY_ONLY, "PART", 0,
     "Measure only what judging costs, what the tap costs, what a fresh heap costs, or whether "
     "inputs repeat on it: judging, tap, fresh or repeat. Default: the first three",
     0},
    {"rounds", 'r', "N", 0, "Take medians of N rounds, 1 to 15. Default: 3", 0},
    {"fresh", KEY_FRESH, "WAY", 0,
     "How a heap is made fresh: auto, reset, writeprotect or copy. Default: auto", 0},
    {"inputs", KEY_INPUTS, "N", 0, "repeat: so many inputs. Default: 100000", 0},
    {0},
};

static size_t part_of(const char *text, const struct argp_state *state)
{
    for (size_t i = 0; i < PARTS; i++)
        if (strcmp(text, parts[i].name) == 0) return i;
    argp_error(state, "the part is judging, tap, fresh or repeat, not '%s'", text);
    return UNASKED;
}

static enum hd_fresh_way parse_way(const char *text, const struct argp_state *state)
{
    const enum hd_fresh_way way = hd_option_fresh_way(text, state);
    if (way == HD_FRESH_NONE) argp_error(state, "none is what the others are compared with");
    return way;
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
    case KEY_ONLY: into->part = part_of(argument, state); return 0;
    case KEY_FRESH: into->way = parse_way(argument, state); return 0;
    case KEY_INPUTS:
        into->inputs = hd_option_number(argument, 1, INPUTS_MAX, "the number of inputs", state);
        return 0;
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
           "processor time of one operation, one pair, one input.\n\n"
           "repeat is done only when it is asked for: each input is carried out twice on a fresh "
           "heap and once in another process, and pointers and system calls are compared; the exit "
           "status is 1 where they differ.\v"
           "Example:\n\n  heapduel bench -a glibc -a jemalloc --only tap\n",
};

/// The tables, an empty line between two.
static enum hd_status measure(const struct arguments *arguments, struct hd_bench *bench,
                              struct hd_message *message)
{
    bool first = true;
    enum hd_status status = HD_OK;
    for (size_t i = 0; i < PARTS && status == HD_OK; i++) {
        if (i != arguments->part && !(arguments->part == UNASKED && parts[i].unasked)) continue;
        if (!first && !bench->json) (void)putchar('\n');
        first = false;
        status = parts[i].measure(bench, message);
    }
    return status;
}

static enum hd_status bench_all(const struct arguments *arguments, struct hd_bench *bench,
                                struct hd_message *message)
{
    struct hd_roster roster;
    const enum hd_status status = hd_roster_select(&arguments->allocators, &roster, message);
    bench->roster = &roster;
    return status == HD_OK ? measure(arguments, bench, message) : status;
}

int hd_command_bench(int argc, char **argv)
{
    struct arguments arguments = {.part = UNASKED,
                                  .way = HD_FRESH_AUTO,
                                  .inputs = INPUTS,
                                  .rounds = ROUNDS};
    (void)argp_parse(&argp, argc, argv, 0, NULL, &arguments);

    struct hd_message message;
    struct hd_bench bench = {.document = json_object(),
                             .json = arguments.allocators.json,
                             .rounds = arguments.rounds,
                             .way = arguments.way,
                             .inputs = arguments.inputs};
    (void)json_object_set_new(bench.document, "heapduel", json_string(HEAPDUEL_VERSION));
    const enum hd_status status = bench_all(&arguments, &bench, &message);
    if (status == HD_OK && bench.json) {
        (void)json_dumpf(bench.document, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
        (void)putchar('\n');
    }
    json_decref(bench.document);
    if (status != HD_OK) return hd_complain(status, &message);
    return bench.differing ? 1 : 0;
}
