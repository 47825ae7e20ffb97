// SPDX-License-Identifier: MIT
/// fuzz_differential.c: the fuzz target that carries each trace out on every allocator, one after
/// the other, and compares.
///
/// The allocators are the known ones found on the machine, or those of
/// --allocator=A,B,... among the engine's flags.
#include "allocators/known.h"
#include "harness/compare/compare.h"
#include "harness/engine/engine.h"
#include "harness/engine/loading.h"
#include "harness/fuzz/behaviour.h"
#include "harness/fuzz/finding_file.h"
#include "harness/fuzz/history.h"
#include "harness/fuzz/own_stats.h"
#include "harness/fuzz/target.h"

#include <stdio.h>
#include <string.h>

/// An allocator in this process, and what it answered to the input under way.
struct rival {
    const char *name;
    struct hd_engine engine;
    struct hd_behaviour behaviour;
    struct hd_outcome *outcomes;
};

static struct rival rivals[HD_CONTESTANTS_MAX];
static size_t rival_count;
static struct hd_arena arena;
static char replay[8192];

static void add_rival(const char *name, const struct hd_subject *subject)
{
    struct rival *rival = &rivals[rival_count++];
    rival->name = name;
    hd_engine_open(&rival->engine, subject);
    rival->engine.uses_threads = true;
    const size_t used = strlen(replay);
    (void)snprintf(replay + used, sizeof replay - used, "-a %s ", name);
}

static void add_known(enum hd_tap_way tap)
{
    for (size_t i = 0; i < hd_known_count() && rival_count < HD_CONTESTANTS_MAX; i++) {
        struct hd_subject subject;
        struct hd_message why_not;
        if (hd_loading_open(hd_known_name(i), tap, &subject, &why_not) == HD_OK)
            add_rival(hd_known_name(i), &subject);
    }
}

/// `list` is split in place and must stay.
static void add_listed(char *list, enum hd_tap_way tap)
{
    struct hd_message message;
    char *rest;
    for (char *name = strtok_r(list, ",", &rest); name != NULL; name = strtok_r(NULL, ",", &rest)) {
        struct hd_subject subject;
        enum hd_status status = hd_loading_open(name, tap, &subject, &message);
        if (status == HD_OK && rival_count == HD_CONTESTANTS_MAX)
            status = hd_fail(&message, HD_BAD_INPUT, "more than %d allocators", HD_CONTESTANTS_MAX);
        if (status != HD_OK) hd_target_give_up(status, &message);
        add_rival(name, &subject);
    }
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    const struct hd_target_options options = hd_target_start(argc, argv);
    static char list[4096];
    struct hd_message message;
    if (options.fresh != HD_FRESH_AUTO && options.fresh != HD_FRESH_NONE)
        hd_target_give_up(hd_fail(&message, HD_BAD_INPUT,
                                  "allocators side by side have no fresh heap: --fresh=none"),
                          &message);
    hd_arena_open(&arena, (size_t)16 << 30);
    if (options.goes_on) hd_history_open();
    if (options.allocator == NULL) {
        add_known(options.tap);
    } else {
        strncpy(list, options.allocator, sizeof list - 1);
        add_listed(list, options.tap);
    }
    const size_t used = strlen(replay);
    (void)snprintf(replay + used, sizeof replay - used, "--memory-limit %zu",
                   options.memory_bytes >> 20);
    for (size_t i = 0; i < rival_count; i++) {
        rivals[i].engine.memory_limit = hd_memory_limit_open(options.memory_bytes);
        if (!options.shows_nothing)
            hd_behaviour_watch(&rivals[i].behaviour, &rivals[i].engine, false);
    }
    return 0;
}

struct work {
    struct rival *rival;
    const struct hd_trace *trace;
    struct hd_run *run;
};

static void carry_out(void *context)
{
    const struct work *work = context;
    hd_engine_run(&work->rival->engine, work->trace, work->run, work->rival->outcomes);
}

/// Carries the trace out on one allocator; false: it was left in the middle, and the heap put back.
static bool run_on(struct rival *rival, const struct hd_trace *trace, struct hd_run *run)
{
    const size_t bytes = trace->count * sizeof rival->outcomes[0];
    rival->outcomes = hd_arena_take(&arena, bytes, _Alignof(struct hd_outcome));
    memset(rival->outcomes, 0, bytes);
    const struct hd_target_run target_run = {rival->name, replay, trace, run};
    struct work work = {rival, trace, run};
    if (!hd_target_watch(&target_run, carry_out, &work)) return false;
    hd_target_report(&target_run);
    return true;
}

/// A difference that no oracle saw on one side alone.
static void compare(const struct hd_trace *trace, struct hd_run *run)
{
    static struct hd_comparison comparison;
    struct hd_contestant contestants[HD_CONTESTANTS_MAX];
    for (size_t i = 0; i < rival_count; i++)
        contestants[i] = (struct hd_contestant){.name = rivals[i].name,
                                                .policy = rivals[i].engine.subject.allocator.policy,
                                                .outcomes = rivals[i].outcomes};
    hd_compare(trace, contestants, rival_count, &comparison);
    const struct hd_target_run all = {HD_FINDING_DIFFERENTIAL, replay, trace, run};
    if (comparison.difference_count > 0)
        hd_target_report_difference(&all, &comparison.differences[0].finding);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct hd_run run;
    struct hd_trace trace;
    hd_own_stats_count_input(data, size);
    hd_history_add(data, size);
    hd_arena_reset(&arena, 0);
    hd_trace_decode_input(data, size, &arena, &trace);
    for (size_t i = 0; i < rival_count; i++)
        if (!run_on(&rivals[i], &trace, &run)) return 0;
    compare(&trace, &run);
    hd_behaviour_show();
    return 0;
}
