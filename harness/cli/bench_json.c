// SPDX-License-Identifier: MIT
/// bench_json.c: what was measured, for a program.
#include "harness/cli/bench.h"
#include "harness/cli/json.h"

// ---------------------------------------------------------------------------- judging

json_t *hd_bench_json_judging(const char *allocator, const struct hd_bench_judging *judging)
{
    json_t *list = json_array();
    for (size_t i = 0; i < HD_BENCH_LOADS; i++) {
        json_t *load = json_object();
        json_object_set_new(load, "live", hd_json_count(hd_bench_loads[i].live));
        json_object_set_new(load, "bare_ns", json_real(judging->bare_ns[i]));
        json_object_set_new(load, "judged_ns", json_real(judging->judged_ns[i]));
        json_object_set_new(load, "ratio", json_real(hd_bench_ratio(judging, i)));
        json_array_append_new(list, load);
    }
    json_t *object = json_object();
    json_object_set_new(object, "allocator", hd_json_text(allocator));
    json_object_set_new(object, "loads", list);
    json_object_set_new(object, "growth", json_real(hd_bench_growth(judging)));
    return object;
}

// ---------------------------------------------------------------------------- the tap

static json_t *pace_json(const struct hd_tap_pace *pace)
{
    json_t *object = json_object();
    json_object_set_new(object, "off_ns", json_real(pace->off_ns));
    json_object_set_new(object, "on_ns", json_real(pace->on_ns));
    json_object_set_new(object, "ratio", json_real(pace->on_ns / pace->off_ns));
    json_object_set_new(object, "syscalls", hd_json_count(pace->syscalls));
    return object;
}

json_t *hd_bench_json_tap(const char *allocator, const struct hd_tap_cost *cost)
{
    json_t *object = json_object();
    json_object_set_new(object, "allocator", hd_json_text(allocator));
    json_object_set_new(object, "bare", pace_json(&cost->bare));
    json_object_set_new(object, "judged", pace_json(&cost->judged));
    return object;
}

/// null where it cannot be had here.
static json_t *pair_json(double ns, double than)
{
    if (!(ns > 0 && than > 0)) return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "ns", json_real(ns));
    json_object_set_new(object, "ratio", json_real(ns / than));
    return object;
}

json_t *hd_bench_json_pair(enum hd_tap_way way, const struct hd_pair_cost *cost)
{
    json_t *object = json_object();
    json_object_set_new(object, "native_ns", json_real(cost->native_ns));
    for (enum hd_tap_way each = HD_TAP_OFF + 1; each < HD_TAP_WAYS; each++)
        json_object_set_new(object, hd_tap_names[each],
                            pair_json(cost->tapped_ns[each], cost->native_ns));
    json_object_set_new(object, "strace", pair_json(cost->strace_ns, cost->tapped_ns[way]));
    return object;
}

// ---------------------------------------------------------------------------- a fresh heap

json_t *hd_bench_json_fresh(const char *allocator, const struct hd_fresh_cost *cost)
{
    const bool fresh = cost->fresh_us > 0;
    json_t *object = json_object();
    json_object_set_new(object, "allocator", hd_json_text(allocator));
    json_object_set_new(object, "way", json_string(hd_fresh_names[cost->way]));
    json_object_set_new(object, "none_us", json_real(cost->none_us));
    json_object_set_new(object, "fresh_us", fresh ? json_real(cost->fresh_us) : json_null());
    json_object_set_new(object, "fork_us", json_real(cost->fork_us));
    json_object_set_new(object, "ratio",
                        fresh ? json_real(cost->fork_us / cost->fresh_us) : json_null());
    return object;
}

json_t *hd_bench_json_repeat(const char *allocator, const struct hd_repeat *repeat)
{
    const bool ran = repeat->way != HD_FRESH_NONE;
    json_t *object = json_object();
    json_object_set_new(object, "allocator", hd_json_text(allocator));
    json_object_set_new(object, "way", json_string(hd_fresh_names[repeat->way]));
    json_object_set_new(object, "inputs", hd_json_count(ran ? repeat->inputs : 0));
    json_object_set_new(object, "differing", hd_json_count(repeat->differing));
    json_object_set_new(object, "same_elsewhere",
                        ran ? json_boolean(repeat->same_elsewhere) : json_null());
    return object;
}
