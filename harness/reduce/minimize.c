// SPDX-License-Identifier: MIT
/// minimize.c: reducing with a child process a trial, and confirming what came of it.
#include "harness/reduce/minimize.h"

#include <limits.h>

static bool caller_has_enough(const struct hd_minimize *minimize)
{
    return minimize->enough != NULL && minimize->enough(minimize->context);
}

/// A machine under load may need longer to load the allocator than a trial has: then the one run
/// gets the time that was given.
static bool still_fails(void *context, const struct hd_trace *trace)
{
    struct hd_minimize *minimize = context;
    struct hd_kept *kept = minimize->kept;
    if (minimize->progress != NULL) minimize->progress(minimize->context, &minimize->reduction);
    kept->conditions.deadline_ms = minimize->deadline_ms;
    bool shows = hd_kept_shows_in_tries(kept, trace);
    kept->conditions.deadline_ms = minimize->given_ms;
    if (kept->status != HD_OK && !caller_has_enough(minimize)) {
        kept->status = HD_OK;
        shows = hd_kept_shows(kept, trace);
    }
    return shows;
}

static bool enough(void *context)
{
    const struct hd_minimize *minimize = context;
    return minimize->kept->status != HD_OK || caller_has_enough(minimize);
}

static void reduce(struct hd_minimize *minimize, const struct hd_trace *trace,
                   struct hd_arena *arena, uint32_t deadline_ms)
{
    minimize->deadline_ms = deadline_ms;
    minimize->reduction =
        (struct hd_reduction){.still_fails = still_fails, .enough = enough, .context = minimize};
    hd_reduce(&minimize->reduction, trace, arena);
    // A Ctrl-C that ends us ends the child too, which may have been loading.
    if (caller_has_enough(minimize)) minimize->kept->status = HD_OK;
    minimize->trials += minimize->reduction.trials;
}

/// Whether the result has the finding under the conditions as given. A flaky one has many tries.
static bool confirm(struct hd_minimize *minimize)
{
    const bool flaky = minimize->calibration.seen < minimize->calibration.runs;
    const unsigned tries = flaky ? HD_CALIBRATE_ALL : 1;
    const struct hd_trace trace = hd_reduction_trace(&minimize->reduction);
    for (unsigned i = 0; i < tries && minimize->kept->status == HD_OK; i++)
        if (hd_kept_shows(minimize->kept, &trace)) return true;
    return false;
}

/// What still runs after this is sure to do so after `ms`, however busy the machine is now and
/// then.
static uint32_t longer(uint32_t ms)
{
    const uint64_t more = (uint64_t)ms + ms / 4 + 100;
    return ms == 0 || more > INT_MAX ? ms : (uint32_t)more;
}

enum hd_status hd_minimize(struct hd_minimize *minimize, struct hd_kept *kept,
                           const struct hd_trace *trace, struct hd_arena *arena,
                           struct hd_message *message)
{
    const size_t used_before = arena->used;
    minimize->kept = kept;
    minimize->given_ms = kept->conditions.deadline_ms;
    minimize->trials = 0;
    reduce(minimize, trace, arena, minimize->calibration.deadline_ms);
    minimize->confirmed = confirm(minimize);
    if (!minimize->confirmed && kept->status == HD_OK && hd_kept_is_hang(kept)) {
        hd_arena_reset(arena, used_before);
        reduce(minimize, trace, arena, longer(minimize->given_ms));
        minimize->confirmed = confirm(minimize);
    }
    if (kept->status != HD_OK) *message = kept->message;
    return kept->status;
}
