// SPDX-License-Identifier: MIT
/// calibrate.c: a few runs before the first trial.
#include "harness/reduce/calibrate.h"

#include "harness/base/clock.h"

#include <limits.h>

#define MISS_RATE 0.01 // of the trials of a flaky finding

#define FIRST_MS 10   // the shortest deadline tried
#define FACTOR   4    // a trial may take so many times as long as the trace, or until its hang,
#define ROOM_MS  100  // and so much longer;
#define SPARE_MS 1000 // and this, where only a trial that hangs by the way takes all of it

// What a fuzz target lets an input map: no right allocator uses that up on next to nothing.
#define MEMORY_BYTES ((size_t)256 << 20)

static bool has_enough(const struct hd_calibration *calibration)
{
    return calibration->enough != NULL && calibration->enough(calibration->context);
}

/// The shortest of some deadlines with which the run comes as far as where it hangs: with a shorter
/// one it is ended while it loads, or at another step.
static uint64_t time_hang(struct hd_kept *kept, const struct hd_trace *trace, uint64_t given,
                          const struct hd_calibration *calibration)
{
    const struct hd_finding finding = kept->finding;
    uint64_t deadline = FIRST_MS;
    for (; deadline < given; deadline *= 2) {
        if (has_enough(calibration)) {
            deadline = given;
            break;
        }
        kept->conditions.deadline_ms = (uint32_t)deadline;
        if (hd_kept_shows(kept, trace) && kept->finding.step == finding.step) break;
        kept->status = HD_OK; // it was still loading
    }
    kept->finding = finding;
    return deadline;
}

static uint64_t time_trace(struct hd_kept *kept, const struct hd_trace *trace)
{
    const uint64_t begin = hd_now_ms();
    (void)hd_kept_shows(kept, trace);
    return hd_now_ms() - begin;
}

static uint32_t find_deadline(struct hd_kept *kept, const struct hd_trace *trace,
                              const struct hd_calibration *calibration)
{
    const uint32_t given = kept->conditions.deadline_ms;
    const uint64_t longest = given != 0 ? given : INT_MAX;
    const bool hangs = hd_kept_is_hang(kept);
    if (has_enough(calibration)) return given;
    const uint64_t taken =
        hangs ? time_hang(kept, trace, longest, calibration) : time_trace(kept, trace);
    kept->conditions.deadline_ms = given;
    const uint64_t deadline = taken * FACTOR + ROOM_MS + (hangs ? 0 : SPARE_MS);
    return deadline < longest ? (uint32_t)deadline : given;
}

/// To use up a limit takes as long as it is large, and as many operations.
static bool lower_memory_limit(struct hd_kept *kept, const struct hd_trace *trace,
                               const struct hd_calibration *calibration)
{
    const size_t given = kept->conditions.memory_bytes;
    if (!hd_kept_uses_memory_up(kept) || given <= MEMORY_BYTES) return false;
    if (has_enough(calibration)) return false;
    kept->conditions.memory_bytes = MEMORY_BYTES;
    if (hd_kept_shows(kept, trace)) return true;
    kept->conditions.memory_bytes = given;
    return false;
}

/// In how many runs a finding of this rate shows at least once, but for a few.
static unsigned tries_for(double rate)
{
    unsigned tries = 1;
    for (double missed = 1 - rate; missed > MISS_RATE && tries < HD_CALIBRATE_ALL; tries++)
        missed *= 1 - rate;
    return tries;
}

bool hd_calibrate(struct hd_kept *kept, const struct hd_trace *trace, const char *signature,
                  struct hd_calibration *calibration)
{
    calibration->seen = calibration->runs = 0;
    calibration->deadline_ms = kept->conditions.deadline_ms;
    bool chosen = false;
    while (!chosen && calibration->runs < HD_CALIBRATE_FIRST && !has_enough(calibration)) {
        calibration->runs++;
        chosen = hd_kept_choose(kept, trace, signature);
        if (kept->status != HD_OK) return false;
    }
    if (!chosen) return false;
    calibration->seen = 1;
    calibration->less_memory = lower_memory_limit(kept, trace, calibration);
    calibration->deadline_ms = find_deadline(kept, trace, calibration);

    const uint32_t given = kept->conditions.deadline_ms;
    if (hd_kept_is_hang(kept)) kept->conditions.deadline_ms = calibration->deadline_ms;
    unsigned wanted = calibration->runs > 1 ? HD_CALIBRATE_ALL : HD_CALIBRATE_FIRST;
    while (kept->status == HD_OK && calibration->runs < wanted && !has_enough(calibration)) {
        const bool shows = hd_kept_shows(kept, trace);
        if (!shows && has_enough(calibration)) break; // a Ctrl-C may have ended the run, too
        calibration->runs++;
        calibration->seen += shows;
        if (calibration->seen < calibration->runs) wanted = HD_CALIBRATE_ALL;
    }
    kept->conditions.deadline_ms = given;
    kept->tries = tries_for((double)calibration->seen / calibration->runs);
    return kept->status == HD_OK;
}
