// SPDX-License-Identifier: MIT
/// bench_allocators.c: the loads, each carried out by all of the roster in turn.
#include "harness/cli/bench_allocators.h"

#include "allocators/known.h"
#include "harness/bench/mix.h"
#include "harness/cli/bench.h"
#include "harness/cli/grow.h"
#include "harness/cli/inputs.h"
#include "harness/cli/progress.h"

#include <gnu/lib-names.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const hd_bench_figures[HD_BENCH_FIGURES] = {
    [HD_BENCH_CPU] = "cpu",
    [HD_BENCH_WALL] = "wall",
    [HD_BENCH_RESIDENT] = "resident",
    [HD_BENCH_MAPPED] = "mapped",
};

// ---------------------------------------------------------------------------- ratios

/// 0: it is not known.
static double figure_of(const struct hd_load_cost *cost, enum hd_bench_figure figure)
{
    if (!cost->measured) return 0;
    switch (figure) {
    case HD_BENCH_CPU: return cost->cpu_ns;
    case HD_BENCH_WALL: return cost->wall_ns;
    case HD_BENCH_RESIDENT: return (double)cost->resident;
    case HD_BENCH_MAPPED: return cost->counted ? (double)cost->mapped : 0;
    case HD_BENCH_FIGURES: break;
    }
    HD_ASSERT(false);
}

double hd_bench_to_reference(const struct hd_bench_contest *contest, enum hd_bench_figure figure,
                             size_t load, size_t allocator)
{
    const bool memory = figure == HD_BENCH_RESIDENT || figure == HD_BENCH_MAPPED;
    const double least = memory ? HD_BENCH_MEMORY_LEAST : 0;
    const struct hd_load_cost *cost = hd_bench_cost(contest, load, allocator);
    const struct hd_load_cost *reference = hd_bench_cost(contest, load, contest->reference);
    const double to = figure_of(reference, figure);
    if (to <= 0 || to < least || cost->unserved != reference->unserved) return 0;
    return figure_of(cost, figure) / to;
}

double hd_bench_mean(const struct hd_bench_contest *contest, enum hd_bench_figure figure,
                     enum hd_load_family family, size_t allocator)
{
    double *ratios = NULL;
    size_t count = 0;
    size_t capacity = 0;
    for (size_t load = 0; load < contest->load_count; load++) {
        if (family != HD_LOAD_FAMILIES && contest->loads[load].family != family) continue;
        const double ratio = hd_bench_to_reference(contest, figure, load, allocator);
        if (ratio <= 0) continue;
        ratios = hd_grow(ratios, count, &capacity, sizeof *ratios);
        ratios[count++] = ratio;
    }
    const double mean = hd_geometric_mean(ratios, count);
    free(ratios);
    return mean;
}

/// The one that a program has without doing anything: the C library's. Without it, the first.
static size_t find_reference(const struct hd_roster *roster)
{
    for (size_t i = 0; i < roster->count; i++) {
        char file[PATH_MAX];
        char prefix[64];
        hd_allocator_library(roster->names[i], file, sizeof file, prefix, sizeof prefix);
        if (strcmp(file, LIBC_SO) == 0) return i;
    }
    return 0;
}

// ---------------------------------------------------------------------------- the loads

#define MIX_SEED        4141
#define MIX_ALLOCATIONS 300000

/// What there is to carry out, and the traces among it.
struct program {
    struct hd_load *loads;
    size_t count;
    size_t capacity;
    struct hd_inputs inputs; // the traces that were given
    struct hd_trace mixes[HD_MIXES];
    struct hd_arena arena; // their operations
};

static void add(struct program *program, const struct hd_load *load)
{
    program->loads =
        hd_grow(program->loads, program->count, &program->capacity, sizeof *program->loads);
    program->loads[program->count++] = *load;
}

static void add_replay(struct program *program, const char *name, const struct hd_trace *trace)
{
    add(program,
        &(struct hd_load){.name = name, .family = HD_LOAD_REPLAY, .threads = 1, .trace = trace});
}

static enum hd_status add_traces(struct program *program, struct hd_bench *bench,
                                 struct hd_message *message)
{
    if (bench->path_count == 0) {
        for (enum hd_mix mix = 0; mix < HD_MIXES; mix++) {
            struct hd_trace *trace = &program->mixes[mix];
            hd_mix_make(mix, MIX_SEED, MIX_ALLOCATIONS, &program->arena, trace);
            add_replay(program, hd_mix_names[mix], trace);
        }
        return HD_OK;
    }
    const enum hd_status status =
        hd_inputs_read(&program->inputs, bench->paths, bench->path_count, &bench->located, message);
    for (size_t i = 0; i < program->inputs.count && status == HD_OK; i++)
        add_replay(program, program->inputs.items[i].path, &program->inputs.items[i].trace);
    return status;
}

static enum hd_status open_program(struct program *program, struct hd_bench *bench,
                                   struct hd_message *message)
{
    const enum hd_load_family only = bench->load;
    enum hd_status status = HD_OK;
    *program = (struct program){0};
    hd_arena_open(&program->arena, (size_t)1 << 32);
    if (only == HD_LOAD_FAMILIES || only == HD_LOAD_REPLAY)
        status = add_traces(program, bench, message);
    for (size_t i = 0; i < HD_LOADS_FIXED; i++)
        if (only == HD_LOAD_FAMILIES || only == hd_loads[i].family) add(program, &hd_loads[i]);
    return status;
}

static void close_program(struct program *program, const struct hd_bench *bench)
{
    if (bench->path_count > 0) hd_inputs_close(&program->inputs);
    free(program->loads);
    hd_arena_close(&program->arena);
}

// ---------------------------------------------------------------------------- the part

static enum hd_status measure(const struct hd_bench *bench, const struct hd_bench_contest *contest,
                              struct hd_message *message)
{
    for (size_t i = 0; i < contest->load_count; i++) {
        const struct hd_load *load = &contest->loads[i];
        hd_progress_show(i + 1, contest->load_count, "load", load->name);
        const enum hd_status status =
            hd_load_cost_measure(bench->roster->names, bench->roster->count, load, bench->rounds,
                                 hd_bench_cost(contest, i, 0), message);
        hd_progress_clear();
        if (status != HD_OK) return status;
        if (!bench->json) hd_bench_text_load(contest, i);
    }
    return HD_OK;
}

static enum hd_status compare(const struct hd_bench *bench, const struct program *program,
                              const struct hd_output *plot, struct hd_message *message)
{
    struct hd_arena arena;
    const size_t size = (program->count * bench->roster->count + 1) * sizeof(struct hd_load_cost);
    hd_arena_open(&arena, size);
    const struct hd_bench_contest contest = {
        .roster = bench->roster,
        .reference = find_reference(bench->roster),
        .loads = program->loads,
        .load_count = program->count,
        .costs = hd_arena_take(&arena, size, _Alignof(struct hd_load_cost))};
    enum hd_status status = measure(bench, &contest, message);
    if (status == HD_OK) {
        json_object_set_new(bench->document, "allocators", hd_bench_json_allocators(&contest));
        if (!bench->json) hd_bench_text_means(&contest);
        if (plot != NULL) status = hd_bench_plot(&contest, plot, message);
    }
    hd_arena_close(&arena);
    return status;
}

/// The file is opened before anything is measured: a path that is no good is told at once.
static enum hd_status compare_and_plot(const struct hd_bench *bench, const struct program *program,
                                       struct hd_message *message)
{
    struct hd_output plot;
    if (bench->plot == NULL) return compare(bench, program, NULL, message);
    enum hd_status status = hd_output_open(&plot, bench->plot, message);
    if (status != HD_OK) return status;
    status = compare(bench, program, &plot, message);
    return hd_output_finish(&plot, status, message);
}

enum hd_status hd_bench_allocators(struct hd_bench *bench, struct hd_message *message)
{
    struct program program;
    enum hd_status status = open_program(&program, bench, message);
    if (status == HD_OK) status = compare_and_plot(bench, &program, message);
    close_program(&program, bench);
    return status;
}
