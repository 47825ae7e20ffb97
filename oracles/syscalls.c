// SPDX-License-Identifier: MIT
/// syscalls.c: only the system calls that the policy lists, and no more than it says.
#include "oracles/oracle.h"

#include <inttypes.h>

static enum hd_verdict judge(const struct hd_model *model, const struct hd_step *step,
                             struct hd_finding *finding)
{
    (void)model;
    const struct hd_kernel_policy *policy = &step->policy->kernel;
    if (!step->tapped || (policy->calls == 0 && policy->calls_max == 0)) return HD_NOT_JUDGED;

    for (uint32_t i = 0; policy->calls != 0 && i < step->call_count; i++) {
        const enum hd_syscall_id id = hd_syscall_of(step->calls[i].number);
        if ((policy->calls >> id & 1) != 0) continue;
        return hd_finding_set(finding, "not-listed",
                              "system call %ld (%s) is none that the allocator's policy lists",
                              step->calls[i].number, hd_syscall_names[id]);
    }
    // A large block may be worked on piece by piece, and what was freed before may be given back
    // now. Trimming walks the whole heap, and may give back each free page by itself; at its end a
    // thread may give back all it kept.
    const size_t worked_on = step->size > step->before.usable ? step->size : step->before.usable;
    const uint64_t most = policy->calls_max + worked_on / HD_PIECE_BYTES + step->purges;
    const bool bounded = policy->calls_max != 0 && step->proof != HD_PROOF_EMPTY &&
                         step->op->kind != HD_OP_THREAD_END;
    if (bounded && step->call_count > most)
        return hd_finding_set(finding, "too-many",
                              "the operation made %" PRIu32 " system calls, its policy has at most"
                              " %" PRIu64,
                              step->call_count, most);
    return HD_HOLDS;
}

const struct hd_oracle hd_oracle_syscalls = {
    .name = "syscalls",
    .property = "An operation makes only the system calls that the policy lists, and no more than "
                "it says.",
    .rests_on = "the allocator's policy; the tap",
    .ops_after = HD_OPS_ALL,
    .judge = judge,
    .harmless = true,
};
