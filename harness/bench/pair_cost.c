// SPDX-License-Identifier: MIT
/// pair_cost.c: natively and by each way, in turn.
#include "harness/bench/pair_cost.h"

#include "harness/base/clock.h"
#include "harness/bench/child.h"
#include "harness/bench/measure.h"
#include "harness/bench/pair.h"
#include "harness/bench/samples.h"

#define TURNS   3    // a round
#define WARM_UP 100  // pairs
#define PAIRS   2000 // measured

_Static_assert(TURNS * HD_MEASURE_ROUNDS_MAX <= HD_SAMPLES_MAX, "each turn is a sample");

/// Makes pairs and has each looked for in the log. `seen` is how many calls that must hold.
static bool make_pairs(unsigned count, uint32_t seen)
{
    for (unsigned i = 0; i < count; i++) {
        hd_tap_clear();
        if (!hd_pair_make() || hd_tap_log()->count != seen) return false;
    }
    return true;
}

static void work(const void *context, struct hd_child *result)
{
    const enum hd_tap_way way = *(const enum hd_tap_way *)context;
    const uint32_t seen = way == HD_TAP_OFF ? 0 : 2;
    result->status = hd_tap_open(way, &result->message);
    if (result->status != HD_OK) return;
    bool made = make_pairs(WARM_UP, seen);
    const uint64_t start = hd_processor_ns();
    made = made && make_pairs(PAIRS, seen);
    result->elapsed_ns = hd_processor_ns() - start;
    if (!made)
        result->status = hd_fail(&result->message, HD_UNAVAILABLE,
                                 "%s: mmap or munmap failed, or was not seen", hd_tap_names[way]);
}

/// A way that fails once is tried no more.
static void find_ways(bool works[HD_TAP_WAYS])
{
    struct hd_child result;
    struct hd_message message;
    for (enum hd_tap_way way = HD_TAP_OFF; way < HD_TAP_WAYS; way++)
        works[way] = way == HD_TAP_OFF ||
                     hd_child_run(work, &way, hd_tap_names[way], &result, &message) == HD_OK;
}

enum hd_status hd_pair_cost_measure(unsigned rounds, struct hd_pair_cost *cost,
                                    struct hd_message *message)
{
    HD_ASSERT(rounds > 0 && rounds <= HD_MEASURE_ROUNDS_MAX);
    bool works[HD_TAP_WAYS];
    struct hd_samples samples[HD_TAP_WAYS] = {0};
    find_ways(works);
    for (unsigned i = 0; i < TURNS * rounds; i++) {
        for (enum hd_tap_way way = HD_TAP_OFF; way < HD_TAP_WAYS; way++) {
            struct hd_child result;
            if (!works[way]) continue;
            const enum hd_status status =
                hd_child_run(work, &way, hd_tap_names[way], &result, message);
            if (status != HD_OK) return status;
            hd_samples_add(&samples[way], result.elapsed_ns);
        }
    }
    *cost = (struct hd_pair_cost){0};
    cost->native_ns = (double)hd_samples_median(&samples[HD_TAP_OFF]) / PAIRS;
    for (enum hd_tap_way way = HD_TAP_OFF + 1; way < HD_TAP_WAYS; way++)
        cost->tapped_ns[way] = (double)hd_samples_median(&samples[way]) / PAIRS;

    struct hd_samples traced = {0};
    for (unsigned i = 0; i < rounds; i++)
        hd_samples_add(&traced, (uint64_t)hd_pair_under_strace());
    cost->strace_ns = (double)hd_samples_median(&traced);
    return HD_OK;
}
