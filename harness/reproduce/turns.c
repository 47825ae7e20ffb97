// SPDX-License-Identifier: MIT
/// turns.c: a program of several threads: the operations in parts, and main, which has one after
/// the other done by its thread.
#include "harness/reproduce/program.h"

static void begin_part(struct hd_program *program, uint8_t thread)
{
    if (program->parts > 0) (void)fputs("}\n\n", program->main);
    program->parts++;
    program->thread = thread;
    (void)fprintf(program->main, "static void part_%u(void)\n{\n", program->parts);
    if (thread == program->plan.first_thread) {
        (void)fprintf(program->turns, "    part_%u();\n", program->parts);
        return;
    }
    program->needs |= HD_NEED(THREADS);
    (void)fprintf(program->turns, "    on_thread(%u, part_%u);\n", thread, program->parts);
}

void hd_program_turn(struct hd_program *program, uint8_t thread)
{
    if (!program->plan.has_threads || (program->parts > 0 && thread == program->thread)) return;
    begin_part(program, thread);
}

void hd_program_end_thread(struct hd_program *program, uint8_t thread)
{
    (void)fprintf(program->turns, "    on_thread(%u, NULL);\n", thread);
    begin_part(program, program->plan.first_thread);
}
