// SPDX-License-Identifier: MIT
/// bench_allocators_json.c: the same for a program.
#include "harness/cli/bench_allocators.h"
#include "harness/cli/json.h"

#include <stdio.h>

static json_t *real_or_null(double value)
{
    return value > 0 ? json_real(value) : json_null();
}

static void set_ratio(json_t *object, enum hd_bench_figure figure, double ratio)
{
    char name[32];
    (void)snprintf(name, sizeof name, "%s_ratio", hd_bench_figures[figure]);
    json_object_set_new(object, name, real_or_null(ratio));
}

static json_t *cost_json(const struct hd_bench_contest *contest, size_t load, size_t allocator)
{
    const struct hd_load_cost *cost = hd_bench_cost(contest, load, allocator);
    json_t *object = json_object();
    json_object_set_new(object, "allocator", hd_json_text(contest->roster->names[allocator]));
    json_object_set_new(object, "measured", json_boolean(cost->measured));
    if (!cost->measured) return object;
    json_object_set_new(object, "unserved", hd_json_count(cost->unserved));
    json_object_set_new(object, "cpu_ns", json_real(cost->cpu_ns));
    json_object_set_new(object, "wall_ns", json_real(cost->wall_ns));
    json_object_set_new(object, "spread", json_real(cost->spread));
    json_object_set_new(object, "resident", hd_json_count(cost->resident));
    json_object_set_new(object, "mapped",
                        cost->counted ? hd_json_count(cost->mapped) : json_null());
    json_object_set_new(object, "syscalls",
                        cost->counted ? hd_json_count(cost->syscalls) : json_null());
    for (enum hd_bench_figure figure = 0; figure < HD_BENCH_FIGURES; figure++)
        set_ratio(object, figure, hd_bench_to_reference(contest, figure, load, allocator));
    return object;
}

static json_t *load_json(const struct hd_bench_contest *contest, size_t load)
{
    const struct hd_load *what = &contest->loads[load];
    json_t *list = json_array();
    for (size_t i = 0; i < contest->roster->count; i++)
        json_array_append_new(list, cost_json(contest, load, i));
    json_t *object = json_object();
    json_object_set_new(object, "load", hd_json_text(what->name));
    json_object_set_new(object, "family", json_string(hd_load_families[what->family]));
    json_object_set_new(object, "threads", hd_json_count(what->threads));
    json_object_set_new(object, "operations", hd_json_count(hd_load_operations(what)));
    json_object_set_new(object, "allocators", list);
    return object;
}

static json_t *means_json(const struct hd_bench_contest *contest, enum hd_load_family family)
{
    json_t *list = json_array();
    for (size_t i = 0; i < contest->roster->count; i++) {
        json_t *object = json_object();
        json_object_set_new(object, "allocator", hd_json_text(contest->roster->names[i]));
        for (enum hd_bench_figure figure = 0; figure < HD_BENCH_FIGURES; figure++)
            set_ratio(object, figure, hd_bench_mean(contest, figure, family, i));
        json_array_append_new(list, object);
    }
    return list;
}

json_t *hd_bench_json_allocators(const struct hd_bench_contest *contest)
{
    json_t *loads = json_array();
    for (size_t i = 0; i < contest->load_count; i++)
        json_array_append_new(loads, load_json(contest, i));
    json_t *means = json_object();
    for (enum hd_load_family family = 0; family < HD_LOAD_FAMILIES; family++)
        json_object_set_new(means, hd_load_families[family], means_json(contest, family));
    json_object_set_new(means, "all", means_json(contest, HD_LOAD_FAMILIES));

    json_t *object = json_object();
    json_object_set_new(object, "reference",
                        hd_json_text(contest->roster->names[contest->reference]));
    json_object_set_new(object, "loads", loads);
    json_object_set_new(object, "means", means);
    return object;
}
