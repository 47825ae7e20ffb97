// SPDX-License-Identifier: MIT
/// bench_parts.c: all of the roster in each part, each line printed as it comes,
/// or put into the document.
#include "harness/cli/bench.h"

#include "harness/bench/measure.h"
#include "harness/bench/workload.h"
#include "harness/cli/progress.h"

#include <stdio.h>

const struct hd_bench_load hd_bench_loads[HD_BENCH_LOADS] = {{1000, 1000000}, {1000000, 2000000}};

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
                                      struct hd_bench_judging *judging, struct hd_message *message)
{
    for (size_t i = 0; i < HD_BENCH_LOADS; i++) {
        struct hd_trace trace;
        struct hd_measure measured;
        hd_arena_reset(arena, 0);
        hd_workload_make(arena, hd_bench_loads[i].live, hd_bench_loads[i].operations, &trace);
        const enum hd_status status =
            hd_measure_trace(name, &trace, HD_TAP_OFF, rounds, &measured, message);
        if (status != HD_OK) return status;
        judging->bare_ns[i] = (double)measured.bare_ns / (double)trace.count;
        judging->judged_ns[i] = (double)measured.judged_ns / (double)trace.count;
    }
    return HD_OK;
}

enum hd_status hd_bench_judge(struct hd_bench *bench, struct hd_message *message)
{
    struct hd_arena arena;
    hd_arena_open(&arena, (size_t)4 << 30);
    json_t *rows = json_array();
    json_object_set_new(bench->document, "judging", rows);
    enum hd_status status = HD_OK;
    if (!bench->json) hd_bench_text_judging_head();
    for (size_t i = 0; i < bench->roster->count && status == HD_OK; i++) {
        const char *name = bench->roster->names[i];
        struct hd_bench_judging judging;
        hd_progress_show(i + 1, bench->roster->count, "judging", name);
        status = measure_judging(name, bench->rounds, &arena, &judging, message);
        hd_progress_clear();
        if (status != HD_OK) break;
        json_array_append_new(rows, hd_bench_json_judging(name, &judging));
        if (!bench->json) hd_bench_text_judging(name, &judging);
    }
    hd_arena_close(&arena);
    return status;
}

// ---------------------------------------------------------------------------- the tap

enum hd_tap_way hd_bench_first_way(void)
{
    struct hd_message why_not;
    for (enum hd_tap_way way = HD_TAP_OFF + 1; way < HD_TAP_WAYS; way++)
        if (hd_tap_try(way, &why_not) == HD_OK) return way;
    return HD_TAP_OFF;
}

static enum hd_status tap_operations(const struct hd_bench *bench, enum hd_tap_way way,
                                     json_t *rows, struct hd_message *message)
{
    if (!bench->json) hd_bench_text_tap_head(way);
    for (size_t i = 0; i < bench->roster->count && way != HD_TAP_OFF; i++) {
        const char *name = bench->roster->names[i];
        struct hd_tap_cost cost;
        hd_progress_show(i + 1, bench->roster->count, "the tap", name);
        const enum hd_status status =
            hd_tap_cost_measure(name, way, bench->rounds, &cost, message);
        hd_progress_clear();
        if (status != HD_OK) return status;
        json_array_append_new(rows, hd_bench_json_tap(name, &cost));
        if (!bench->json) hd_bench_text_tap(name, &cost);
    }
    return HD_OK;
}

enum hd_status hd_bench_tap(struct hd_bench *bench, struct hd_message *message)
{
    const enum hd_tap_way way = hd_bench_first_way();
    json_t *tap = json_object();
    json_t *rows = json_array();
    json_object_set_new(bench->document, "tap", tap);
    json_object_set_new(tap, "way", json_string(hd_tap_names[way]));
    json_object_set_new(tap, "allocators", rows);
    enum hd_status status = tap_operations(bench, way, rows, message);
    if (status != HD_OK) return status;

    struct hd_pair_cost pair;
    status = hd_pair_cost_measure(bench->rounds, &pair, message);
    if (status != HD_OK) return status;
    json_object_set_new(tap, "mmap_munmap", hd_bench_json_pair(way, &pair));
    if (!bench->json) {
        (void)putchar('\n');
        hd_bench_text_pair(way, &pair);
    }
    return HD_OK;
}

// ---------------------------------------------------------------------------- a fresh heap

enum hd_status hd_bench_fresh(struct hd_bench *bench, struct hd_message *message)
{
    json_t *rows = json_array();
    json_object_set_new(bench->document, "fresh", rows);
    if (!bench->json) hd_bench_text_fresh_head();
    for (size_t i = 0; i < bench->roster->count; i++) {
        const char *name = bench->roster->names[i];
        struct hd_fresh_cost cost;
        hd_progress_show(i + 1, bench->roster->count, "a fresh heap", name);
        const enum hd_status status =
            hd_fresh_cost_measure(name, bench->way, bench->rounds, &cost, message);
        hd_progress_clear();
        if (status != HD_OK) return status;
        json_array_append_new(rows, hd_bench_json_fresh(name, &cost));
        if (!bench->json) hd_bench_text_fresh(name, &cost);
    }
    return HD_OK;
}

enum hd_status hd_bench_repeat(struct hd_bench *bench, struct hd_message *message)
{
    json_t *rows = json_array();
    json_object_set_new(bench->document, "repeat", rows);
    if (!bench->json) hd_bench_text_repeat_head();
    for (size_t i = 0; i < bench->roster->count; i++) {
        const char *name = bench->roster->names[i];
        struct hd_repeat repeat;
        hd_progress_show(i + 1, bench->roster->count, "repeating", name);
        const enum hd_status status =
            hd_repeat_measure(name, bench->way, bench->inputs, &repeat, message);
        hd_progress_clear();
        if (status != HD_OK) return status;
        bench->differing |= repeat.differing != 0 || !repeat.same_elsewhere;
        json_array_append_new(rows, hd_bench_json_repeat(name, &repeat));
        if (!bench->json) hd_bench_text_repeat(name, &repeat);
    }
    return HD_OK;
}
