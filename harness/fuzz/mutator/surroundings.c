// SPDX-License-Identifier: MIT
/// surroundings.c: mutations of what the kernel and others do while the allocator is at work.
#include "harness/fuzz/mutator/mutations.h"
#include "harness/fuzz/mutator/occupancy.h"
#include "harness/fuzz/mutator/sizes.h"

#define CALL(name) HD_SYSCALL_##name

/// A refusal of one of these calls, mostly of the next one alone.
static void add_refusal(struct hd_draft *draft, const uint8_t *calls, size_t count)
{
    const uint64_t ahead =
        hd_random_once_in(&draft->random, 2) ? 1 : hd_random_few(&draft->random, 4);
    if (hd_random_once_in(&draft->random, 8)) {
        hd_draft_add(draft, hd_op_of(HD_OP_REFUSE_ALL, 0, ahead, 0));
        return;
    }
    const uint8_t call = calls[hd_draft_below(draft, count)];
    hd_draft_add(draft, hd_op_of(HD_OP_REFUSE, 0, ahead, call));
}

bool hd_mutation_refuse_growth(struct hd_draft *draft)
{
    static const uint8_t calls[] = {CALL(mmap), CALL(mmap),   CALL(brk),
                                    CALL(brk),  CALL(mremap), CALL(mprotect)};
    const size_t at = hd_draft_any_with(draft, HD_RESULT);
    if (at == draft->count) return false;
    add_refusal(draft, calls, sizeof calls);
    if (draft->run_count == 0) return false; // refusals are off
    // A block as small as most are is taken from what is there, without asking the kernel.
    if (hd_random_once_in(&draft->random, 3)) draft->ops[at].size = hd_sizes_large(draft);
    return hd_draft_insert_run(draft, at);
}

/// A block for the run to work on: one that is held, or, half of the time, a large one that is
/// added to the run. Sets its size.
static uint32_t held_or_large(struct hd_draft *draft, struct hd_occupancy *occupancy,
                              uint64_t *size)
{
    const struct hd_held *held = hd_occupancy_any(occupancy, &draft->random);
    if (held != NULL && hd_random_once_in(&draft->random, 2)) {
        *size = draft->ops[held->by].size;
        return held->slot;
    }
    const uint32_t slot = hd_occupancy_empty(occupancy, 2, &draft->random);
    *size = hd_sizes_large(draft);
    hd_draft_add(draft, hd_op_of(HD_OP_MALLOC, slot, *size, 0));
    return slot;
}

bool hd_mutation_refuse_return(struct hd_draft *draft)
{
    static const uint8_t calls[] = {CALL(munmap), CALL(munmap), CALL(madvise),
                                    CALL(mremap), CALL(brk),    CALL(mprotect)};
    const size_t at = hd_draft_gap(draft);
    struct hd_occupancy *occupancy = hd_occupancy_at(draft, at);
    uint64_t size;
    const uint32_t slot = held_or_large(draft, occupancy, &size);
    add_refusal(draft, calls, sizeof calls);
    if (hd_random_once_in(&draft->random, 4)) {
        hd_draft_add(draft, hd_op_of(HD_OP_REALLOC, slot, size / 4, 0));
        return hd_draft_insert_run(draft, at);
    }
    hd_draft_add(draft, hd_op_of(HD_OP_FREE, slot, 0, 0));
    // What could not go back is there for the next who asks, and for nobody after that.
    const uint64_t askers = hd_draft_below(draft, 3);
    const uint32_t first = hd_occupancy_empty(occupancy, 2, &draft->random);
    for (uint32_t i = 0; i < askers; i++)
        hd_draft_add(draft, hd_mutation_ask_for(draft, first + i, size));
    return hd_draft_insert_run(draft, at);
}

bool hd_mutation_refuse_resize(struct hd_draft *draft)
{
    static const uint8_t calls[] = {CALL(mremap), CALL(mremap), CALL(mmap),
                                    CALL(munmap), CALL(brk),    CALL(madvise)};
    const size_t at = hd_draft_gap(draft);
    struct hd_occupancy *occupancy = hd_occupancy_at(draft, at);
    const uint32_t slot = hd_occupancy_empty(occupancy, 1, &draft->random);
    const uint64_t size = hd_sizes_large(draft);
    const uint64_t grown = size + hd_sizes_large(draft);
    const bool grows = !hd_random_once_in(&draft->random, 4);
    hd_draft_add(draft, hd_op_of(HD_OP_MALLOC, slot, grows ? size : grown, 0));
    add_refusal(draft, calls, sizeof calls);
    hd_draft_add(draft, hd_op_of(HD_OP_REALLOC, slot, grows ? grown : size, 0));
    return hd_draft_insert_run(draft, at);
}

bool hd_mutation_foreign_behind(struct hd_draft *draft)
{
    const size_t at = hd_draft_gap(draft);
    struct hd_occupancy *occupancy = hd_occupancy_at(draft, at);
    uint64_t size;
    const uint32_t slot = held_or_large(draft, occupancy, &size);
    hd_draft_add(draft, hd_op_of(HD_OP_FOREIGN_MMAP, slot, 0, 0));
    if (hd_random_once_in(&draft->random, 2))
        hd_draft_add(draft, hd_op_of(HD_OP_FREE, slot, 0, 0));
    else
        hd_draft_add(draft, hd_op_of(HD_OP_REALLOC, slot, hd_sizes_near(size, &draft->random), 0));
    return hd_draft_insert_run(draft, at);
}
