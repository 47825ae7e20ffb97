// SPDX-License-Identifier: MIT
/// hand_out.c: stretches of operations of one thread.
#include "harness/engine/hand_out.h"

#include "harness/engine/carry_out.h"
#include "harness/engine/look_ahead.h"

/// The number in the crew.
static uint8_t number_of(const struct hd_engine *engine, uint8_t thread)
{
    return hd_thread_number(engine->first_thread, thread);
}

static bool start_thread(struct hd_engine *engine, uint8_t number, struct hd_run *run)
{
    hd_memory_limit_lift(&engine->memory_limit);
    const bool started = hd_crew_start(&engine->crew, number);
    hd_memory_limit_resume(&engine->memory_limit);
    hd_kernel_side_meet_break(&engine->kernel_side);
    run->threads += started;
    return started;
}

/// Operations of one thread that follow each other.
struct stretch {
    struct hd_engine *engine;
    const struct hd_op *ops;
    size_t count;  // of the operations that are left, of any thread
    size_t length; // of the stretch, when it is carried out
    struct hd_run *run;
    struct hd_outcome *outcomes;
};

static bool goes_on(const struct stretch *stretch)
{
    if (stretch->length == stretch->count) return false;
    const struct hd_op *next = &stretch->ops[stretch->length];
    if (next->kind == HD_OP_THREAD_END) return false;
    return !stretch->engine->uses_threads || next->thread == stretch->ops[0].thread;
}

static void carry_out(void *context)
{
    struct stretch *stretch = context;
    for (; goes_on(stretch); stretch->length++) {
        const struct hd_op *op = &stretch->ops[stretch->length];
        hd_look_ahead(&stretch->engine->model, op, stretch->count - stretch->length);
        hd_step_through(stretch->engine, op, stretch->run,
                        stretch->outcomes != NULL ? &stretch->outcomes[stretch->length] : NULL);
    }
}

/// Where the thread was not started, and is not there to end, the operation is skipped.
static void end_thread(struct hd_engine *engine, const struct hd_op *op, struct hd_run *run,
                       struct hd_outcome *outcome)
{
    engine->ending = engine->uses_threads ? number_of(engine, op->thread) : 0;
    hd_step_through(engine, op, run, outcome);
    hd_kernel_side_meet_break(&engine->kernel_side);
    if (!hd_crew_has(&engine->crew, engine->ending))
        hd_beginnings_end(&engine->beginnings, engine->ending);
}

void hd_hand_out(struct hd_engine *engine, const struct hd_op *ops, size_t count,
                 struct hd_run *run, struct hd_outcome *outcomes)
{
    for (size_t from = 0; from < count;) {
        struct stretch stretch = {.engine = engine,
                                  .ops = ops + from,
                                  .count = count - from,
                                  .run = run,
                                  .outcomes = outcomes != NULL ? outcomes + from : NULL};
        if (ops[from].kind == HD_OP_THREAD_END) {
            end_thread(engine, &ops[from], run, stretch.outcomes);
            from++;
            continue;
        }
        const uint8_t number = engine->uses_threads ? number_of(engine, ops[from].thread) : 0;
        const bool there = hd_crew_has(&engine->crew, number) || start_thread(engine, number, run);
        engine->at_work = there ? number : 0;
        hd_crew_do(&engine->crew, engine->at_work, carry_out, &stretch);
        if (!there) run->misplaced += stretch.length;
        from += stretch.length;
    }
}

void hd_end_threads(struct hd_engine *engine, struct hd_run *run)
{
    engine->at_work = 0;
    for (uint8_t thread = 0; engine->crew.started > 0; thread++) {
        const struct hd_op end = {.kind = HD_OP_THREAD_END, .thread = thread};
        const uint8_t number = number_of(engine, thread);
        if (number == 0 || !hd_crew_has(&engine->crew, number)) continue;
        end_thread(engine, &end, run, NULL);
        HD_ASSERT(!hd_crew_has(&engine->crew, number));
    }
}
