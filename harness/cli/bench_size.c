// SPDX-License-Identifier: MIT
/// bench_size.c: `heapduel bench --only size`: traces ten times as long, and ten times that.
#include "harness/bench/size_cost.h"
#include "harness/cli/bench.h"
#include "harness/cli/json.h"
#include "harness/cli/progress.h"

#include <stdio.h>

#define SHORTEST 10000 // operations

static void print(const char *allocator, size_t operations, const struct hd_size_cost *cost,
                  double growth)
{
    (void)printf("%-12s  %10zu  %7u  %6.1f ns  %6.1f ns  %5.2f  %6.2f  %4zu MiB\n", allocator,
                 operations, hd_size_cost_live(operations), cost->bare_ns, cost->judged_ns,
                 cost->judged_ns / cost->bare_ns, growth, cost->resident_peak >> 20);
    (void)fflush(stdout);
}

static json_t *as_json(const char *allocator, size_t operations, const struct hd_size_cost *cost,
                       double growth)
{
    json_t *object = json_object();
    json_object_set_new(object, "allocator", hd_json_text(allocator));
    json_object_set_new(object, "operations", hd_json_count(operations));
    json_object_set_new(object, "live", hd_json_count(hd_size_cost_live(operations)));
    json_object_set_new(object, "bare_ns", json_real(cost->bare_ns));
    json_object_set_new(object, "judged_ns", json_real(cost->judged_ns));
    json_object_set_new(object, "ratio", json_real(cost->judged_ns / cost->bare_ns));
    json_object_set_new(object, "growth", json_real(growth));
    json_object_set_new(object, "resident_peak", hd_json_count(cost->resident_peak));
    return object;
}

static enum hd_status measure_one(const struct hd_bench *bench, enum hd_tap_way way,
                                  const char *name, json_t *rows, struct hd_message *message)
{
    double shortest_ns = 0;
    for (size_t operations = SHORTEST; operations <= bench->operations; operations *= 10) {
        struct hd_size_cost cost;
        char what[64];
        (void)snprintf(what, sizeof what, "%s: %zu operations", name, operations);
        hd_progress_note(what);
        const enum hd_status status =
            hd_size_cost_measure(name, way, operations, bench->rounds, &cost, message);
        hd_progress_clear();
        if (status != HD_OK) return status;
        if (operations == SHORTEST) shortest_ns = cost.judged_ns;
        const double growth = cost.judged_ns / shortest_ns;
        json_array_append_new(rows, as_json(name, operations, &cost, growth));
        if (!bench->json) print(name, operations, &cost, growth);
    }
    return HD_OK;
}

enum hd_status hd_bench_size(struct hd_bench *bench, struct hd_message *message)
{
    const enum hd_tap_way way = hd_bench_first_way();
    json_t *rows = json_array();
    json_object_set_new(bench->document, "size", rows);
    if (!bench->json)
        (void)printf("%-12s  %10s  %7s  %9s  %9s  %5s  %6s  %8s\n", "allocator", "operations",
                     "live", "bare", "judged", "ratio", "growth", "resident");
    enum hd_status status = HD_OK;
    for (size_t i = 0; i < bench->roster->count && status == HD_OK; i++)
        status = measure_one(bench, way, bench->roster->names[i], rows, message);
    return status;
}
