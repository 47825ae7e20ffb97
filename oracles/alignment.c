// SPDX-License-Identifier: MIT
/// alignment.c: the pointer fits any object of that size, or what the call asked.
#include "oracles/alignment.h"

#include <inttypes.h>
#include <stdalign.h>
#include <stddef.h>
#include <unistd.h>

/// What malloc's pointer must be a multiple of. An object that fits in `size` bytes can need no
/// more than the largest power of two up to it, since its size is a multiple of its alignment.
static size_t fundamental_alignment(size_t size)
{
    size_t alignment = alignof(max_align_t);
    while (alignment > 1 && alignment > size) alignment /= 2;
    return alignment;
}

/// No standard has memalign and valloc: for no bytes they promise nothing.
static bool outside_standard(const struct hd_step *step)
{
    return step->size == 0 && (step->op->kind == HD_OP_MEMALIGN || step->op->kind == HD_OP_VALLOC);
}

/// The policy says that this call's alignment is not kept.
static bool is_lost(const struct hd_policy *policy, uint64_t asked, size_t size)
{
    return hd_is_power_of_two(size) && size <= policy->misaligns.size_max && asked <= size &&
           asked >= policy->misaligns.alignment_min;
}

/// The alignment that the call asked for, 0 where nothing is promised of it.
static uint64_t asked_alignment(const struct hd_step *step)
{
    const uint64_t asked = step->op->extra;
    if (!hd_is_power_of_two(asked) || is_lost(step->policy, asked, step->size)) return 0;
    return asked;
}

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

/// What blocks of that size were found to be multiples of, each of them.
static size_t found_alignment(const struct hd_choice_policy *choices, size_t size)
{
    if (size == 0 || size >> HD_TINY_RANGES != 0) return 0;
    return choices->alignment[63 - __builtin_clzl(size)];
}

uint64_t hd_alignment_required(const struct hd_step *step)
{
    if (outside_standard(step)) return 0;
    if ((HD_OPS_ALIGNED >> step->op->kind & 1) != 0) return asked_alignment(step);
    if (step->op->kind == HD_OP_VALLOC) return (uint64_t)sysconf(_SC_PAGESIZE);
    const size_t promised = larger(step->policy->alignment_min,
                                   found_alignment(&step->policy->choices, step->size));
    return larger(promised, fundamental_alignment(step->size));
}

static enum hd_verdict judge(const struct hd_model *model, const struct hd_step *step,
                             struct hd_finding *finding)
{
    (void)model;
    if (step->result == 0 || step->untouchable) return HD_NOT_JUDGED;

    const uint64_t want = hd_alignment_required(step);
    if (want == 0) return HD_NOT_JUDGED;
    if (step->result % want == 0) return HD_HOLDS;
    return hd_finding_set(finding, "misaligned",
                          "a block of %zu bytes at %#" PRIxPTR " is not a multiple of %" PRIu64,
                          step->size, step->result, want);
}

const struct hd_oracle hd_oracle_alignment = {
    .name = "alignment",
    .property = "The pointer fits any object of that size, or is aligned as the call asked.",
    .rests_on = "C17 7.22.3p1 as C23 7.24.3p1 words it, 7.22.3.1; POSIX posix_memalign",
    .ops_after = HD_OPS_RESULT,
    .judge = judge,
    .harmless = true,
};
