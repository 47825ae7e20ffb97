// SPDX-License-Identifier: MIT
/// model.h: what the harness knows must be true: which blocks live, where, and what they hold.
///
/// The engine alone changes a model; oracles read it. Nothing in it lies in a heap under test.
#ifndef HD_MODEL_H
#define HD_MODEL_H

#include "harness/base/arena.h"
#include "harness/model/page_index.h"
#include "harness/trace/op.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A live block, as the allocator's answers described it.
struct hd_block {
    uintptr_t address; // 0: the slot holds no block
    size_t size;       // bytes asked for
    size_t usable;     // bytes it holds, >= size; all of them hold the pattern (model/pattern.h)
    uint64_t key;      // of its pattern
};

struct hd_model {
    struct hd_block *blocks; // by slot; read through hd_model_block
    struct hd_page_index index;
    uint8_t *slot_pages;     // of `blocks`, see model.c
    size_t empty_slot_pages; // resident, and of no block
    struct hd_arena slots_arena;
    struct hd_arena slot_pages_arena;
    struct hd_arena index_arena;
    uint64_t fillings; // how often a block was filled anew; the next pattern's number
    size_t adoptions;  // in earlier runs, since memory was last given back
    size_t live_count; // blocks
    size_t live_bytes; // the sum of their usable sizes
};

/// An empty model. Reserves address space; see hd_arena_open for what happens when there is none.
void hd_model_open(struct hd_model *model);

void hd_model_close(struct hd_model *model);

/// Makes the model empty and ready for a run that names slots below `slot_count`. Gives the memory
/// of a large run before it back.
void hd_model_reset(struct hd_model *model, uint32_t slot_count);

/// The slot's block, or NULL when it holds none.
static inline const struct hd_block *hd_model_block(const struct hd_model *model, uint32_t slot)
{
    const struct hd_block *block = &model->blocks[slot];
    return block->address != 0 ? block : NULL;
}

/// The live blocks nearest to `address` < HD_ADDRESS_END, as slots: HD_NO_SLOT where there is none.
static inline struct hd_neighbours hd_model_neighbours(const struct hd_model *model,
                                                       uintptr_t address)
{
    return hd_page_index_neighbours(&model->index, address);
}

/// Asks for the memory that checking a live block and dropping it will read; changes nothing.
void hd_model_prefetch(const struct hd_model *model, const struct hd_block *block);

/// Puts a block into an empty slot and fills it, all but its first `kept` bytes, which hold the
/// pattern with `key` already (`kept` 0: `key` is hd_model_next_key's). `usable` >= `size`.
void hd_model_adopt(struct hd_model *model, uint32_t slot, uintptr_t address, size_t size,
                    size_t usable, size_t kept, uint64_t key);

/// A key that no filling of this run had.
uint64_t hd_model_next_key(struct hd_model *model);

/// Fills a live block anew, with another pattern.
void hd_model_refill(struct hd_model *model, uint32_t slot);

/// Forgets the slot's block; the block itself is not touched.
void hd_model_drop(struct hd_model *model, uint32_t slot);

/// Believes of a live block only `usable` bytes, >= its size, from now on. Of a sampled block the
/// sample of the smaller size is written, past the first HD_PATTERN_WHOLE bytes.
void hd_model_shrink_usable(struct hd_model *model, uint32_t slot, size_t usable);

/// Whose bytes a block holds at `offset`, where its own should be: when they are part of the
/// pattern of some live block, its slot and the offset in it; false when they are nobody's.
/// `usable` bytes can be read at `address`. Looks at every live block.
bool hd_model_whose_bytes(const struct hd_model *model, uintptr_t address, size_t usable,
                          size_t offset, uint32_t *owner, size_t *owner_offset);

#endif
