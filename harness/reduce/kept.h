// SPDX-License-Identifier: MIT
/// kept.h: the finding that is kept while its trace becomes smaller, looked for in child processes.
#ifndef HD_REDUCE_KEPT_H
#define HD_REDUCE_KEPT_H

#include "harness/compare/compare.h"
#include "harness/runner/runner.h"

#include <stdbool.h>
#include <stdint.h>

struct hd_kept {
    // Who runs the trace, and under what. Of each allocator its spec and the kernel policy in place
    // of its own (NULL: its own).
    const char *specs[HD_CONTESTANTS_MAX];
    const struct hd_held_policy *held[HD_CONTESTANTS_MAX];
    size_t count;
    struct hd_conditions conditions;

    // Which finding: its signature and, where it is a difference, who deviates (a set, by index).
    char signature[HD_SIGNATURE_MAX];
    uint32_t deviators; // 0: it is a single allocator's, the only one here
    unsigned tries;     // a trace has it when one of so many runs has it

    // What came of it.
    struct hd_finding finding; // as it was last seen
    enum hd_stuck stuck;       // why it will never end, where that was told then
    uint64_t runs;             // of traces on allocators
    enum hd_status status;     // other than HD_OK: the world was in the way, and `message` says how
    struct hd_message message;
};

/// Chooses the finding: runs the trace on the allocators in turn, and takes the first that has a
/// finding, and its first; if no single one has any, the first difference between them. With a
/// signature, the first that has this one. Sets all of the above but `conditions` and `tries`, of
/// which it needs specs, kernels, count and conditions. False: there is none, or `status` says why
/// nobody knows; then who runs is unchanged.
bool hd_kept_choose(struct hd_kept *kept, const struct hd_trace *trace, const char *signature);

/// Whether a run of the trace has the finding. False also when `status` is not HD_OK.
bool hd_kept_shows(struct hd_kept *kept, const struct hd_trace *trace);

/// Whether one of `tries` runs has it.
bool hd_kept_shows_in_tries(struct hd_kept *kept, const struct hd_trace *trace);

/// True when it is a hang: a run that has it takes the whole deadline where nobody can tell before
/// that it will never end.
bool hd_kept_is_hang(const struct hd_kept *kept);

/// True when it is that memory is used up, and each run that has it uses up all of the limit.
bool hd_kept_uses_memory_up(const struct hd_kept *kept);

#endif
