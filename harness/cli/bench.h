// SPDX-License-Identifier: MIT
/// bench.h: what `heapduel bench` measured, as text and as JSON.
#ifndef HD_BENCH_H
#define HD_BENCH_H

#include "harness/bench/fresh_cost.h"
#include "harness/bench/load.h"
#include "harness/bench/pair_cost.h"
#include "harness/bench/tap_cost.h"
#include "harness/cli/roster.h"
#include "harness/tap/tap.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#define HD_BENCH_LOADS 2

/// The loads compared: how the ratio of judged to bare grows from few live blocks to many.
struct hd_bench_load {
    uint32_t live;
    size_t operations;
};
extern const struct hd_bench_load hd_bench_loads[HD_BENCH_LOADS];

/// What judging costs one allocator. Nanoseconds are those of one operation.
struct hd_bench_judging {
    double bare_ns[HD_BENCH_LOADS];
    double judged_ns[HD_BENCH_LOADS];
};

/// Judged to bare; and that with most live blocks against with fewest.
double hd_bench_ratio(const struct hd_bench_judging *judging, size_t load);
double hd_bench_growth(const struct hd_bench_judging *judging);

/// What goes on in the command.
struct hd_bench {
    const struct hd_roster *roster;
    json_t *document; // an object
    bool json;        // else tables go to stdout
    unsigned rounds;
    enum hd_fresh_way way;    // how heaps are made fresh
    unsigned inputs;          // to repeat
    size_t operations;        // size: of the longest trace, at most
    enum hd_load_family load; // to compare allocators at; HD_LOAD_FAMILIES: all
    char *const *paths;       // of traces, to compare allocators at
    size_t path_count;        // 0: made ones
    const char *plot;         // write a picture of that to this file; NULL: nowhere
    bool located;             // set: the message begins with its place in a trace
    bool differing;           // set: one did not repeat
};

/// Measures a part for all of the roster.
HD_MUST_USE enum hd_status hd_bench_judge(struct hd_bench *bench, struct hd_message *message);
HD_MUST_USE enum hd_status hd_bench_tap(struct hd_bench *bench, struct hd_message *message);
HD_MUST_USE enum hd_status hd_bench_fresh(struct hd_bench *bench, struct hd_message *message);
HD_MUST_USE enum hd_status hd_bench_repeat(struct hd_bench *bench, struct hd_message *message);
HD_MUST_USE enum hd_status hd_bench_size(struct hd_bench *bench, struct hd_message *message);
HD_MUST_USE enum hd_status hd_bench_allocators(struct hd_bench *bench, struct hd_message *message);

/// The way of the tap that `auto` would take; HD_TAP_OFF: none works here.
enum hd_tap_way hd_bench_first_way(void);

/// Writes tables to stdout, line by line as results come.
void hd_bench_text_judging_head(void);
void hd_bench_text_judging(const char *allocator, const struct hd_bench_judging *judging);
void hd_bench_text_tap_head(enum hd_tap_way way);
void hd_bench_text_tap(const char *allocator, const struct hd_tap_cost *cost);
void hd_bench_text_pair(enum hd_tap_way way, const struct hd_pair_cost *cost);
void hd_bench_text_fresh_head(void);
void hd_bench_text_fresh(const char *allocator, const struct hd_fresh_cost *cost);
void hd_bench_text_repeat_head(void);
void hd_bench_text_repeat(const char *allocator, const struct hd_repeat *repeat);

/// The same as JSON, to be put together by the caller. HD_TAP_OFF: no way works here.
json_t *hd_bench_json_judging(const char *allocator, const struct hd_bench_judging *judging);
json_t *hd_bench_json_tap(const char *allocator, const struct hd_tap_cost *cost);
json_t *hd_bench_json_fresh(const char *allocator, const struct hd_fresh_cost *cost);
json_t *hd_bench_json_repeat(const char *allocator, const struct hd_repeat *repeat);
json_t *hd_bench_json_pair(enum hd_tap_way way, const struct hd_pair_cost *cost);

#endif
