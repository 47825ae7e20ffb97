// SPDX-License-Identifier: MIT
/// measure.c: the same trace in a fresh process, again and again.
#include "harness/bench/measure.h"

#include "harness/bench/clock.h"
#include "harness/bench/replay.h"

enum hd_status hd_measure_trace(const char *spec, const struct hd_trace *trace,
                                enum hd_tap_way way, unsigned rounds, struct hd_measure *measure,
                                struct hd_message *message)
{
    HD_ASSERT(rounds > 0 && rounds <= HD_MEASURE_ROUNDS_MAX);
    const struct hd_replay off = {.spec = spec, .trace = trace, .tap = HD_TAP_OFF};
    const struct hd_replay on = {.spec = spec, .trace = trace, .tap = way};
    struct hd_samples bare = {0};
    struct hd_samples judged = {0};
    measure->judged_peak = 0;
    for (unsigned i = 0; i < rounds; i++) {
        struct hd_child result;
        enum hd_status status = hd_child_run(hd_replay_bare, &off, spec, &result, message);
        if (status != HD_OK) return status;
        hd_samples_add(&bare, result.elapsed_ns);
        status = hd_child_run(hd_replay_judged, &on, spec, &result, message);
        if (status != HD_OK) return status;
        hd_samples_add(&judged, result.elapsed_ns);
        if (result.resident_peak > measure->judged_peak)
            measure->judged_peak = result.resident_peak;
    }
    measure->bare_ns = hd_samples_median(&bare);
    measure->judged_ns = hd_samples_median(&judged);
    return HD_OK;
}
