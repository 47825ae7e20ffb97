// SPDX-License-Identifier: MIT
/// kept.c: running a trace, and looking for one signature in what came of it.
#include "harness/reduce/kept.h"

#include <stdio.h>
#include <string.h>

static bool has_signature(const struct hd_finding *finding, const char *signature)
{
    char found[HD_SIGNATURE_MAX];
    hd_finding_signature(finding, found);
    return strcmp(found, signature) == 0;
}

/// The first finding of a run, or the first with this signature; NULL: there is none.
static const struct hd_finding *find(const struct hd_run *run, const char *signature)
{
    for (uint32_t i = 0; i < run->finding_count; i++)
        if (signature == NULL || has_signature(&run->findings[i], signature))
            return &run->findings[i];
    return NULL;
}

static bool run_one(struct hd_kept *kept, size_t which, const struct hd_trace *trace,
                    struct hd_result *result)
{
    struct hd_conditions conditions = kept->conditions;
    conditions.held = kept->held[which];
    kept->runs++;
    kept->status = hd_runner_run(kept->specs[which], trace, &conditions, result, &kept->message);
    return kept->status == HD_OK;
}

static void release(struct hd_result *results, size_t count)
{
    for (size_t i = 0; i < count; i++)
        hd_result_release(&results[i]);
}

// ---------------------------------------------------------------------------- differences

static void compare(const struct hd_kept *kept, const struct hd_trace *trace,
                    const struct hd_result *results, struct hd_comparison *comparison)
{
    struct hd_contestant contestants[HD_CONTESTANTS_MAX];
    for (size_t i = 0; i < kept->count; i++)
        contestants[i] = (struct hd_contestant){
            .name = kept->specs[i], .policy = results[i].policy, .outcomes = results[i].outcomes};
    hd_compare(trace, contestants, kept->count, comparison);
}

/// The first difference, or the first with this signature, by these deviators (0: by any).
static const struct hd_difference *find_difference(const struct hd_comparison *comparison,
                                                   const char *signature, uint32_t deviators)
{
    for (uint32_t i = 0; i < comparison->difference_count; i++) {
        const struct hd_difference *difference = &comparison->differences[i];
        if (deviators != 0 && difference->deviators != deviators) continue;
        if (signature == NULL || has_signature(&difference->finding, signature)) return difference;
    }
    return NULL;
}

/// Takes the difference that results have, if they have it.
static bool take_difference(struct hd_kept *kept, const struct hd_trace *trace,
                            const struct hd_result *results, const char *signature)
{
    static struct hd_comparison comparison;
    compare(kept, trace, results, &comparison);
    const struct hd_difference *difference =
        find_difference(&comparison, signature, kept->deviators);
    if (difference == NULL) return false;
    kept->finding = difference->finding;
    kept->stuck = HD_STUCK_NOT;
    kept->deviators = difference->deviators;
    return true;
}

// ---------------------------------------------------------------------------- what others call

bool hd_kept_choose(struct hd_kept *kept, const struct hd_trace *trace, const char *signature)
{
    struct hd_result results[HD_CONTESTANTS_MAX] = {0};
    const struct hd_finding *found = NULL;
    size_t ran = 0;
    kept->deviators = 0;
    while (found == NULL && ran < kept->count) {
        if (!run_one(kept, ran, trace, &results[ran])) break;
        found = find(results[ran++].run, signature);
    }
    bool chosen = found != NULL;
    if (chosen) {
        kept->finding = *found;
        kept->stuck = results[ran - 1].stuck;
        kept->specs[0] = kept->specs[ran - 1];
        kept->held[0] = kept->held[ran - 1];
        kept->count = 1;
    } else if (kept->status == HD_OK)
        chosen = take_difference(kept, trace, results, signature);
    if (chosen) hd_finding_signature(&kept->finding, kept->signature);
    release(results, ran);
    return chosen;
}

static bool shows_difference(struct hd_kept *kept, const struct hd_trace *trace)
{
    struct hd_result results[HD_CONTESTANTS_MAX] = {0};
    size_t ran = 0;
    while (ran < kept->count && run_one(kept, ran, trace, &results[ran]))
        ran++;
    const bool shows = ran == kept->count && take_difference(kept, trace, results, kept->signature);
    release(results, ran);
    return shows;
}

bool hd_kept_shows(struct hd_kept *kept, const struct hd_trace *trace)
{
    if (kept->deviators != 0) return shows_difference(kept, trace);
    struct hd_result result;
    if (!run_one(kept, 0, trace, &result)) return false;
    const struct hd_finding *finding = find(result.run, kept->signature);
    if (finding != NULL) {
        kept->finding = *finding;
        kept->stuck = result.stuck;
    }
    hd_result_release(&result);
    return finding != NULL;
}

bool hd_kept_shows_in_tries(struct hd_kept *kept, const struct hd_trace *trace)
{
    for (unsigned i = 0; i < kept->tries; i++) {
        if (hd_kept_shows(kept, trace)) return true;
        if (kept->status != HD_OK) return false;
    }
    return false;
}

static bool is_at(const struct hd_kept *kept, const char *place)
{
    return strcmp(kept->finding.oracle, hd_oracles[HD_ORACLE_progress]->name) == 0 &&
           strncmp(kept->finding.place, place, strlen(place)) == 0;
}

bool hd_kept_is_hang(const struct hd_kept *kept)
{
    return is_at(kept, "hang-");
}

bool hd_kept_uses_memory_up(const struct hd_kept *kept)
{
    return is_at(kept, "memory-used-up");
}
