// SPDX-License-Identifier: MIT
/// zero.c: calloc's block is all zero bits, all count x size of it.
#include "harness/model/pattern.h"
#include "oracles/oracle.h"

#include <inttypes.h>

static enum hd_verdict judge(const struct hd_model *model, const struct hd_step *step,
                             struct hd_finding *finding)
{
    (void)model;
    if (step->result == 0 || step->untouchable || step->size == 0) return HD_NOT_JUDGED;

    const size_t wrong = hd_pattern_check_zero(step->result, step->size);
    if (wrong == step->size) return HD_HOLDS;
    return hd_finding_set(finding, "not-zero",
                          "byte %zu of calloc's %zu bytes at %#" PRIxPTR " is 0x%02x", wrong,
                          step->size, step->result, ((const uint8_t *)step->result)[wrong]);
}

const struct hd_oracle hd_oracle_zero = {
    .name = "zero",
    .property = "calloc's block is all zero bits, all count x size bytes of it.",
    .rests_on = "C17 7.22.3.2p2",
    .ops_after = HD_OPS(CALLOC),
    .judge = judge,
    .harmless = true,
};
