// SPDX-License-Identifier: MIT
/// refusals.c: the n-th call, all calls for a while, or all past a limit.
#include "harness/tap/refusals.h"

#include "harness/base/page.h"

#include <sys/mman.h>

/// The last page of all stays what it is.
static uint64_t whole_pages(uint64_t size)
{
    return size <= UINT64_MAX - HD_PAGE ? hd_whole_pages(size) : size;
}

/// A size past PTRDIFF_MAX stays a large one, instead of becoming one below 0.
static int64_t at_most_all(uint64_t size)
{
    return size <= INT64_MAX ? (int64_t)size : INT64_MAX;
}

static int64_t difference(uint64_t larger, uint64_t smaller)
{
    return larger > smaller ? at_most_all(larger) - at_most_all(smaller) : 0;
}

int64_t hd_refusals_growth(enum hd_syscall_id id, const uint64_t args[6], uintptr_t break_now)
{
    switch (id) {
    case HD_SYSCALL_mmap:
    case HD_SYSCALL_mprotect: return args[2] != PROT_NONE ? at_most_all(whole_pages(args[1])) : 0;
    case HD_SYSCALL_mremap:
        if ((args[3] & MREMAP_DONTUNMAP) != 0) return at_most_all(whole_pages(args[2]));
        return difference(whole_pages(args[2]), whole_pages(args[1]));
    case HD_SYSCALL_brk: return difference(args[0], break_now);
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
    return hd_refusals_growth(id, args, break_now) > 0;
}

/// What was unmapped may have been mapped before the run, so the growth so far may be below 0,
/// where a difference to INT64_MAX would overflow.
static bool past_limit(const struct hd_tap_refusals *refusals, int64_t limit,
                       enum hd_syscall_id id, const uint64_t args[6], uintptr_t break_now)
{
    const int64_t growth = hd_refusals_growth(id, args, break_now);
    if (growth <= 0 || limit == INT64_MAX || refusals->growth <= limit - growth) return false;
    struct hd_tap_account *account = refusals->account;
    return account == NULL || account->growth_after(account, id, args, break_now) > limit;
}

bool hd_refusals_decide(struct hd_tap_refusals *refusals, enum hd_syscall_id id,
                        const uint64_t args[6], uintptr_t break_now)
{
    if (id >= HD_REFUSABLES || asks_only(id, args, break_now)) return false;
    const bool chosen = (refusals->pending[id] & 1) != 0;
    refusals->pending[id] >>= 1;
    if (chosen) return true;
    if (refusals->all && asks_for_memory(id, args, break_now)) return true;
    return past_limit(refusals, refusals->growth_max, id, args, break_now);
}

bool hd_refusals_no_memory(const struct hd_tap_refusals *refusals, enum hd_syscall_id id,
                           const uint64_t args[6], uintptr_t break_now)
{
    return id < HD_REFUSABLES && past_limit(refusals, refusals->memory_max, id, args, break_now);
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
                                             : hd_syscall_is_error(result);
    if (!failed) refusals->growth += hd_refusals_growth(id, args, break_before);
}
