// SPDX-License-Identifier: MIT
/// bench_find.c: which libraries, and one hunt after the other.
#include "harness/cli/bench_find.h"

#include "allocators/faulty/faults.h"
#include "allocators/known.h"
#include "harness/bench/hunts.h"
#include "harness/campaign/fuzzer.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/policies.h"
#include "harness/cli/progress.h"
#include "harness/cli/roster.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ARENA_BYTES ((size_t)1 << 30) // of address space

/// What goes on, for the events.
struct session {
    struct hd_bench_find find;
    struct hd_arena arena;
    struct hd_hunt *hunts;
    size_t hunt_count;
    size_t done;
    size_t shown; // rows
    bool json;
};

// ---------------------------------------------------------------------------- the rows

static void *take(struct session *session, size_t count, size_t size)
{
    return hd_arena_take(&session->arena, count * size, _Alignof(max_align_t));
}

static void add_row(struct session *session, const char *spec, const struct hd_fault *fault)
{
    struct hd_bench_find_row *row = &session->find.rows[session->find.count++];
    *row = (struct hd_bench_find_row){.spec = spec, .name = spec};
    if (fault == NULL) return;
    row->name = fault->name;
    row->correct = fault->correct;
    row->oracle = fault->correct ? NULL : fault->oracle;
    row->held = fault->held;
}

static enum hd_status add_given(struct session *session,
                                const struct hd_allocator_options *allocators,
                                struct hd_message *message)
{
    struct hd_roster roster;
    const enum hd_status status = hd_roster_select(allocators, &roster, message);
    if (status != HD_OK) return status;
    session->find.rows = take(session, roster.count, sizeof *session->find.rows);
    for (size_t i = 0; i < roster.count; i++) {
        if (strlen(roster.names[i]) >= HD_SPEC_BYTES_MAX)
            return hd_fail(message, HD_BAD_INPUT, "%.60s...: the path is too long",
                           roster.names[i]);
        add_row(session, roster.names[i], hd_fault_of(roster.names[i]));
    }
    return HD_OK;
}

/// Those of the build that this program is of.
static enum hd_status add_faults(struct session *session, struct hd_message *message)
{
    char folder[PATH_MAX];
    hd_programs_own_folder(folder);
    session->find.rows = take(session, hd_fault_count, sizeof *session->find.rows);
    for (size_t i = 0; i < hd_fault_count; i++) {
        char *spec = take(session, HD_SPEC_BYTES_MAX, 1);
        if (hd_faults[i].correct) continue;
        const int length =
            snprintf(spec, HD_SPEC_BYTES_MAX, "%s/../faulty/%s.so", folder, hd_faults[i].name);
        if (length < 0 || length >= HD_SPEC_BYTES_MAX || access(spec, R_OK) != 0)
            return hd_fail(message, HD_UNAVAILABLE,
                           "no %s.so in %.200s/../faulty: a source tree's build has the libraries "
                           "with faults; -a names others",
                           hd_faults[i].name, folder);
        add_row(session, spec, &hd_faults[i]);
    }
    return HD_OK;
}

/// What a library without a policy is held to, as `heapduel fuzz` finds it.
static enum hd_status try_policies(struct session *session, struct hd_message *message)
{
    const struct hd_campaign_options fuzz = HD_CAMPAIGN_DEFAULT;
    struct hd_conditions conditions = HD_CONDITIONS_DEFAULT;
    conditions.deadline_ms = fuzz.deadline_s * 1000;
    conditions.memory_bytes = fuzz.memory_bytes;
    for (size_t i = 0; i < session->find.count; i++) {
        struct hd_bench_find_row *row = &session->find.rows[i];
        struct hd_held_policy *held = take(session, 1, sizeof *held);
        if (row->held != NULL || !hd_allocator_is_file(row->spec)) continue;
        hd_progress_show(i + 1, session->find.count, "the trial of its policy", row->name);
        const enum hd_status status = hd_policy_try(row->spec, &conditions, held, message);
        hd_progress_clear();
        if (status != HD_OK) return status;
        row->held = held;
    }
    return HD_OK;
}

// ---------------------------------------------------------------------------- the hunts

static unsigned setting_count(const struct hd_bench_find *find)
{
    unsigned count = 0;
    for (size_t i = 0; i < HD_HUNT_SETTINGS; i++)
        count += find->options.settings[i];
    return count;
}

static void plan_hunts(struct session *session)
{
    struct hd_bench_find *find = &session->find;
    const size_t of_row = (size_t)setting_count(find) * find->options.rounds;
    session->hunts = take(session, find->count * of_row, sizeof *session->hunts);
    for (size_t i = 0; i < find->count; i++) {
        struct hd_bench_find_row *row = &find->rows[i];
        row->results = take(session, of_row, sizeof *row->results);
        row->awaited = of_row;
        for (size_t setting = 0; setting < HD_HUNT_SETTINGS; setting++)
            for (unsigned round = 0;
                 find->options.settings[setting] && round < find->options.rounds; round++)
                session->hunts[session->hunt_count++] =
                    (struct hd_hunt){.spec = row->spec,
                                     .held = row->held,
                                     .option = hd_hunt_settings[setting].option,
                                     .seed = round + 1,
                                     .time = find->options.time};
    }
}

static void add_up(struct hd_bench_find *find, struct hd_bench_find_row *row)
{
    const struct hd_hunt_result *results = row->results;
    for (size_t setting = 0; setting < HD_HUNT_SETTINGS; setting++) {
        if (!find->options.settings[setting]) continue;
        hd_time_to_find_of(results, find->options.rounds, row->oracle, &row->found[setting]);
        results += find->options.rounds;
    }
}

static bool enough(void *context)
{
    (void)context;
    return hd_interrupted();
}

static void began(void *context, size_t index)
{
    const struct session *session = context;
    const size_t of_row = session->hunt_count / session->find.count;
    hd_progress_show(session->done + 1, session->hunt_count, "time to find",
                     session->find.rows[index / of_row].name);
}

/// Rows are shown in order, each when all of it is there.
static void done(void *context, size_t index, const struct hd_hunt_result *result)
{
    struct session *session = context;
    struct hd_bench_find *find = &session->find;
    const size_t of_row = session->hunt_count / find->count;
    struct hd_bench_find_row *row = &find->rows[index / of_row];
    row->results[index % of_row] = *result;
    row->awaited--;
    session->done++;
    for (; session->shown < find->count; session->shown++) {
        row = &find->rows[session->shown];
        if (row->awaited > 0) break;
        add_up(find, row);
        hd_progress_clear();
        if (!session->json) hd_bench_find_text_row(find, row);
    }
}

static enum hd_status hunt(struct session *session, struct hd_message *message)
{
    const struct hd_hunts hunts = {.hunts = session->hunts,
                                   .count = session->hunt_count,
                                   .jobs = session->find.options.jobs,
                                   .enough = enough,
                                   .began = began,
                                   .done = done,
                                   .context = session};
    hd_interrupt_watch();
    const enum hd_status status = hd_hunts_run(&hunts, message);
    hd_progress_clear();
    return status;
}

// ---------------------------------------------------------------------------- the part

/// Whether every setting that is asked for has a median.
static bool has_medians(const struct hd_bench_find *find, const struct hd_bench_find_row *row)
{
    for (size_t i = 0; i < HD_HUNT_SETTINGS; i++)
        if (find->options.settings[i] && isinf(row->found[i].inputs)) return false;
    return true;
}

void hd_bench_find_sum(const struct hd_bench_find *find, size_t setting,
                       struct hd_bench_find_sum *sum)
{
    double logarithms = 0;
    *sum = (struct hd_bench_find_sum){0};
    for (size_t i = 0; i < find->count; i++) {
        const struct hd_bench_find_row *row = &find->rows[i];
        if (row->correct) continue;
        sum->faults++;
        sum->reliable += hd_time_to_find_reliable(&row->found[setting]);
        if (!has_medians(find, row)) continue;
        logarithms += log(row->found[setting].inputs);
        sum->inputs_of++;
    }
    sum->inputs = sum->inputs_of > 0 ? exp(logarithms / (double)sum->inputs_of) : NAN;
}

enum hd_status hd_bench_find(const struct hd_bench_find_options *options,
                             const struct hd_allocator_options *allocators, json_t *into,
                             struct hd_message *message)
{
    struct session session = {.find = {.options = *options}, .json = allocators->json};
    struct hd_programs programs; // before anything is tried
    enum hd_status status = hd_programs_find(&hd_fuzzer_libfuzzer, &programs, message);
    hd_arena_open(&session.arena, ARENA_BYTES);
    if (status == HD_OK)
        status = allocators->count > 0 ? add_given(&session, allocators, message)
                                       : add_faults(&session, message);
    if (status == HD_OK) status = try_policies(&session, message);
    if (status == HD_OK) {
        plan_hunts(&session);
        if (!session.json) hd_bench_find_text_head(&session.find);
        status = hunt(&session, message);
    }
    if (status == HD_OK) {
        json_object_set_new(into, "time_to_find", hd_bench_find_json(&session.find));
        if (!session.json) hd_bench_find_text_end(&session.find);
    }
    hd_arena_close(&session.arena);
    return status;
}
