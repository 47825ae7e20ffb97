// SPDX-License-Identifier: MIT
/// place.c: whose memory a new block lies in.
#include "harness/engine/kernel_side.h"

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

/// Where the index of the region around `address` was put down: one for each 256 KiB, until two of
/// them share an entry.
static uint32_t *home_of(struct hd_kernel_side *side, uintptr_t address)
{
    const uint64_t mixed = (address >> 18) * UINT64_C(0x9e3779b97f4a7c15);
    return &side->homes[mixed >> 56];
}

_Static_assert(HD_HOMES == 1 << (64 - 56), "the upper bits of the product");

/// By a search, and by asking the kernel for what the map does not have.
static __attribute__((noinline)) void search_place(struct hd_kernel_side *side,
                                                   struct hd_step *step, uintptr_t end)
{
    uintptr_t asked = 0; // about no address twice: what it tells may not be what the map has
    step->unwritable = hd_space_first_unwritable(&side->space, step->result, end);
    while (step->unwritable < end && step->unwritable != asked) {
        asked = step->unwritable;
        if (!hd_space_learn(&side->space, asked)) break;
        step->unwritable = hd_space_first_unwritable(&side->space, step->result, end);
    }
    const struct hd_region *region = hd_space_find(&side->space, step->result);
    const bool known = region != NULL && region->start <= step->result;
    step->home = known ? region->owner : HD_OWNER_NOBODY;
    if (known) *home_of(side, step->result) = (uint32_t)(region - side->space.regions);
}

void hd_kernel_side_place(struct hd_kernel_side *side, struct hd_step *step)
{
    if (!side->tapped || step->result == 0 || step->result >= HD_ADDRESS_END) return;
    const uintptr_t room = HD_ADDRESS_END - step->result;
    const size_t size = larger(larger(step->usable, step->size), 1);
    const uintptr_t end = step->result + (size < room ? size : room);

    // Regions share no byte, so whichever stands at that index now is the only one that can hold
    // the block, if it does.
    const uint32_t index = *home_of(side, step->result);
    const struct hd_region *home = &side->space.regions[index];
    const bool inside =
        index < side->space.count && home->start <= step->result && end <= home->end;
    if (!inside || !hd_region_holds_blocks(home)) {
        search_place(side, step, end);
        return;
    }
    step->unwritable = end;
    step->home = home->owner;
}
