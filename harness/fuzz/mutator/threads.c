// SPDX-License-Identifier: MIT
/// threads.c: mutations of who carries an operation out.
#include "harness/fuzz/mutator/mutations.h"

#define RUN_MAX 24 // operations that another thread carries out

/// Mostly the first or the second: two are enough for most, and each more costs.
static uint8_t any_thread(struct hd_draft *draft)
{
    const uint64_t count = hd_random_once_in(&draft->random, 4) ? HD_INPUT_THREADS : 2;
    return (uint8_t)hd_draft_below(draft, count);
}

/// False: it was that thread's already.
static bool give(struct hd_draft *draft, size_t from, size_t count, uint8_t thread)
{
    bool changed = false;
    for (size_t i = from; i < from + count; i++) {
        changed |= draft->ops[i].thread != thread;
        draft->ops[i].thread = thread;
    }
    return changed;
}

// What is drawn from the dice is drawn in an order of its own: arguments have none.

bool hd_mutation_thread(struct hd_draft *draft)
{
    const size_t at = hd_draft_any(draft);
    return give(draft, at, 1, any_thread(draft));
}

bool hd_mutation_thread_run(struct hd_draft *draft)
{
    size_t length;
    const size_t from = hd_draft_any_run(draft, RUN_MAX, &length);
    return give(draft, from, length, any_thread(draft));
}

bool hd_mutation_thread_ends(struct hd_draft *draft)
{
    const size_t start = hd_draft_any(draft);
    for (size_t i = 0; i < draft->count; i++) {
        const size_t at = (start + i) % draft->count;
        const uint8_t thread = draft->ops[at].thread;
        if (thread == draft->ops[0].thread) continue; // the first does not end
        struct hd_op end = hd_op_of(HD_OP_THREAD_END, 0, 0, 0);
        end.thread = thread;
        hd_draft_add(draft, end);
        return hd_draft_insert_run(draft, at + 1 + hd_draft_below(draft, draft->count - at));
    }
    return false;
}
