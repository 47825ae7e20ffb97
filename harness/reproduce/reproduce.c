// SPDX-License-Identifier: MIT
/// reproduce.c: puts the program together; main first, for it tells what it needs in front.
#include "harness/reproduce/reproduce.h"

#include "harness/reproduce/program.h"
#include "oracles/oracle.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES ((size_t)1 << 36) // of address space: a slot may have any number

static enum hd_oracle_id oracle_of(const struct hd_finding *finding)
{
    unsigned id = 0;
    while (id < HD_ORACLES && strcmp(hd_oracles[id]->name, finding->oracle) != 0) id++;
    HD_ASSERT(id < HD_ORACLES);
    return (enum hd_oracle_id)id;
}

/// It was asked and answered at some step.
static bool has_usable_size(const struct hd_run *run)
{
    return run->verdicts[HD_ORACLE_usable][HD_HOLDS] + run->verdicts[HD_ORACLE_usable][HD_BROKEN] >
           0;
}

#define LARGE_BYTES ((size_t)1 << 20)

static bool has_large(const struct hd_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++)
        if (plan->steps[i].filling != 0 && plan->steps[i].size > LARGE_BYTES) return true;
    return false;
}

// ---------------------------------------------------------------------------- the memory limit

#define MODEST_BYTES   ((size_t)1 << 20)
#define HOPELESS_BYTES ((size_t)1 << 46) // no machine has so many

/// Something was refused that only the limit of the run explains, where the kernel had no order.
static bool felt_limit(const struct hd_program *program)
{
    if (program->from->memory_bytes == 0) return false;
    if (hd_program_is_at(program, "memory-used-up")) return true;
    for (size_t i = 0; i < program->plan.count; i++) {
        const struct hd_planned_step *step = &program->plan.steps[i];
        if (step->outcome == HD_OUTCOME_NULL && step->size > MODEST_BYTES &&
            step->size < HOPELESS_BYTES)
            return true;
    }
    return false;
}

static void write_limit(FILE *file, size_t bytes)
{
    (void)fprintf(file,
                  "    // As in the run that found it.\n"
                  "    const struct rlimit mapped = {(rlim_t)%zu << 20, RLIM_INFINITY};\n"
                  "    if (setrlimit(RLIMIT_DATA, &mapped) != 0) return 3;\n",
                  bytes >> 20);
}

// ---------------------------------------------------------------------------- main

/// What main begins with is known when its operations are written.
static void write_beginning(const struct hd_program *program, FILE *file)
{
    (void)fputs("int main(void)\n{\n", file);
    if ((program->needs & HD_NEED(CHILD)) != 0) (void)fputs("    go_on_in_child();\n", file);
    if ((program->needs & HD_NEED(FAULT)) != 0)
        (void)fputs("    signal(SIGSEGV, on_fault);\n    signal(SIGBUS, on_fault);\n", file);
    if ((program->needs & HD_NEED(ALARM)) != 0)
        (void)fputs("    signal(SIGALRM, on_alarm);\n    alarm(10);\n", file);
    if ((program->needs & HD_NEED(WATCH)) != 0) (void)fputs("    watch_kernel();\n", file);
}

static bool write_operations(struct hd_program *program)
{
    const struct hd_plan *plan = &program->plan;
    const struct hd_oracle *oracle = hd_oracles[program->oracle];
    if (felt_limit(program)) {
        program->headers = "errno.h sys/resource.h";
        write_limit(plan->has_threads ? program->turns : program->main,
                    program->from->memory_bytes);
    }
    for (size_t i = 0; i + 1 < plan->count; i++) {
        hd_program_turn(program, plan->steps[i].op.thread);
        hd_program_operation(program, &plan->steps[i]);
    }
    hd_program_turn(program, hd_plan_last(plan)->op.thread);

    char text[512];
    (void)snprintf(text, sizeof text, "%s\nRests on: %s.", oracle->property, oracle->rests_on);
    (void)fputc('\n', program->main);
    hd_program_comment(program->main, 4, text);
    return hd_checks[program->oracle]->write(program, hd_plan_last(plan));
}

static void write_end(const struct hd_program *program, bool shown, FILE *file)
{
    if (!shown)
        (void)fputs("    fputs(\"what is wrong cannot be shown without heapduel\\n\", stderr);\n"
                    "    return 3;\n}\n", file);
    else if ((program->needs & HD_NEED(CHILD)) != 0)
        (void)fputs("    return CAME_THROUGH;\n}\n", file);
    else
        (void)fputs("    return 0;\n}\n", file);
}

/// Up to what it ends with.
static void write_main(const struct hd_program *program, const char *operations, const char *turns,
                       FILE *file)
{
    if (program->plan.has_threads) (void)fprintf(file, "%s}\n\n", operations);
    write_beginning(program, file);
    (void)fputs(program->plan.has_threads ? turns : operations, file);
}

struct text {
    char *bytes;
    size_t length;
};

/// NULL: there is no memory.
static FILE *open_text(struct text *text)
{
    *text = (struct text){0};
    return open_memstream(&text->bytes, &text->length);
}

enum hd_status hd_reproduce(const struct hd_reproduction *reproduction, FILE *file,
                            struct hd_message *message)
{
    struct hd_arena arena;
    struct hd_program program = {.from = reproduction,
                                 .oracle = oracle_of(reproduction->finding),
                                 .has_usable_size = has_usable_size(reproduction->result->run),
                                 .headers = "errno.h stdio.h"};
    const struct hd_check *check = hd_checks[program.oracle];
    program.fills_usable = program.oracle == HD_ORACLE_usable;
    struct text operations;
    struct text turns;
    program.main = open_text(&operations);
    program.turns = open_text(&turns);
    if (program.main == NULL || program.turns == NULL)
        return hd_fail(message, HD_UNAVAILABLE, "there is no memory");
    hd_arena_open(&arena, ARENA_BYTES);
    hd_plan_make(reproduction, check->fills, &arena, &program.plan);
    program.has_large = has_large(&program.plan);
    const bool shown = write_operations(&program);
    if (check->catches_segv && shown) program.needs |= HD_NEED(FAULT);
    if ((program.needs & HD_NEEDS_WATCH) != 0) program.needs |= HD_NEED(WATCH);
    const bool operations_written = fclose(program.main) == 0;
    const bool written = fclose(program.turns) == 0 && operations_written;
    if (written) {
        hd_program_heading(&program, shown, file);
        hd_program_helpers(&program, file);
        write_main(&program, operations.bytes, turns.bytes, file);
        write_end(&program, shown, file);
    }
    hd_arena_close(&arena);
    free(operations.bytes);
    free(turns.bytes);
    if (!written) return hd_fail(message, HD_UNAVAILABLE, "there is no memory");
    if (shown) return HD_OK;
    return hd_fail(message, HD_UNAVAILABLE,
                   "what the oracle %s found no program can show without heapduel; the one written "
                   "makes the calls, and says so",
                   reproduction->finding->oracle);
}
