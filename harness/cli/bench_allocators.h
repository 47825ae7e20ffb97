// SPDX-License-Identifier: MIT
/// bench_allocators.h: allocators beside each other, load by load: what was measured, and its
/// ratios.
#ifndef HD_BENCH_ALLOCATORS_H
#define HD_BENCH_ALLOCATORS_H

#include "harness/bench/load_cost.h"
#include "harness/cli/roster.h"
#include "harness/trace/output.h"

#include <jansson.h>
#include <stddef.h>

/// What is compared.
enum hd_bench_figure {
    HD_BENCH_CPU,
    HD_BENCH_WALL,
    HD_BENCH_RESIDENT,
    HD_BENCH_MAPPED,
    HD_BENCH_FIGURES,
};

/// By enum hd_bench_figure, in a word.
extern const char *const hd_bench_figures[HD_BENCH_FIGURES];

struct hd_bench_contest {
    const struct hd_roster *roster;
    size_t reference; // of the roster: the one that ratios are to
    const struct hd_load *loads;
    size_t load_count;
    struct hd_load_cost *costs; // by load, then by allocator
};

static inline struct hd_load_cost *hd_bench_cost(const struct hd_bench_contest *contest,
                                                 size_t load, size_t allocator)
{
    return &contest->costs[load * contest->roster->count + allocator];
}

/// Memory is not compared where the reference has less of it, bytes: what an allocator begins with
/// would be all that is seen.
#define HD_BENCH_MEMORY_LEAST ((double)(1 << 20))

/// The figure of an allocator at a load, to the reference's. 0: it is not compared, also where one
/// served fewer calls than the other: to do nothing is fast.
double hd_bench_to_reference(const struct hd_bench_contest *contest, enum hd_bench_figure figure,
                             size_t load, size_t allocator);

/// The geometric mean of these over the loads of a family, HD_LOAD_FAMILIES for all. 0: none is
/// compared.
double hd_bench_mean(const struct hd_bench_contest *contest, enum hd_bench_figure figure,
                     enum hd_load_family family, size_t allocator);

/// Tables to stdout: a load, once it is measured; and the means.
void hd_bench_text_load(const struct hd_bench_contest *contest, size_t load);
void hd_bench_text_means(const struct hd_bench_contest *contest);

/// All of it as an object.
json_t *hd_bench_json_allocators(const struct hd_bench_contest *contest);

/// Writes a picture of the ratios of processor time and of resident memory, SVG, to an output that
/// is open and stays so. HD_UNAVAILABLE: it cannot be written.
HD_MUST_USE enum hd_status hd_bench_plot(const struct hd_bench_contest *contest,
                                         const struct hd_output *output,
                                         struct hd_message *message);

#endif
