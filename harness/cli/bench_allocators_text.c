// SPDX-License-Identifier: MIT
/// bench_allocators_text.c: a table a load, a line an allocator; and the means of all.
#include "harness/cli/bench_allocators.h"
#include "harness/cli/size_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NAME_LEAST 10 // columns

static int name_width(const struct hd_bench_contest *contest)
{
    const int width = hd_roster_width(contest->roster);
    return width > NAME_LEAST ? width : NAME_LEAST;
}

/// `-` where nothing is compared.
static void print_ratio(double ratio)
{
    if (ratio > 0)
        (void)printf("  %6.2f", ratio);
    else
        (void)printf("  %6s", "-");
}

// ---------------------------------------------------------------------------- a load

static void print_memory(const struct hd_bench_contest *contest, size_t load, size_t allocator)
{
    const struct hd_load_cost *cost = hd_bench_cost(contest, load, allocator);
    char text[HD_SIZE_TEXT_MAX];
    (void)printf("  %10s", hd_size_text(cost->resident, text));
    print_ratio(hd_bench_to_reference(contest, HD_BENCH_RESIDENT, load, allocator));
    (void)printf("  %10s", cost->counted ? hd_size_text(cost->mapped, text) : "-");
    print_ratio(hd_bench_to_reference(contest, HD_BENCH_MAPPED, load, allocator));
    if (cost->counted)
        (void)printf("  %8" PRIu64, cost->syscalls);
    else
        (void)printf("  %8s", "-");
    if (cost->unserved > 0) (void)printf("  %" PRIu64 " calls not served", cost->unserved);
    (void)printf("\n");
}

void hd_bench_text_load(const struct hd_bench_contest *contest, size_t load)
{
    const struct hd_load *what = &contest->loads[load];
    const int width = name_width(contest);
    const char *family = what->family == HD_LOAD_REPLAY ? "replay of " : "";
    (void)printf("%s%s, %" PRIu64 " operations\n", family, what->name, hd_load_operations(what));
    (void)printf("%-*s  %8s  %6s  %6s  %8s  %6s  %10s  %6s  %10s  %6s  %8s\n", width, "allocator",
                 "cpu ns", "ratio", "spread", "wall ns", "ratio", "resident", "ratio", "mapped",
                 "ratio", "syscalls");
    for (size_t i = 0; i < contest->roster->count; i++) {
        const struct hd_load_cost *cost = hd_bench_cost(contest, load, i);
        (void)printf("%-*s", width, contest->roster->names[i]);
        if (!cost->measured) {
            (void)printf("  not measured: it %s\n", what->family == HD_LOAD_GROWTH
                                                        ? "has no realloc"
                                                        : "takes one thread at a time");
            continue;
        }
        (void)printf("  %8.1f", cost->cpu_ns);
        print_ratio(hd_bench_to_reference(contest, HD_BENCH_CPU, load, i));
        (void)printf("  %4.0f %%  %8.1f", 100 * cost->spread, cost->wall_ns);
        print_ratio(hd_bench_to_reference(contest, HD_BENCH_WALL, load, i));
        print_memory(contest, load, i);
    }
    (void)printf("\n");
    (void)fflush(stdout);
}

// ---------------------------------------------------------------------------- the means

void hd_bench_text_means(const struct hd_bench_contest *contest)
{
    const int width = name_width(contest);
    (void)printf("geometric means, %s = 1; less is faster, or smaller\n%-*s  %-8s",
                 contest->roster->names[contest->reference], width, "allocator", "");
    for (enum hd_load_family family = 0; family < HD_LOAD_FAMILIES; family++)
        (void)printf("  %6s", hd_load_families[family]);
    (void)printf("  %6s\n", "all");
    for (enum hd_bench_figure figure = 0; figure < HD_BENCH_FIGURES; figure++) {
        for (size_t i = 0; i < contest->roster->count; i++) {
            (void)printf("%-*s  %-8s", width, contest->roster->names[i], hd_bench_figures[figure]);
            for (enum hd_load_family family = 0; family <= HD_LOAD_FAMILIES; family++)
                print_ratio(hd_bench_mean(contest, figure, family, i));
            (void)printf("\n");
        }
    }
}
