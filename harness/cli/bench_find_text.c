// SPDX-License-Identifier: MIT
/// bench_find_text.c: how long it took to find what, as a table for a person.
#include "harness/cli/bench_find.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define NAME_WIDTH 39 // of the longest name in faults.def

/// The end of it, which tells paths apart.
static const char *tail(const char *text)
{
    const size_t length = strlen(text);
    return length > NAME_WIDTH ? text + length - NAME_WIDTH : text;
}

void hd_bench_find_text_head(const struct hd_bench_find *find)
{
    const struct hd_bench_find_options *options = &find->options;
    (void)printf("at most %.0f s, %u round%s; medians\n%-*s", options->time, options->rounds,
                 options->rounds == 1 ? "" : "s", NAME_WIDTH, "");
    for (size_t i = 0; i < HD_HUNT_SETTINGS; i++)
        if (options->settings[i]) (void)printf("  %-21s", hd_hunt_settings[i].name);
    (void)printf("\n%-*s", NAME_WIDTH, "fault");
    for (size_t i = 0; i < HD_HUNT_SETTINGS; i++)
        if (options->settings[i]) (void)printf("  %5s %6s %8s", "found", "s", "inputs");
    (void)printf("  finding\n");
    (void)fflush(stdout);
}

static void print_found(const struct hd_time_to_find *found)
{
    (void)printf("  %2u/%-2u", found->found, found->rounds);
    if (isinf(found->seconds))
        (void)printf(" %6s %8s", "-", "-");
    else
        (void)printf(" %6.2f %8.0f", found->seconds, found->inputs);
}

/// The finding of the first setting that has one, and whether it is the one that should be.
static void print_finding(const struct hd_bench_find *find, const struct hd_bench_find_row *row)
{
    for (size_t i = 0; i < HD_HUNT_SETTINGS; i++) {
        const struct hd_time_to_find *found = &row->found[i];
        if (!find->options.settings[i] || found->found == 0) continue;
        (void)printf("  %s", found->signature);
        if (found->same < found->found) (void)printf(" %u/%u", found->same, found->found);
        if (row->oracle != NULL && found->by_oracle < found->found)
            (void)printf("; %s %u/%u", row->oracle, found->by_oracle, found->found);
        return;
    }
    (void)printf("  -");
}

void hd_bench_find_text_row(const struct hd_bench_find *find, const struct hd_bench_find_row *row)
{
    (void)printf("%-*s", NAME_WIDTH, tail(row->name));
    for (size_t i = 0; i < HD_HUNT_SETTINGS; i++)
        if (find->options.settings[i]) print_found(&row->found[i]);
    print_finding(find, row);
    (void)printf("\n");
    (void)fflush(stdout);
}

void hd_bench_find_text_end(const struct hd_bench_find *find)
{
    for (size_t i = 0; i < HD_HUNT_SETTINGS; i++) {
        struct hd_bench_find_sum sum;
        if (!find->options.settings[i]) continue;
        hd_bench_find_sum(find, i, &sum);
        (void)printf("%s: %zu of %zu found in 9 of 10 rounds or more", hd_hunt_settings[i].name,
                     sum.reliable, sum.faults);
        if (sum.inputs_of > 0)
            (void)printf("; %.0f inputs, the geometric mean of %zu", sum.inputs, sum.inputs_of);
        (void)printf("\n");
    }
}
