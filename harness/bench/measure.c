// SPDX-License-Identifier: MIT
/// measure.c: the same trace in a fresh process, again and again.
#include "harness/bench/measure.h"

#include "harness/bench/replay.h"
#include "harness/bench/samples.h"

/// What the rounds of one kind took.
struct taken {
    struct hd_samples times; // nanoseconds of processor time
    size_t peak;             // bytes resident, at most, in any of them
};

/// One round more of the work, hd_replay_bare or hd_replay_judged.
static enum hd_status take(hd_child_work *work, const struct hd_replay *replay,
                           struct taken *taken, struct hd_message *message)
{
    struct hd_child result;
    const enum hd_status status = hd_child_run(work, replay, replay->spec, &result, message);
    if (status != HD_OK) return status;
    hd_samples_add(&taken->times, result.elapsed_ns);
    if (result.resident_peak > taken->peak) taken->peak = result.resident_peak;
    return HD_OK;
}

enum hd_status hd_measure_bare(const char *spec, const struct hd_trace *trace, unsigned rounds,
                               uint64_t *bare_ns, struct hd_message *message)
{
    HD_ASSERT(rounds > 0 && rounds <= HD_MEASURE_ROUNDS_MAX);
    const struct hd_replay replay = {.spec = spec, .trace = trace, .tap = HD_TAP_OFF};
    struct taken bare = {0};
    for (unsigned i = 0; i < rounds; i++) {
        const enum hd_status status = take(hd_replay_bare, &replay, &bare, message);
        if (status != HD_OK) return status;
    }
    *bare_ns = hd_samples_median(&bare.times);
    return HD_OK;
}

enum hd_status hd_measure_trace(const char *spec, const struct hd_trace *trace,
                                enum hd_tap_way way, unsigned rounds, struct hd_measure *measure,
                                struct hd_message *message)
{
    HD_ASSERT(rounds > 0 && rounds <= HD_MEASURE_ROUNDS_MAX);
    const struct hd_replay off = {.spec = spec, .trace = trace, .tap = HD_TAP_OFF};
    const struct hd_replay on = {.spec = spec, .trace = trace, .tap = way};
    struct taken bare = {0};
    struct taken judged = {0};
    for (unsigned i = 0; i < rounds; i++) {
        enum hd_status status = take(hd_replay_bare, &off, &bare, message);
        if (status == HD_OK) status = take(hd_replay_judged, &on, &judged, message);
        if (status != HD_OK) return status;
    }
    *measure = (struct hd_measure){.bare_ns = hd_samples_median(&bare.times),
                                   .judged_ns = hd_samples_median(&judged.times),
                                   .judged_peak = judged.peak};
    return HD_OK;
}
