// SPDX-License-Identifier: MIT
/// load_cost.c: allocators in turn, so that what slows the machine slows all.
#include "harness/bench/load_cost.h"

#include "harness/base/clock.h"
#include "harness/bench/child.h"
#include "harness/bench/counted.h"
#include "harness/bench/measure.h"
#include "harness/bench/resident.h"
#include "harness/bench/samples.h"
#include "harness/engine/loading.h"
#include "harness/tap/tap.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

/// One allocator at one load.
struct bout {
    const char *spec;
    const struct hd_load *load;
};

static void *take_room(struct hd_arena *arena, const struct hd_load *load)
{
    const size_t room = hd_load_room(load);
    hd_arena_open(arena, room + sizeof(void *));
    return memset(hd_arena_take(arena, room, _Alignof(max_align_t)), 0, room); // resident
}

/// A replay goes on without the call; any other load is not what it should be.
static void take_unserved(const struct bout *bout, uint64_t unserved, struct hd_child *result)
{
    result->unserved = unserved;
    if (unserved > 0 && bout->load->family != HD_LOAD_REPLAY)
        result->status =
            hd_fail(&result->message, HD_UNAVAILABLE, "%.200s: a call of the load '%.100s' failed",
                    bout->spec, bout->load->name);
}

// ---------------------------------------------------------------------------- in a child

static void run_timed(const void *context, struct hd_child *result)
{
    const struct bout *bout = context;
    struct hd_arena arena;
    struct hd_subject subject;
    void *room = take_room(&arena, bout->load);
    const struct hd_resident before = hd_resident_now();
    result->status = hd_loading_open(bout->spec, HD_TAP_OFF, &subject, &result->message);
    if (result->status != HD_OK) return;
    result->left_out = !hd_load_suits(bout->load, &subject);
    if (result->left_out) return;

    const uint64_t wall = hd_now_ns();
    const uint64_t start = hd_processor_ns();
    const uint64_t unserved = hd_load_run(bout->load, &subject, room);
    result->elapsed_ns = hd_processor_ns() - start;
    result->wall_ns = hd_now_ns() - wall;
    const size_t peak = hd_resident_now().anonymous_peak;
    result->resident_peak = peak > before.anonymous ? peak - before.anonymous : 0;
    take_unserved(bout, unserved, result);
}

static void run_counted(const void *context, struct hd_child *result)
{
    const struct bout *bout = context;
    static struct hd_counted counted;
    struct hd_arena arena;
    struct hd_subject subject;
    void *room = take_room(&arena, bout->load);
    result->status = hd_loading_open(bout->spec, HD_TAP_AUTO, &subject, &result->message);
    if (result->status != HD_OK) return;
    result->left_out =
        hd_tap_way() == HD_TAP_OFF || subject.unseen || !hd_load_suits(bout->load, &subject);
    if (result->left_out) return;

    hd_counted_open(&counted, &subject);
    const struct hd_subject seen = hd_counted_subject(&counted);
    const uint64_t start = hd_processor_ns();
    const uint64_t unserved = hd_load_run(bout->load, &seen, room);
    result->elapsed_ns = hd_processor_ns() - start;
    result->counted = !counted.lost;
    result->syscalls = counted.syscalls;
    result->mapped_peak = counted.space.mapped_peak;
    take_unserved(bout, unserved, result);
}

// ---------------------------------------------------------------------------- all of them

/// Of one allocator, over the rounds.
struct rounds {
    struct hd_samples cpu;
    struct hd_samples wall;
    struct hd_samples resident;
    uint64_t unserved; // of the last
};

static enum hd_status measure_round(const struct bout *bout, struct rounds *rounds,
                                    struct hd_message *message)
{
    struct hd_child result;
    const enum hd_status status = hd_child_run(run_timed, bout, bout->spec, &result, message);
    if (status != HD_OK || result.left_out) return status;
    hd_samples_add(&rounds->cpu, result.elapsed_ns);
    hd_samples_add(&rounds->wall, result.wall_ns);
    hd_samples_add(&rounds->resident, result.resident_peak);
    rounds->unserved = result.unserved;
    return HD_OK;
}

static enum hd_status count_calls(const struct bout *bout, struct hd_load_cost *cost,
                                  struct hd_message *message)
{
    struct hd_child result;
    const enum hd_status status = hd_child_run(run_counted, bout, bout->spec, &result, message);
    cost->counted = status == HD_OK && result.counted;
    if (!cost->counted) return status;
    cost->mapped = result.mapped_peak;
    cost->syscalls = result.syscalls;
    return HD_OK;
}

static void sum_up(const struct hd_load *load, struct rounds *rounds, struct hd_load_cost *cost)
{
    const uint64_t operations = hd_load_operations(load);
    const double each = operations == 0 ? 1 : (double)operations;
    *cost = (struct hd_load_cost){.measured = rounds->cpu.count > 0, .unserved = rounds->unserved};
    cost->cpu_ns = (double)hd_samples_best(&rounds->cpu) / each;
    cost->wall_ns = (double)hd_samples_best(&rounds->wall) / each;
    cost->spread = hd_samples_spread(&rounds->cpu);
    cost->resident = hd_samples_median(&rounds->resident);
}

static enum hd_status measure(const struct hd_load *load, const char *const *specs, size_t count,
                              unsigned rounds, struct rounds *each, struct hd_load_cost *costs,
                              struct hd_message *message)
{
    enum hd_status status = HD_OK;
    for (unsigned round = 0; round < rounds; round++)
        for (size_t i = 0; i < count && status == HD_OK; i++)
            status = measure_round(&(struct bout){specs[i], load}, &each[i], message);
    for (size_t i = 0; i < count && status == HD_OK; i++) {
        sum_up(load, &each[i], &costs[i]);
        if (load->family != HD_LOAD_LARSON) // whose threads the tap does not see
            status = count_calls(&(struct bout){specs[i], load}, &costs[i], message);
    }
    return status;
}

enum hd_status hd_load_cost_measure(const char *const *specs, size_t count,
                                    const struct hd_load *load, unsigned rounds,
                                    struct hd_load_cost *costs, struct hd_message *message)
{
    HD_ASSERT(rounds > 0 && rounds <= HD_MEASURE_ROUNDS_MAX);
    struct hd_arena arena;
    const size_t size = count * sizeof(struct rounds);
    hd_arena_open(&arena, size);
    struct rounds *each = hd_arena_take(&arena, size, _Alignof(struct rounds));
    const enum hd_status status = measure(load, specs, count, rounds, each, costs, message);
    hd_arena_close(&arena);
    return status;
}

double hd_geometric_mean(const double *ratios, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += log(ratios[i]);
    return count == 0 ? 0 : exp(sum / (double)count);
}
