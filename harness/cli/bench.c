// SPDX-License-Identifier: MIT
/// bench.c: `heapduel bench`: what judging costs, as ratios to the same trace replayed bare.
#include "harness/bench/measure.h"
#include "harness/bench/workload.h"
#include "harness/cli/allocator_options.h"
#include "harness/cli/command.h"
#include "harness/cli/json.h"
#include "harness/cli/progress.h"
#include "harness/cli/roster.h"
#include "harness/cli/usage.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/// The loads compared: how the ratio grows from few live blocks to many.
static const struct {
    uint32_t live;
    size_t operations;
} loads[] = {{1000, 2000000}, {1000000, 4000000}};
#define LOADS (sizeof loads / sizeof loads[0])

struct arguments {
    struct hd_allocator_options allocators;
    unsigned rounds;
};

/// What was measured of one allocator.
struct row {
    double bare_ns[LOADS]; // an operation
    double judged_ns[LOADS];
};

static const struct argp_option options[] = {
    {"rounds", 'r', "N", 0, "Take medians of N rounds, 1 to 15, default 5", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct arguments *into = state->input;
    switch (key) {
    case ARGP_KEY_INIT: state->child_inputs[0] = &into->allocators; return 0;
    case 'r': {
        char *end;
        errno = 0;
        const unsigned long rounds = strtoul(argument, &end, 10);
        if (errno != 0 || end == argument || *end != '\0' || rounds < 1 ||
            rounds > HD_MEASURE_ROUNDS_MAX)
            argp_error(state, "rounds are 1 to %d, not '%s'", HD_MEASURE_ROUNDS_MAX, argument);
        into->rounds = (unsigned)rounds;
        return 0;
    }
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
           "process of its own, with 1,000 and with 1,000,000 live blocks. Nanoseconds are those "
           "of one operation.\v"
           "Example:\n\n  heapduel bench -a glibc -a jemalloc\n",
};

static double ratio(const struct row *row, size_t load)
{
    return row->judged_ns[load] / row->bare_ns[load];
}

static double growth(const struct row *row) { return ratio(row, LOADS - 1) / ratio(row, 0); }

static enum hd_status measure(const char *name, unsigned rounds, struct hd_arena *arena,
                              struct row *row, struct hd_message *message)
{
    for (size_t i = 0; i < LOADS; i++) {
        struct hd_trace trace;
        struct hd_measure measured;
        hd_arena_reset(arena, 0);
        hd_workload_make(arena, loads[i].live, loads[i].operations, &trace);
        const enum hd_status status = hd_measure_trace(name, &trace, rounds, &measured, message);
        if (status != HD_OK) return status;
        row->bare_ns[i] = (double)measured.bare_ns / (double)trace.count;
        row->judged_ns[i] = (double)measured.judged_ns / (double)trace.count;
    }
    return HD_OK;
}

static void print_head(void)
{
    (void)printf("%-12s", "allocator");
    for (size_t i = 0; i < LOADS; i++)
        (void)printf("  %8u live: bare  judged  ratio", loads[i].live);
    (void)printf("  growth\n");
}

static void print_row(const char *name, const struct row *row)
{
    (void)printf("%-12s", name);
    for (size_t i = 0; i < LOADS; i++)
        (void)printf("  %16.1f ns %4.1f ns  %5.2f", row->bare_ns[i], row->judged_ns[i],
                     ratio(row, i));
    (void)printf("  %6.2f\n", growth(row));
    (void)fflush(stdout);
}

static json_t *row_json(const char *name, const struct row *row)
{
    json_t *list = json_array();
    for (size_t i = 0; i < LOADS; i++) {
        json_t *load = json_object();
        json_object_set_new(load, "live", hd_json_count(loads[i].live));
        json_object_set_new(load, "bare_ns", json_real(row->bare_ns[i]));
        json_object_set_new(load, "judged_ns", json_real(row->judged_ns[i]));
        json_object_set_new(load, "ratio", json_real(ratio(row, i)));
        json_array_append_new(list, load);
    }
    json_t *object = json_object();
    json_object_set_new(object, "allocator", hd_json_text(name));
    json_object_set_new(object, "loads", list);
    json_object_set_new(object, "growth", json_real(growth(row)));
    return object;
}

/// Measures all of the roster; rows are printed as they come, JSON as a whole.
static enum hd_status run_all(const struct arguments *arguments, const struct hd_roster *roster,
                              struct hd_message *message)
{
    struct hd_arena arena;
    hd_arena_open(&arena, (size_t)4 << 30);
    json_t *rows = json_array();
    enum hd_status status = HD_OK;
    if (!arguments->allocators.json) print_head();
    for (size_t i = 0; i < roster->count && status == HD_OK; i++) {
        struct row row;
        hd_progress_show(i + 1, roster->count, "measuring", roster->names[i]);
        status = measure(roster->names[i], arguments->rounds, &arena, &row, message);
        hd_progress_clear();
        if (status != HD_OK) break;
        if (arguments->allocators.json)
            json_array_append_new(rows, row_json(roster->names[i], &row));
        else
            print_row(roster->names[i], &row);
    }
    if (status == HD_OK && arguments->allocators.json) {
        (void)json_dumpf(rows, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
        (void)putchar('\n');
    }
    json_decref(rows);
    hd_arena_close(&arena);
    return status;
}

int hd_command_bench(int argc, char **argv)
{
    struct arguments arguments = {.rounds = 5};
    (void)argp_parse(&argp, argc, argv, 0, NULL, &arguments);

    struct hd_message message;
    struct hd_roster roster;
    enum hd_status status = hd_roster_select(&arguments.allocators, &roster, &message);
    if (status == HD_OK) status = run_all(&arguments, &roster, &message);
    return status == HD_OK ? HD_OK : hd_complain(status, &message);
}
