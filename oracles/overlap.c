// SPDX-License-Identifier: MIT
/// overlap.c: live blocks share no byte.
#include "oracles/oracle.h"

#include <inttypes.h>

/// An empty block still must be a block of its own: it counts as one byte.
static size_t at_least_one(size_t size) { return size > 0 ? size : 1; }

static size_t bytes_shared(uintptr_t low, size_t low_size, uintptr_t high, size_t high_size)
{
    const size_t room = high - low;
    if (room >= at_least_one(low_size)) return 0;
    const size_t rest = at_least_one(low_size) - room;
    return rest < at_least_one(high_size) ? rest : at_least_one(high_size);
}

static enum hd_verdict broken(const struct hd_step *step, const struct hd_block *other,
                              uint32_t slot, size_t shared, struct hd_finding *finding)
{
    if (step->size == 0)
        return hd_finding_set(finding, "shares-bytes",
                              "a block of no bytes at %#" PRIxPTR " %s live slot %" PRIu32
                              ", %zu bytes at %#" PRIxPTR,
                              step->result,
                              step->result == other->address ? "has the address of" : "lies in",
                              slot, other->size, other->address);
    return hd_finding_set(finding, "shares-bytes",
                          "%zu bytes at %#" PRIxPTR " lie over live slot %" PRIu32 ", %zu bytes at"
                          " %#" PRIxPTR ": %zu shared",
                          step->size, step->result, slot, other->size, other->address, shared);
}

static enum hd_verdict judge(const struct hd_model *model, const struct hd_step *step,
                             struct hd_finding *finding)
{
    (void)model;
    if (step->result == 0 || step->untouchable) return HD_NOT_JUDGED;

    if (step->below != NULL) {
        const size_t shared = bytes_shared(step->below->address, step->below->size,
                                           step->result, step->size);
        if (shared > 0) return broken(step, step->below, step->below_slot, shared, finding);
    }
    if (step->above != NULL) {
        const size_t shared = bytes_shared(step->result, step->size,
                                           step->above->address, step->above->size);
        if (shared > 0) return broken(step, step->above, step->above_slot, shared, finding);
    }
    return HD_HOLDS;
}

const struct hd_oracle hd_oracle_overlap = {
    .name = "overlap",
    .property = "Live blocks share no byte; even an empty one has an address of its own.",
    .rests_on = "C17 7.22.3p1: disjoint from any other object",
    .ops_after = HD_OPS_RESULT,
    .judge = judge,
    .guards = true,
};
