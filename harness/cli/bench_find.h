// SPDX-License-Identifier: MIT
/// bench_find.h: the part time-to-find of `heapduel bench`: how long fuzzing takes to find what.
#ifndef HD_BENCH_FIND_H
#define HD_BENCH_FIND_H

#include "harness/bench/time_to_find.h"
#include "harness/cli/allocator_options.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct hd_bench_find_options {
    double time; // of a campaign, at most; seconds
    unsigned rounds;
    unsigned jobs;
    bool settings[HD_HUNT_SETTINGS]; // which of them
};

/// One library, and what came of it in each setting.
struct hd_bench_find_row {
    const char *spec;
    const char *name;
    const char *oracle; // that should find it; NULL: nobody knows, or it is correct
    bool correct;       // nothing should find it
    const struct hd_held_policy *held;
    struct hd_hunt_result *results; // rounds of each setting that is asked for, one after the other
    size_t awaited;                 // of them, that have not come yet
    struct hd_time_to_find found[HD_HUNT_SETTINGS];
};

struct hd_bench_find {
    struct hd_bench_find_options options;
    struct hd_bench_find_row *rows;
    size_t count;
};

/// What a setting found of all that is not correct.
struct hd_bench_find_sum {
    size_t faults;
    size_t reliable;  // found in nine of ten rounds
    double inputs;    // the geometric mean of the medians, of those below; NAN: of none
    size_t inputs_of; // faults of which each setting has a median
};
void hd_bench_find_sum(const struct hd_bench_find *find, size_t setting,
                       struct hd_bench_find_sum *sum);

/// Measures, and writes the table to stdout line by line, or puts it into `into` as time_to_find.
/// Without allocators given: every fault of faults.def. Fails as hd_hunts_run, and with
/// HD_UNAVAILABLE where the libraries of these faults are not built.
HD_MUST_USE enum hd_status hd_bench_find(const struct hd_bench_find_options *options,
                                         const struct hd_allocator_options *allocators,
                                         json_t *into, struct hd_message *message);

void hd_bench_find_text_head(const struct hd_bench_find *find);
void hd_bench_find_text_row(const struct hd_bench_find *find, const struct hd_bench_find_row *row);
void hd_bench_find_text_end(const struct hd_bench_find *find);
json_t *hd_bench_find_json(const struct hd_bench_find *find);

#endif
