// SPDX-License-Identifier: MIT
/// errno.c: a failure says why in errno, free leaves errno alone, nothing sets it to zero.
#include "oracles/oracle.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *name_of(int error)
{
    const char *name = strerrorname_np(error);
    return name != NULL ? name : "no errno value";
}

/// True when the errno is that of a system call which failed inside the operation.
static bool is_of_a_call(const struct hd_step *step)
{
    for (uint32_t i = 0; i < step->call_count; i++)
        if (step->calls[i].result == -step->errno_after) return true;
    return false;
}

static enum hd_verdict judge_free(const struct hd_step *step, struct hd_finding *finding)
{
    if (step->policy->free_changes_errno) return HD_NOT_JUDGED;
    if (step->errno_after == step->errno_before) return HD_HOLDS;
    if (step->policy->free_errno_of_call && is_of_a_call(step)) return HD_NOT_JUDGED;
    return hd_finding_set(finding, "changed-by-free", "errno was %s before free and is %s after it",
                          name_of(step->errno_before), name_of(step->errno_after));
}

/// Which of two errors that both apply is told is not fixed. For no bytes it may be any.
static bool error_fits(const struct hd_step *step, int want)
{
    if (step->size == 0) return step->status > 0;
    return step->status == want || (step->size > PTRDIFF_MAX && step->status == ENOMEM);
}

static enum hd_verdict judge_posix_memalign(const struct hd_step *step, struct hd_finding *finding)
{
    if (step->status == 0 && step->pointer_after == step->pointer_before)
        return hd_finding_set(finding, "pointer-not-set",
                              "posix_memalign returned 0 and left its pointer alone");
    if (step->status == 0 && step->result == 0 && step->size > 0)
        return hd_finding_set(finding, "null-with-success",
                              "posix_memalign returned 0 and set its pointer to NULL for %zu bytes",
                              step->size);
    if (step->status == 0) return step->result != 0 ? HD_HOLDS : HD_NOT_JUDGED;

    const int want = hd_alignment_is_bad(step->op) ? EINVAL : ENOMEM;
    if (!error_fits(step, want))
        return hd_finding_set(finding, "wrong-result", "posix_memalign returned %d (%s), not %s",
                              step->status, name_of(step->status), name_of(want));
    if (step->pointer_after != step->pointer_before && step->pointer_after != 0)
        return hd_finding_set(finding, "pointer-set-on-failure",
                              "posix_memalign failed and set its pointer to %#" PRIxPTR,
                              step->pointer_after);
    return HD_HOLDS;
}

/// True when the allocator is known to refuse such a request with errno as it was.
static bool excused(const struct hd_step *step)
{
    const struct hd_policy *policy = step->policy;
    if (step->overflow && policy->overflow_no_errno) return true;
    if (hd_alignment_is_bad(step->op) && policy->bad_alignment_no_errno) return true;
    return policy->errno_size_max != 0 && step->size > policy->errno_size_max;
}

/// The standards fix ENOMEM; aligned_alloc has EINVAL besides, for an alignment that is bad or that
/// the allocator does not support.
static bool errno_fits(const struct hd_step *step)
{
    if (step->op->kind != HD_OP_ALIGNED_ALLOC) return step->errno_after == ENOMEM;
    if (step->errno_after == EINVAL) return true;
    const bool must_be_einval = hd_alignment_is_bad(step->op) && step->size <= PTRDIFF_MAX &&
                                !step->policy->bad_alignment_served;
    return step->errno_after == ENOMEM && !must_be_einval;
}

/// What errno was before is the harness's, and no name for anything.
static enum hd_verdict wrong_errno(const struct hd_step *step, struct hd_finding *finding)
{
    char what[48] = "a product past SIZE_MAX";
    if (!step->overflow) (void)snprintf(what, sizeof what, "%zu bytes", step->size);
    if (step->errno_after == step->errno_before)
        return hd_finding_set(finding, "wrong-errno", "NULL for %s, and errno was not set", what);
    return hd_finding_set(finding, "wrong-errno", "NULL for %s with errno %s", what,
                          name_of(step->errno_after));
}

/// NULL for no bytes may be an answer and no failure.
static enum hd_verdict judge_null(const struct hd_step *step, struct hd_finding *finding)
{
    if (step->size == 0 || excused(step)) return HD_NOT_JUDGED;
    return errno_fits(step) ? HD_HOLDS : wrong_errno(step, finding);
}

static enum hd_verdict judge_answer(const struct hd_step *step, struct hd_finding *finding)
{
    switch (step->op->kind) {
    case HD_OP_FREE:
    case HD_OP_FREE_NULL:
    case HD_OP_THREAD_END: return judge_free(step, finding);
    case HD_OP_POSIX_MEMALIGN: return judge_posix_memalign(step, finding);
    default: return step->result == 0 ? judge_null(step, finding) : HD_HOLDS;
    }
}

/// Whatever it answers: who clears errno to see whether a call fails has to put it back.
static enum hd_verdict judge(const struct hd_model *model, const struct hd_step *step,
                             struct hd_finding *finding)
{
    (void)model;
    const enum hd_verdict verdict = judge_answer(step, finding);
    const bool zeroed = step->errno_before != 0 && step->errno_after == 0;
    if (verdict == HD_BROKEN || !zeroed) return verdict;
    return hd_finding_set(finding, "set-to-zero", "errno was %s before the call and is 0 after it",
                          name_of(step->errno_before));
}

const struct hd_oracle hd_oracle_errno = {
    .name = "errno",
    .property = "ENOMEM with NULL; free leaves errno alone; nothing sets it to zero; "
                "posix_memalign returns its error and sets no pointer but NULL.",
    .rests_on = "POSIX.1-2024 malloc, calloc, realloc, free, aligned_alloc, posix_memalign, and "
                "2.3; C17 7.5p3",
    // Not memalign and valloc: no standard says what they do with errno.
    .ops_after = HD_OPS_PLAIN | HD_OPS_RESIZE | HD_OPS(ALIGNED_ALLOC) | HD_OPS(POSIX_MEMALIGN) |
                 HD_OPS(FREE) | HD_OPS(FREE_NULL) | HD_OPS(THREAD_END),
    .judge = judge,
    .harmless = true,
};
