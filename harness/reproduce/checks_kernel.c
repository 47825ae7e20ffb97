// SPDX-License-Identifier: MIT
/// checks_kernel.c: what fails where memory is gone, or a call does not end.
#include "harness/reproduce/program.h"

#include <inttypes.h>
#include <string.h>

/// One line for each live block: whether it holds what was written, and can be written anew.
static void write_lives(struct hd_program *program)
{
    program->needs |= HD_NEED(STILL_THERE);
    for (uint32_t slot = 0; slot < program->plan.slot_count; slot++) {
        const struct hd_planned_block *block = &program->plan.blocks[slot];
        if (!block->lives || block->filling == 0) continue;
        const struct hd_word live = hd_program_slot(program, slot);
        const struct hd_word bytes = hd_program_filled(program, &live, block->size);
        (void)fprintf(program->main, "    still_there(%s, %s, %" PRIu32 ", \"%s\");\n", live.text,
                      bytes.text, block->filling, live.text);
    }
}

bool hd_check_mapped(struct hd_program *program, const struct hd_planned_step *step)
{
    hd_program_operation(program, step); // its filling is what shows a block that is not mapped
    if (hd_program_is_at(program, "live-block-lost")) write_lives(program);
    return true;
}

/// Somebody else's memory is looked at where there is some. What the allocator gives back that it
/// never had, and nobody has, no program sees.
bool hd_check_own_memory(struct hd_program *program, const struct hd_planned_step *step)
{
    hd_program_operation(program, step);
    if (hd_program_is_at(program, "not-its-own")) return false;
    program->needs |= HD_NEED(CHECK_FOREIGN);
    (void)fputs("    check_foreign();\n", program->main);
    return true;
}

bool hd_check_whole_again(struct hd_program *program, const struct hd_planned_step *step)
{
    const struct hd_word slot = hd_program_slot(program, step->op.slot);
    hd_program_operation(program, step);
    program->needs |= HD_NEED(BUG);
    (void)fprintf(program->main,
                  "    if (%s == NULL)\n"
                  "        bug(\"nothing lives, and %s gave NULL\");\n",
                  slot.text, hd_program_call(program, step).text);
    return true;
}

bool hd_check_consistent(struct hd_program *program, const struct hd_planned_step *step)
{
    program->needs |= HD_NEED(CONSISTENT) | HD_NEED(BUG);
    hd_program_operation(program, step);
    (void)fputs("    if (!consistent())\n"
                "        bug(\"the allocator's own check of its metadata fails\");\n",
                program->main);
    return true;
}

static bool begins_with(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

static bool ends_with(const char *text, const char *ending)
{
    const size_t length = strlen(text);
    return length >= strlen(ending) && strcmp(text + length - strlen(ending), ending) == 0;
}

/// A crash shows itself; a hang and an end are turned into an exit by what main begins with.
bool hd_check_progress(struct hd_program *program, const struct hd_planned_step *step)
{
    const char *place = program->from->finding->place;
    if (begins_with(place, "hang")) program->needs |= HD_NEED(ALARM);
    if (begins_with(place, "exit")) program->needs |= HD_NEED(CHILD);
    if (ends_with(place, "touching") && step->before.lives && step->before.filling != 0) {
        const struct hd_word slot = hd_program_slot(program, step->op.slot);
        program->needs |= HD_NEED(CHECK);
        (void)fprintf(program->main, "    check(%s, %s, %" PRIu32 ", \"%s\");\n", slot.text,
                      hd_program_number(step->before.size).text, step->before.filling, slot.text);
    }
    hd_program_operation(program, step);
    if (ends_with(place, "walking")) {
        program->needs |= HD_NEED(CONSISTENT);
        (void)fputs("    (void)consistent();\n", program->main);
    }
    if (!hd_program_is_at(program, "memory-used-up")) return true;
    const bool resizes = step->before.lives;
    program->needs |= HD_NEED(BUG);
    (void)fprintf(program->main,
                  "    if (%s == NULL)\n        bug(\"the memory is used up, and next to nothing"
                  " lives\");\n",
                  resizes ? "q" : hd_program_slot(program, step->op.slot).text);
    return true;
}
