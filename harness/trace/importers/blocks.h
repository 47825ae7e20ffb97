// SPDX-License-Identifier: MIT
/// blocks.h: the live blocks of a foreign trace, by the names that it gives them, and their slots.
#ifndef HD_BLOCKS_H
#define HD_BLOCKS_H

#include "harness/trace/importers/name_map.h"

/// All zero is one without blocks that hands out slots: the one left last first, so that they stay
/// below the most blocks that lived at once.
struct hd_blocks {
    struct hd_name_map live;
    bool names_are_slots; // a block's slot is its name
    uint32_t *left;       // slots that are free again, from mmap
    size_t left_count;
    size_t left_capacity;
    uint32_t slot_count; // slots from here on were never used
};

static inline bool hd_blocks_find(const struct hd_blocks *blocks, uint64_t name, uint32_t *slot)
{
    return hd_name_map_find(&blocks->live, name, slot);
}

/// A block that did not live lives from now on. HD_BAD_INPUT: there is no slot of that number, or
/// none left (`message` lacks the place); HD_UNAVAILABLE: there is no memory.
HD_MUST_USE enum hd_status hd_blocks_add(struct hd_blocks *blocks, uint64_t name, uint32_t *slot,
                                         struct hd_message *message);

/// A block that lived lives no more, and its slot is free. HD_UNAVAILABLE: there is no memory.
HD_MUST_USE enum hd_status hd_blocks_remove(struct hd_blocks *blocks, uint64_t name,
                                            struct hd_message *message);

/// A block that lives gets another name, which no live block has, and keeps its slot.
HD_MUST_USE enum hd_status hd_blocks_rename(struct hd_blocks *blocks, uint64_t name,
                                            uint64_t renamed, struct hd_message *message);

/// A slot that holds no block, for one operation only.
HD_MUST_USE enum hd_status hd_blocks_spare_slot(const struct hd_blocks *blocks, uint32_t *slot,
                                                struct hd_message *message);

void hd_blocks_close(struct hd_blocks *blocks);

#endif
