// SPDX-License-Identifier: MIT
/// calibrate.c: a few runs before the first trial.
#include "harness/reduce/calibrate.h"

#include <limits.h>
#include <time.h>

#define MISS_RATE 0.01 // of the trials of a flaky finding

/// A trial may take so many times as long as what was timed, and so much longer. Where the finding is
/// a hang each trial that has it takes that long, else only one that hangs by the way.
static const struct margin {
    uint32_t factor;
    uint32_t ms;
} hang_margin = {4, 100}, other_margin = {10, 1000};

static uint64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/// The trace as far as it is carried out in a run that has the finding and does not take the whole
/// deadline. What hangs when all is freed cannot be timed by leaving it out.
static struct hd_trace timed_part(const struct hd_kept *kept, const struct hd_trace *trace)
{
    struct hd_trace part = *trace;
    const uint64_t step = kept->finding.step;
    if (hd_kept_is_hang(kept) && step >= 1 && step <= part.count) part.count = (size_t)step - 1;
    return part;
}

static uint32_t find_deadline(struct hd_kept *kept, const struct hd_trace *trace)
{
    const struct hd_trace part = timed_part(kept, trace);
    const struct hd_finding finding = kept->finding; // a run without the hang may have it elsewhere
    const uint64_t begin = now_ms();
    (void)hd_kept_shows(kept, &part);
    const uint64_t taken = now_ms() - begin;
    kept->finding = finding;
    const struct margin *margin = hd_kept_is_hang(kept) ? &hang_margin : &other_margin;
    const uint64_t deadline = taken * margin->factor + margin->ms;
    const uint32_t given = kept->conditions.deadline_ms;
    const bool longer = deadline > (given != 0 ? given : INT_MAX);
    return longer ? given : (uint32_t)deadline;
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
    *calibration = (struct hd_calibration){0};
    bool chosen = false;
    while (!chosen && calibration->runs < HD_CALIBRATE_FIRST) {
        calibration->runs++;
        chosen = hd_kept_choose(kept, trace, signature);
        if (kept->status != HD_OK) return false;
    }
    if (!chosen) return false;
    calibration->seen = 1;
    calibration->deadline_ms = find_deadline(kept, trace);

    const uint32_t given = kept->conditions.deadline_ms;
    if (hd_kept_is_hang(kept)) kept->conditions.deadline_ms = calibration->deadline_ms;
    unsigned wanted = calibration->runs > 1 ? HD_CALIBRATE_ALL : HD_CALIBRATE_FIRST;
    while (kept->status == HD_OK && calibration->runs < wanted) {
        calibration->runs++;
        calibration->seen += hd_kept_shows(kept, trace);
        if (calibration->seen < calibration->runs) wanted = HD_CALIBRATE_ALL;
    }
    kept->conditions.deadline_ms = given;
    kept->tries = tries_for((double)calibration->seen / calibration->runs);
    return kept->status == HD_OK;
}
