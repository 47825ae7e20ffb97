// SPDX-License-Identifier: MIT
/// beginnings.h: which threads an allocator keeps something for, as far as that can be told from
/// outside: struct hd_policy, thread_dies_when_refused.
///
/// What a thread gets may be what it freed: a cache of its own hands that out again, and need have
/// nothing else. Once it got more small blocks than it freed any, something else is there for it.
#ifndef HD_BEGINNINGS_H
#define HD_BEGINNINGS_H

#include "harness/engine/step.h"
#include "harness/trace/op.h"

#include <stdbool.h>
#include <stdint.h>

/// All zero: no thread has begun, the heap is as it was before the first call.
struct hd_beginnings {
    uint64_t begun;                    // a bit a thread
    uint32_t freed[HD_THREAD_MAX + 1]; // blocks, and not got again, by each until it has begun
};

/// Takes in a step that a thread made, once its result is known.
void hd_beginnings_take(struct hd_beginnings *beginnings, unsigned thread,
                        const struct hd_step *step);

/// The thread has ended; the next one with its number is another.
void hd_beginnings_end(struct hd_beginnings *beginnings, unsigned thread);

static inline bool hd_has_begun(const struct hd_beginnings *beginnings, unsigned thread)
{
    return (beginnings->begun >> thread & 1) != 0;
}

#endif
