// SPDX-License-Identifier: MIT
/// refusals.h: which call is refused, or finds no memory, and what it is answered.
///
/// Called in a signal handler: nothing here calls libc.
#ifndef HD_REFUSALS_H
#define HD_REFUSALS_H

#include "harness/tap/tap.h"

/// Decides about the next call and counts it. `id` may be any; `break_now` is where the break is,
/// where `id` is brk.
bool hd_refusals_decide(struct hd_tap_refusals *refusals, enum hd_syscall_id id,
                        const uint64_t args[6], uintptr_t break_now);

/// Whether the call goes past the memory that there is.
bool hd_refusals_no_memory(const struct hd_tap_refusals *refusals, enum hd_syscall_id id,
                           const uint64_t args[6], uintptr_t break_now);

/// The most bytes that the call would add to what is mapped and can be accessed: what an mprotect
/// or an mmap over other memory makes accessible may have been so before.
int64_t hd_refusals_growth(enum hd_syscall_id id, const uint64_t args[6], uintptr_t break_now);

/// What a refused call, or one that finds no memory, is answered, as the kernel would.
int64_t hd_refusals_answer(enum hd_syscall_id id, uintptr_t break_now);

/// Counts what a call that was made has mapped.
void hd_refusals_made(struct hd_tap_refusals *refusals, enum hd_syscall_id id,
                      const uint64_t args[6], int64_t result, uintptr_t break_before);

#endif
