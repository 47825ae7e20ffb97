// SPDX-License-Identifier: MIT
/// checks.c: what fails where an oracle broke, for those that look at answers and bytes.
#include "harness/reproduce/program.h"

#include "oracles/alignment.h"

#include <inttypes.h>
#include <stdlib.h>

/// A step whose block is looked at before anything is written to it.
static struct hd_planned_step unfilled(const struct hd_planned_step *step)
{
    struct hd_planned_step plain = *step;
    plain.filling = 0;
    return plain;
}

static void write_if(struct hd_program *program, const char *condition, const char *what)
{
    program->needs |= HD_NEED(BUG);
    (void)fprintf(program->main, "    if (%s)\n        bug(\"%s\");\n", condition, what);
}

/// Whether the slot's block holds what was written: its first `size` bytes.
static void write_check(struct hd_program *program, const struct hd_word *variable, size_t size,
                        uint32_t filling)
{
    const struct hd_word bytes = hd_program_filled(program, variable, size);
    program->needs |= HD_NEED(CHECK);
    (void)fprintf(program->main, "    check(%s, %s, %" PRIu32 ", \"%s\");\n", variable->text,
                  bytes.text, filling, variable->text);
}

// ---------------------------------------------------------------------------- answers

static bool check_limits(struct hd_program *program, const struct hd_planned_step *step)
{
    const struct hd_word slot = hd_program_slot(program, step->op.slot);
    const struct hd_word call = hd_program_call(program, step);
    char condition[200];
    char what[200];
    if (hd_program_is_at(program, "outside-address-space")) {
        program->needs |= HD_NEED(OUTSIDE);
        (void)snprintf(condition, sizeof condition, "ends_outside(%s, %s)", slot.text,
                       hd_program_number(step->size).text);
        (void)snprintf(what, sizeof what, "%s gave a block past the address space", call.text);
    } else {
        (void)snprintf(condition, sizeof condition, "%s != NULL", slot.text);
        (void)snprintf(what, sizeof what, "%s gave a block", call.text);
    }
    hd_program_operation(program, step);
    write_if(program, condition, what);
    return true;
}

static bool check_alignment(struct hd_program *program, const struct hd_planned_step *step)
{
    const struct hd_step judged = {
        .op = &step->op, .policy = &program->from->result->policy, .size = step->size};
    const uint64_t want = hd_alignment_required(&judged);
    const struct hd_word slot = hd_program_slot(program, step->op.slot);
    char condition[200];
    char what[200];
    (void)snprintf(condition, sizeof condition, "(uintptr_t)%s %% %" PRIu64 " != 0", slot.text,
                   want);
    (void)snprintf(what, sizeof what, "%s is not a multiple of %" PRIu64,
                   hd_program_call(program, step).text, want);
    hd_program_operation(program, step);
    write_if(program, condition, what);
    return true;
}

/// The errno of a failure that posix_memalign must return, or of two either.
static const char *wrong_result(const struct hd_planned_step *step)
{
    if (!hd_alignment_is_bad(&step->op)) return "status != 0 && status != ENOMEM";
    if (step->size > PTRDIFF_MAX) return "status != 0 && status != EINVAL && status != ENOMEM";
    return "status != 0 && status != EINVAL";
}

static bool check_posix_memalign(struct hd_program *program, const struct hd_planned_step *step)
{
    const struct hd_word call = hd_program_call(program, step);
    program->needs_q = true;
    (void)fprintf(program->main,
                  "    q = &q; // no answer: what it points to is no block\n"
                  "    const int status = %s;\n",
                  call.text);
    if (hd_program_is_at(program, "pointer-not-set"))
        write_if(program, "status == 0 && q == &q", "posix_memalign returned 0 and no pointer");
    else if (hd_program_is_at(program, "null-with-success"))
        write_if(program, "status == 0 && q == NULL", "posix_memalign returned 0 and NULL");
    else if (hd_program_is_at(program, "wrong-result"))
        write_if(program, wrong_result(step), "posix_memalign returned no errno that fits");
    else
        write_if(program, "status != 0 && q != &q && q != NULL",
                 "posix_memalign failed and set its pointer");
    return true;
}

static bool check_errno(struct hd_program *program, const struct hd_planned_step *step)
{
    const bool zeroed = hd_program_is_at(program, "set-to-zero");
    if (step->op.kind == HD_OP_POSIX_MEMALIGN && !zeroed)
        return check_posix_memalign(program, step);

    const struct hd_policy *policy = &program->from->result->policy;
    const struct hd_word slot = hd_program_slot(program, step->op.slot);
    (void)fputs("    errno = EDOM;\n", program->main);
    hd_program_operation(program, step);
    if (hd_program_is_at(program, "changed-by-free")) {
        write_if(program, "errno != EDOM", "free changed errno");
        return true;
    }
    if (zeroed) {
        write_if(program, "errno == 0", "errno was set to 0");
        return true;
    }
    const bool aligned = step->op.kind == HD_OP_ALIGNED_ALLOC;
    const bool invalid = aligned && hd_alignment_is_bad(&step->op) && step->size <= PTRDIFF_MAX &&
                         !policy->bad_alignment_served;
    const char *block = step->before.lives ? "q" : slot.text; // of a resize that failed
    char condition[200];
    char what[200];
    (void)snprintf(condition, sizeof condition, "%s == NULL%s%s", block,
                   invalid ? "" : " && errno != ENOMEM", aligned ? " && errno != EINVAL" : "");
    (void)snprintf(what, sizeof what, "%s gave NULL, and errno does not say why",
                   hd_program_call(program, step).text);
    write_if(program, condition, what);
    return true;
}

/// What it gives else is in the trace, or was found by trying.
static bool check_choices(struct hd_program *program, const struct hd_planned_step *step)
{
    const bool is_null = hd_program_is_at(program, "null-where-block");
    const struct hd_word slot = hd_program_slot(program, step->op.slot);
    char condition[200];
    char what[200];
    (void)snprintf(condition, sizeof condition, "%s %s NULL", slot.text, is_null ? "==" : "!=");
    (void)snprintf(what, sizeof what, "%s gave %s", hd_program_call(program, step).text,
                   is_null ? "NULL, and else a block" : "a block, and else NULL");
    hd_program_operation(program, step);
    write_if(program, condition, what);
    return true;
}

// ---------------------------------------------------------------------------- bytes

static bool check_zero(struct hd_program *program, const struct hd_planned_step *step)
{
    const struct hd_planned_step plain = unfilled(step);
    const struct hd_word slot = hd_program_slot(program, step->op.slot);
    hd_program_operation(program, &plain);
    program->needs |= HD_NEED(CHECK_ZERO);
    (void)fprintf(program->main, "    check_zero(%s, %s, \"%s\");\n", slot.text,
                  hd_program_number(step->size).text, slot.text);
    return true;
}

static bool check_content(struct hd_program *program, const struct hd_planned_step *step)
{
    const struct hd_word slot = hd_program_slot(program, step->op.slot);
    write_check(program, &slot, step->before.size, step->before.filling);
    return true;
}

static bool check_realloc(struct hd_program *program, const struct hd_planned_step *step)
{
    const struct hd_word slot = hd_program_slot(program, step->op.slot);
    if (hd_program_is_at(program, "old-block-changed")) {
        (void)fprintf(program->main, "    if (%s == NULL)\n    ",
                      hd_program_call(program, step).text);
        write_check(program, &slot, step->before.size, step->before.filling);
        return true;
    }
    const struct hd_planned_step plain = unfilled(step);
    const size_t kept = step->size < step->before.size ? step->size : step->before.size;
    hd_program_operation(program, &plain);
    write_check(program, &slot, kept, step->before.filling);
    return true;
}

// ---------------------------------------------------------------------------- neighbours

/// One line for each live block: whether it and the new one share bytes.
static bool check_overlap(struct hd_program *program, const struct hd_planned_step *step)
{
    const struct hd_planned_step plain = unfilled(step);
    const struct hd_word new = hd_program_slot(program, step->op.slot);
    hd_program_operation(program, &plain);
    program->needs |= HD_NEED(APART);
    for (uint32_t slot = 0; slot < program->plan.slot_count; slot++) {
        const struct hd_planned_block *block = &program->plan.blocks[slot];
        if (!block->lives) continue;
        const struct hd_word live = hd_program_slot(program, slot);
        (void)fprintf(program->main, "    apart(%s, %s, %s, %s, \"%s lies over %s\");\n", new.text,
                      hd_program_number(step->size).text, live.text,
                      hd_program_number(block->size).text, new.text, live.text);
    }
    return true;
}

/// One line for each live block but `slot`: whether usable bytes reach into another block.
static void write_reaches(struct hd_program *program, uint32_t slot)
{
    const bool given_away = hd_program_is_at(program, "given-away");
    const struct hd_word new = hd_program_slot(program, slot);
    program->needs |= HD_NEED(USABLE_APART);
    (void)hd_program_function(program, HD_OP_USABLE_SIZE);
    for (uint32_t other = 0; other < program->plan.slot_count; other++) {
        if (!program->plan.blocks[other].lives || other == slot) continue;
        const struct hd_word live = hd_program_slot(program, other);
        const char *low = given_away ? live.text : new.text;
        const char *high = given_away ? new.text : live.text;
        (void)fprintf(program->main,
                      "    usable_apart(%s, %s, \"%s lies in the usable bytes of %s\");\n", low,
                      high, high, low);
    }
}

static bool check_usable(struct hd_program *program, const struct hd_planned_step *step)
{
    const struct hd_word slot = hd_program_slot(program, step->op.slot);
    if (hd_program_is_at(program, "changed")) return check_content(program, step);
    if (hd_program_is_at(program, "not-mapped")) {
        hd_program_operation(program, step);
        return true;
    }
    const struct hd_planned_step plain = unfilled(step);
    const size_t size = step->op.kind == HD_OP_USABLE_SIZE ? step->before.size : step->size;
    const struct hd_word function = hd_program_function(program, HD_OP_USABLE_SIZE);
    hd_program_operation(program, &plain);
    if (!hd_program_is_at(program, "less-than-asked") &&
        !hd_program_is_at(program, "outside-address-space")) {
        write_reaches(program, step->op.slot);
        return true;
    }
    char condition[400];
    const bool less = hd_program_is_at(program, "less-than-asked");
    if (!less) program->needs |= HD_NEED(OUTSIDE);
    if (less)
        (void)snprintf(condition, sizeof condition, "%s != NULL && %s(%s) < %s", slot.text,
                       function.text, slot.text, hd_program_number(size).text);
    else
        (void)snprintf(condition, sizeof condition, "%s != NULL && ends_outside(%s, %s(%s))",
                       slot.text, slot.text, function.text, slot.text);
    write_if(program, condition,
             less ? "malloc_usable_size says less than was asked"
                  : "malloc_usable_size reaches past the address space");
    return true;
}

/// What an operation asks of the kernel is in none of its answers.
static bool cannot_be_shown(struct hd_program *program, const struct hd_planned_step *step)
{
    hd_program_operation(program, step);
    return false;
}

// One for each oracle: without it the table below does not compile.
static const struct hd_check shows_limits = {.write = check_limits};
static const struct hd_check shows_overlap = {.fills = true, .write = check_overlap};
static const struct hd_check shows_mapped = {
    .fills = true, .catches_segv = true, .write = hd_check_mapped};
static const struct hd_check shows_usable = {
    .fills = true, .catches_segv = true, .write = check_usable};
static const struct hd_check shows_alignment = {.write = check_alignment};
static const struct hd_check shows_errno = {.write = check_errno};
static const struct hd_check shows_choices = {.write = check_choices};
static const struct hd_check shows_zero = {.fills = true, .write = check_zero};
static const struct hd_check shows_realloc = {.fills = true, .write = check_realloc};
static const struct hd_check shows_content = {.fills = true, .write = check_content};
static const struct hd_check shows_own_memory = {
    .fills = true, .catches_segv = true, .write = hd_check_own_memory};
static const struct hd_check shows_syscalls = {.write = cannot_be_shown};
static const struct hd_check shows_footprint = {.write = cannot_be_shown};
static const struct hd_check shows_whole_again = {.write = hd_check_whole_again};
static const struct hd_check shows_consistent = {.fills = true, .write = hd_check_consistent};
static const struct hd_check shows_progress = {.fills = true, .write = hd_check_progress};

const struct hd_check *const hd_checks[HD_ORACLES] = {
#define HD_ORACLE(name) [HD_ORACLE_##name] = &shows_##name,
#include "oracles/oracles.def"
#undef HD_ORACLE
};
