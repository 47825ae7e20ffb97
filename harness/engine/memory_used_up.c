// SPDX-License-Identifier: MIT
/// memory_used_up.c: a small request that fails while next to nothing lives.
///
/// A part of the oracle `progress` that only the engine can judge: it knows the memory limit.
#include "harness/engine/memory_used_up.h"

#include "harness/engine/call.h"

// A request up to this size, while less than this part of the limit lives, has no business failing
// because the limit is reached: the allocator has used the memory up.
#define MODEST_BYTES ((size_t)64 << 10)
#define LIVE_PART    4

bool hd_memory_nearly_used_up(const struct hd_memory_limit *limit)
{
    return hd_memory_limit_reached(limit, limit->bytes / LIVE_PART);
}

/// What the allocator has mapped in this run, as the tap saw it.
static size_t mapped_in_run(const struct hd_kernel_side *side)
{
    const size_t before = side->account.mapped_before;
    return side->space.mapped > before ? side->space.mapped - before : 0;
}

/// One thread may not use what another keeps, as `footprint` has it.
static bool threads_may_keep_it(const struct hd_memory_limit *limit, const struct hd_step *step,
                                const struct hd_run *run)
{
    const size_t each = step->policy->kernel.mapped_base;
    return run->threads > 0 && each > limit->bytes / LIVE_PART / (run->threads + 1);
}

__attribute__((noinline)) bool hd_judge_memory_used_up(const struct hd_engine *engine,
                                                       const struct hd_step *step,
                                                       struct hd_run *run)
{
    const struct hd_memory_limit *limit = &engine->memory_limit;
    const bool aligned = (hd_op_infos[step->op->kind].operands & HD_ALIGNMENT) != 0;
    if (limit->bytes == 0 || step->size > MODEST_BYTES) return false;
    if (engine->kernel_side.disturbed_now) return false; // what the kernel would not take back
    if (hd_alignment_is_bad(step->op)) return false;
    if (threads_may_keep_it(limit, step, run)) return false;
    if (aligned && (step->op->extra > MODEST_BYTES || !hd_is_power_of_two(step->op->extra)))
        return false;
    // A block that realloc to no bytes may have freed, or not, may live still.
    const size_t live_bytes = engine->model.live_bytes + engine->kernel_side.forgotten_bytes;
    if (live_bytes > limit->bytes / LIVE_PART) return false;
    if (!hd_memory_nearly_used_up(limit)) return false;

    struct hd_finding finding;
    hd_run_begin_finding(run, &finding);
    (void)hd_finding_set(&finding, "memory-used-up",
                         "NULL for %zu bytes while %zu bytes live: the %zu MiB that it may map are"
                         " used up; the tap saw %zu MiB being mapped",
                         step->size, live_bytes, limit->bytes >> 20,
                         mapped_in_run(&engine->kernel_side) >> 20);
    hd_run_add_finding(run, HD_ORACLE_progress, &finding);
    return true;
}
