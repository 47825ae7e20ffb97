// SPDX-License-Identifier: MIT
/// oracle.h: one property, judged at each step: holds, broken, or not judged.
///
/// Every oracle is one `const struct hd_oracle` in a file of its own and one line in oracles.def.
/// An oracle reads the model and the step, and calls nothing of the engine or of an allocator.
#ifndef HD_ORACLE_H
#define HD_ORACLE_H

#include "harness/engine/step.h"
#include "harness/model/model.h"
#include "oracles/finding.h"

#include <stdint.h>

/// Judges one step. HD_BROKEN with `finding` set by hd_finding_set; HD_NOT_JUDGED when this step,
/// or what this allocator promises, does not let the property be judged.
typedef enum hd_verdict hd_judge(const struct hd_model *model, const struct hd_step *step,
                                 struct hd_finding *finding);

struct hd_oracle {
    const char *name;
    const char *property; // one sentence
    const char *rests_on; // clause or source

    // Sets of HD_OPS(...): the operations that it is asked about before and after the call.
    // Before: the slot's block is in the model and its bytes may be read; there is no answer yet.
    // After: the answer is in the step; a block that the call ended has left the model, one that
    // it made is not yet in it.
    uint32_t ops_before;
    uint32_t ops_after;
    hd_judge *judge_before;
    hd_judge *judge;

    // A result that breaks this is not taken for a block: never written, read or freed.
    bool guards;
    // What this finds leaves the heap as sound as it was: what comes after is no consequence of it.
    bool harmless;
    // When this breaks after a call, only the bytes asked for are believed, not the usable ones.
    bool doubts_usable;
};

#define HD_OPS(kind) (UINT32_C(1) << HD_OP_##kind)
_Static_assert(HD_OP_KINDS < 32, "a set is one word");

/// Operations that return a new block; that may also end an old one; that give C's or POSIX's
/// errors for bad alignments.
#define HD_OPS_PLAIN   (HD_OPS(MALLOC) | HD_OPS(CALLOC))
#define HD_OPS_RESIZE  (HD_OPS(REALLOC) | HD_OPS(REALLOCARRAY))
#define HD_OPS_ALIGNED (HD_OPS(ALIGNED_ALLOC) | HD_OPS(POSIX_MEMALIGN) | HD_OPS(MEMALIGN))
#define HD_OPS_RESULT  (HD_OPS_PLAIN | HD_OPS_RESIZE | HD_OPS_ALIGNED | HD_OPS(VALLOC))
#define HD_OPS_ALL     ((UINT32_C(1) << HD_OP_KINDS) - 1)

enum hd_oracle_id {
#define HD_ORACLE(name) HD_ORACLE_##name,
#include "oracles/oracles.def"
#undef HD_ORACLE
    HD_ORACLES
};

/// Indexed by enum hd_oracle_id: the order in which they judge.
extern const struct hd_oracle *const hd_oracles[HD_ORACLES];

/// True when `alignment` is a power of two.
static inline bool hd_is_power_of_two(uint64_t alignment)
{
    return alignment != 0 && (alignment & (alignment - 1)) == 0;
}

/// True when the operation has an alignment that its standard forbids: none but powers of two, and
/// for posix_memalign none but multiples of sizeof(void *). memalign has no standard.
bool hd_alignment_is_bad(const struct hd_op *op);

#endif
