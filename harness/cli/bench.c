// SPDX-License-Identifier: MIT
/// bench.c: `heapduel bench`: what judging, the tap and a fresh heap cost; and what allocators do.
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
             {"repeat", false, hd_bench_repeat},
             {"size", false, hd_bench_size},
             {"allocators", false, hd_bench_allocators}};

#define PARTS   (sizeof parts / sizeof parts[0])
#define UNASKED PARTS

struct arguments {
    struct hd_allocator_options allocators;
    size_t part; // of `parts`, or UNASKED
    unsigned rounds;
    enum hd_fresh_way way;
    unsigned inputs;
    unsigned operations;
    enum hd_load_family load;
    const char *plot;
    char *const *paths; // the arguments that are no options, among those of main
    size_t path_count;
};

enum { KEY_ONLY = 512, KEY_FRESH, KEY_INPUTS, KEY_OPERATIONS, KEY_LOAD, KEY_PLOT };

#define ROUNDS     3
#define INPUTS     100000
#define INPUTS_MAX 1000000000

#define OPERATIONS_MIN 10000
#define OPERATIONS_MAX 10000000

static const struct argp_option options[] = {
    {"only", KEY_ONLY, "PART", 0,
     "Measure only what judging costs, what the tap costs, what a fresh heap costs, whether inputs "
     "repeat on it, what long traces cost, or how fast and how large the allocators are themselves: "
     "judging, tap, fresh, repeat, size or allocators. Default: the first three",
     0},
    {"rounds", 'r', "N", 0,
     "Take medians (allocators: of times the best) of N rounds, 1 to 15. Default: 3", 0},
    {"fresh", KEY_FRESH, "WAY", 0,
     "How a heap is made fresh: auto, reset, writeprotect or copy. Default: auto", 0},
    {"inputs", KEY_INPUTS, "N", 0, "repeat: so many inputs. Default: 100000", 0},
    {"operations", KEY_OPERATIONS, "N", 0,
     "size: no trace is longer, 10000 to 10000000. Default: 10000000", 0},
    {"load", KEY_LOAD, "KIND", 0,
     "allocators: only loads of this kind: replay, larson, pairs, bursts or growth. Default: all",
     0},
    {"plot", KEY_PLOT, "FILE", 0, "allocators: draw the ratios to this file, as SVG", 0},
    {0},
};

static size_t part_of(const char *text, const struct argp_state *state)
{
    for (size_t i = 0; i < PARTS; i++)
        if (strcmp(text, parts[i].name) == 0) return i;
    argp_error(state, "the part is judging, tap, fresh, repeat, size or allocators, not '%s'", text);
    return UNASKED;
}

static enum hd_load_family family_of(const char *text, const struct argp_state *state)
{
    for (enum hd_load_family i = 0; i < HD_LOAD_FAMILIES; i++)
        if (strcmp(text, hd_load_families[i]) == 0) return i;
    argp_error(state, "the load is replay, larson, pairs, bursts or growth, not '%s'", text);
    return HD_LOAD_FAMILIES;
}

static enum hd_fresh_way parse_way(const char *text, const struct argp_state *state)
{
    const enum hd_fresh_way way = hd_option_fresh_way(text, state);
    if (way == HD_FRESH_NONE) argp_error(state, "none is what the others are compared with");
    return way;
}

/// Whether it is the part that takes traces.
static bool compares_allocators(size_t part)
{
    return part != UNASKED && parts[part].measure == hd_bench_allocators;
}

/// What only one part has a use for is not ignored by the others.
static void check(const struct arguments *arguments, const struct argp_state *state)
{
    const bool replays =
        arguments->load == HD_LOAD_FAMILIES || arguments->load == HD_LOAD_REPLAY;
    if (compares_allocators(arguments->part)) {
        if (arguments->path_count > 0 && !replays)
            argp_error(state, "of the load '%s' no trace is part, but there is '%s'",
                       hd_load_families[arguments->load], arguments->paths[0]);
        return;
    }
    if (arguments->path_count > 0)
        argp_error(state, "no argument is wanted without --only allocators, but there is '%s'",
                   arguments->paths[0]);
    if (arguments->load != HD_LOAD_FAMILIES || arguments->plot != NULL)
        argp_error(state, "--load and --plot are of --only allocators");
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
    case KEY_OPERATIONS:
        into->operations = hd_option_number(argument, OPERATIONS_MIN, OPERATIONS_MAX,
                                            "the number of operations", state);
        return 0;
    case KEY_LOAD: into->load = family_of(argument, state); return 0;
    case KEY_PLOT: into->plot = argument; return 0;
    case ARGP_KEY_ARGS:
        into->paths = state->argv + state->next;
        into->path_count = (size_t)(state->argc - state->next);
        return 0;
    case ARGP_KEY_END: check(into, state); return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "[TRACE...]",
    .children = hd_allocator_children,
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
           "status is 1 where they differ.\n\n"
           "size is done only when it is asked for: traces of 10,000 operations, 100,000, "
           "1,000,000 and 10,000,000, a tenth as many live blocks but at most 100,000, bare and "
           "judged with the tap. growth is an operation judged against one of the shortest "
           "trace.\n\n"
           "allocators is done only when it is asked for: the allocators' own speed and memory, "
           "the same calls to each, nothing checked, as ratios to the C library's. Traces are "
           "replayed, those given (files in any known form, folders of them) or made ones with "
           "the sizes and lifetimes of python3, git, sqlite3 and perl; a server's threads free "
           "each other's blocks (larson); pairs of malloc and free, bursts of equal blocks, "
           "growth by realloc. An operation's processor and wall time are the best of the "
           "rounds, spread is how much longer the worst took; resident and mapped are the most "
           "at once; system calls are those that the tap saw in a run of its own. At the end "
           "there are geometric means.\v"
           "Examples:\n\n  heapduel bench -a glibc -a jemalloc --only tap\n"
           "  heapduel bench -a glibc -a ./libmine.so --only allocators --plot mine.svg\n",
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
                                  .operations = OPERATIONS_MAX,
                                  .load = HD_LOAD_FAMILIES,
                                  .rounds = ROUNDS};
    (void)argp_parse(&argp, argc, argv, 0, NULL, &arguments);

    struct hd_message message;
    struct hd_bench bench = {.document = json_object(),
                             .json = arguments.allocators.json,
                             .rounds = arguments.rounds,
                             .way = arguments.way,
                             .inputs = arguments.inputs,
                             .operations = arguments.operations,
                             .load = arguments.load,
                             .paths = arguments.paths,
                             .path_count = arguments.path_count,
                             .plot = arguments.plot};
    (void)json_object_set_new(bench.document, "heapduel", json_string(HEAPDUEL_VERSION));
    const enum hd_status status = bench_all(&arguments, &bench, &message);
    if (status == HD_OK && bench.json) {
        (void)json_dumpf(bench.document, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
        (void)putchar('\n');
    }
    json_decref(bench.document);
    if (status != HD_OK)
        return bench.located ? hd_complain_located(status, &message)
                             : hd_complain(status, &message);
    return bench.differing ? 1 : 0;
}
