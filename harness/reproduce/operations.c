// SPDX-License-Identifier: MIT
/// operations.c: an operation as a line of C.
#include "harness/reproduce/program.h"

#include <inttypes.h>

struct hd_word hd_program_call(struct hd_program *program, const struct hd_planned_step *step)
{
    const struct hd_op *op = &step->op;
    const struct hd_word function = hd_program_function(program, op->kind);
    const struct hd_word slot = hd_program_slot(program, op->slot);
    const struct hd_word size = hd_program_number(op->size);
    const struct hd_word extra = hd_program_number(op->extra);
    const unsigned operands = hd_op_infos[op->kind].operands;
    const bool two = (operands & (HD_COUNT | HD_ALIGNMENT)) != 0;
    const bool takes = (operands & HD_SLOT) != 0;
    const char *block = !takes ? "" : step->before.lives ? slot.text : "NULL";
    if (op->kind == HD_OP_FREE_NULL || op->kind == HD_OP_THREAD_END) block = "NULL";
    if (op->kind == HD_OP_POSIX_MEMALIGN) block = "&q";

    char text[512];
    const bool sized = (operands & HD_SIZE) != 0;
    (void)snprintf(text, sizeof text, "%s(%s%s%s%s%s)", function.text, block,
                   *block != '\0' && sized ? ", " : "", two ? extra.text : "", two ? ", " : "",
                   sized ? size.text : "");
    struct hd_word word;
    (void)snprintf(word.text, sizeof word.text, "%.79s", text);
    return word;
}

/// `fill(EXPRESSION, SIZE, N)` where the step is followed by a filling, else the expression alone.
static void write_block(struct hd_program *program, const struct hd_planned_step *step,
                        const char *expression)
{
    if (step->filling == 0) {
        (void)fprintf(program->main, "%s", expression);
    } else if (program->fills_usable) {
        program->needs |= HD_NEED(FILL_USABLE);
        (void)hd_program_function(program, HD_OP_USABLE_SIZE);
        (void)fprintf(program->main, "fill_usable(%s, %" PRIu32 ")", expression, step->filling);
    } else {
        program->needs |= HD_NEED(FILL);
        (void)fprintf(program->main, "fill(%s, %s, %" PRIu32 ")", expression,
                      hd_program_number(step->size).text, step->filling);
    }
}

static void write_result(struct hd_program *program, const struct hd_planned_step *step)
{
    const struct hd_word slot = hd_program_slot(program, step->op.slot);
    const struct hd_word call = hd_program_call(program, step);
    if (step->op.kind == HD_OP_POSIX_MEMALIGN) {
        program->needs_q = true;
        (void)fprintf(program->main, "    %s = %s == 0 ? ", slot.text, call.text);
        write_block(program, step, "q");
        (void)fputs(" : NULL;\n", program->main);
        return;
    }
    // A resize that failed leaves the old block.
    if (step->before.lives && step->outcome == HD_OUTCOME_NULL && step->size > 0) {
        program->needs_q = true;
        (void)fprintf(program->main, "    if ((q = %s) != NULL) %s = q;\n", call.text, slot.text);
        return;
    }
    (void)fprintf(program->main, "    %s = ", slot.text);
    write_block(program, step, call.text);
    (void)fputs(";\n", program->main);
}

static void write_event(struct hd_program *program, const struct hd_planned_step *step)
{
    const struct hd_op *op = &step->op;
    const struct hd_word slot = hd_program_slot(program, op->slot);
    switch ((enum hd_op_kind)op->kind) {
    case HD_OP_REFUSE:
        program->needs |= HD_NEED(REFUSE);
        (void)fprintf(program->main, "    refuse(SYS_%s, %" PRIu64 ");\n",
                      hd_syscall_names[op->extra], op->size);
        return;
    case HD_OP_REFUSE_ALL:
        program->needs |= HD_NEED(REFUSE_ALL);
        (void)fputs("    refuse_all = true;\n", program->main);
        return;
    case HD_OP_LIMIT:
        program->needs |= HD_NEED(LIMIT);
        (void)fprintf(program->main, "    limit(%s);\n",
                      hd_program_number(op->size < INT64_MAX ? op->size : INT64_MAX).text);
        return;
    case HD_OP_FOREIGN_SBRK:
        program->needs |= HD_NEED(FOREIGN_SBRK);
        (void)fprintf(program->main, "    foreign_sbrk(%" PRId64 ");\n", (int64_t)op->size);
        return;
    case HD_OP_FOREIGN_MMAP:
        program->needs |= HD_NEED(FOREIGN_MMAP);
        (void)fprintf(program->main, "    foreign_mmap(%s, ", slot.text);
        if (program->has_usable_size)
            (void)fprintf(program->main, "%s(%s));\n",
                          hd_program_function(program, HD_OP_USABLE_SIZE).text, slot.text);
        else
            (void)fprintf(program->main, "%s);\n", hd_program_number(step->before.size).text);
        return;
    default: HD_ASSERT(false);
    }
}

static void write_filling(struct hd_program *program, const struct hd_planned_step *step)
{
    if (step->filling == 0) return;
    const struct hd_word slot = hd_program_slot(program, step->op.slot);
    const struct hd_word bytes = hd_program_filled(program, &slot, step->before.size);
    program->needs |= HD_NEED(FILL);
    (void)fprintf(program->main, "    fill(%s, %s, %" PRIu32 ");\n", slot.text, bytes.text,
                  step->filling);
}

void hd_program_operation(struct hd_program *program, const struct hd_planned_step *step)
{
    if (step->ends_refusals && (program->needs & HD_NEEDS_WATCH) != 0)
        (void)fputs("    nobody_refuses = true;\n", program->main);
    switch ((enum hd_op_kind)step->op.kind) {
    case HD_OP_FREE:
    case HD_OP_FREE_NULL:
    case HD_OP_THREAD_END:
        (void)fprintf(program->main, "    %s;\n", hd_program_call(program, step).text);
        break;
    case HD_OP_USABLE_SIZE:
        (void)fprintf(program->main, "    (void)%s;\n", hd_program_call(program, step).text);
        break;
    case HD_OP_WRITE: write_filling(program, step); break;
    case HD_OP_REFUSE:
    case HD_OP_REFUSE_ALL:
    case HD_OP_LIMIT:
    case HD_OP_FOREIGN_SBRK:
    case HD_OP_FOREIGN_MMAP: write_event(program, step); break;
    case HD_OP_KINDS: HD_ASSERT(false);
    default: write_result(program, step);
    }
    if (step->trims) {
        program->functions |= UINT32_C(1) << HD_CALLS_TRIM;
        (void)fprintf(program->main, "    (void)%smalloc_trim(0);\n", program->from->prefix);
    }
    if (step->op.kind == HD_OP_THREAD_END) hd_program_end_thread(program, step->op.thread);
    if (step->ends_refuse_all) (void)fputs("    refuse_all = false;\n", program->main);
}
