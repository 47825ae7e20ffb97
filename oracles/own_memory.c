// SPDX-License-Identifier: MIT
/// own_memory.c: what is not the allocator's is left alone: not unmapped, advised, protected, moved
/// or written to.
#include "oracles/oracle.h"

#include <inttypes.h>

static enum hd_verdict broken(const struct hd_syscall *call, const struct hd_effect *effect,
                              struct hd_finding *finding)
{
    const char *name = hd_syscall_names[hd_syscall_of(call->number)];
    if (effect->stray_owner == HD_OWNER_FOREIGN)
        return hd_finding_set(finding, "foreign", "%s works on %#" PRIxPTR
                              ", which somebody else mapped; its arguments are %#" PRIx64
                              ", %" PRIu64,
                              name, effect->stray, call->args[0], call->args[1]);
    return hd_finding_set(finding, "not-its-own", "%s works on %#" PRIxPTR
                          ", which the allocator never had, or has given back; its arguments are"
                          " %#" PRIx64 ", %" PRIu64,
                          name, effect->stray, call->args[0], call->args[1]);
}

static enum hd_verdict judge(const struct hd_model *model, const struct hd_step *step,
                             struct hd_finding *finding)
{
    (void)model;
    if (step->foreign_changed != 0)
        return hd_finding_set(finding, "foreign-written",
                              "the byte at %#" PRIxPTR ", in memory that somebody else mapped"
                              " beside the allocator's, was written to",
                              step->foreign_changed);
    if (!step->tapped || step->call_count == 0) return HD_NOT_JUDGED;
    for (uint32_t i = 0; i < step->call_count; i++) {
        const struct hd_effect *effect = &step->effects[i];
        if (effect->stray == 0 || effect->stray_owner == HD_OWNER_BEFORE) continue;
        if (effect->stray_owner == HD_OWNER_NOBODY && !step->threads_seen) continue;
        return broken(&step->calls[i], effect, finding);
    }
    return HD_HOLDS;
}

const struct hd_oracle hd_oracle_own_memory = {
    .name = "own_memory",
    .property = "It unmaps, advises, protects and writes only its own memory, and never moves "
                "another's break.",
    .rests_on = "the tap; C17 7.22.3: what others have is no allocation of its",
    .ops_after = HD_OPS_ALL,
    .judge = judge,
};
