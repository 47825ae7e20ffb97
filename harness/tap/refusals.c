// SPDX-License-Identifier: MIT
/// refusals.c: the n-th call, all calls for a while, or all past a limit.
#include "harness/tap/refusals.h"

#include <sys/mman.h>

/// A size past PTRDIFF_MAX stays a large one, instead of becoming one below 0.
static int64_t at_most_all(uint64_t size)
{
    return size <= INT64_MAX ? (int64_t)size : INT64_MAX;
}

/// The bytes that a call would add to what is mapped and can be accessed; below 0: takes away.
static int64_t growth_of(enum hd_syscall_id id, const uint64_t args[6], uintptr_t break_now)
{
    switch (id) {
    case HD_SYSCALL_mmap: return args[2] != PROT_NONE ? at_most_all(args[1]) : 0;
    case HD_SYSCALL_mremap:
        if ((args[3] & MREMAP_DONTUNMAP) != 0) return at_most_all(args[2]);
        return at_most_all(args[2]) - at_most_all(args[1]);
    case HD_SYSCALL_munmap: return -at_most_all(args[1]);
    // It may be memory that was only reserved before; what it was the map knows, after the step.
    case HD_SYSCALL_mprotect: return args[2] != PROT_NONE ? at_most_all(args[1]) : 0;
    case HD_SYSCALL_brk:
        return args[0] != 0 ? at_most_all(args[0]) - at_most_all(break_now) : 0;
    default: return 0;
    }
}

/// A question where the break is cannot fail, and is not counted.
static bool asks_only(enum hd_syscall_id id, const uint64_t args[6], uintptr_t break_now)
{
    return id == HD_SYSCALL_brk && (args[0] == 0 || args[0] == break_now);
}

/// True for a call that asks for memory: by growth, or for access to what is only reserved.
static bool asks_for_memory(enum hd_syscall_id id, const uint64_t args[6], uintptr_t break_now)
{
    if (id == HD_SYSCALL_mmap) return true;
    if (id == HD_SYSCALL_mprotect) return args[2] != PROT_NONE;
    return growth_of(id, args, break_now) > 0;
}

/// What was unmapped may have been mapped before the limit was set, so the growth so far may be
/// below 0, where a difference to INT64_MAX would overflow.
static bool past_limit(const struct hd_tap_refusals *refusals, int64_t growth)
{
    if (growth <= 0 || refusals->growth_max == INT64_MAX) return false;
    return refusals->growth > refusals->growth_max - growth;
}

bool hd_refusals_decide(struct hd_tap_refusals *refusals, enum hd_syscall_id id,
                        const uint64_t args[6], uintptr_t break_now)
{
    if (id >= HD_REFUSABLES || asks_only(id, args, break_now)) return false;
    const bool chosen = (refusals->pending[id] & 1) != 0;
    refusals->pending[id] >>= 1;
    if (chosen) return true;
    if (refusals->all && asks_for_memory(id, args, break_now)) return true;

    return past_limit(refusals, growth_of(id, args, break_now));
}

int64_t hd_refusals_answer(enum hd_syscall_id id, uintptr_t break_now)
{
    if (id == HD_SYSCALL_brk) return (int64_t)break_now;
    return -hd_syscall_refusal(id);
}

void hd_refusals_made(struct hd_tap_refusals *refusals, enum hd_syscall_id id,
                      const uint64_t args[6], int64_t result, uintptr_t break_before)
{
    const bool failed = id == HD_SYSCALL_brk ? (uint64_t)result != args[0]
                                             : result < 0 && result >= -4095;
    if (!failed) refusals->growth += growth_of(id, args, break_before);
}
