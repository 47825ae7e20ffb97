// SPDX-License-Identifier: MIT
/// model.c: the live blocks, by slot and by address.
#include "harness/model/model.h"

#include "allocators/status.h"
#include "harness/base/page.h"
#include "harness/model/pattern.h"

#include <string.h>
#include <sys/mman.h>

#define INDEX_BYTES ((size_t)16 << 30)

// What may stay resident though it holds nothing: pages of the slots' table, and from run to run,
// where each is touched by a block that was adopted, and bytes of the index.
#define SLOT_PAGES_KEPT  ((size_t)1 << 13)
#define INDEX_BYTES_KEPT ((size_t)64 << 20)

/// Empties an arena, all its memory zero again.
static void give_back(struct hd_arena *arena)
{
    HD_ASSERT(madvise(arena->base, arena->used, MADV_DONTNEED) == 0);
    hd_arena_reset(arena, 0);
}

// ---------------------------------------------------------------------------- the slots' table

#define SLOTS_A_PAGE   (HD_PAGE / sizeof(struct hd_block))
#define SLOT_PAGES_MAX (((size_t)HD_SLOT_MAX + 1) / SLOTS_A_PAGE)

// What `slot_pages` has of a page: NOT_TOUCHED, or EMPTY and one more for each block in it.
enum { NOT_TOUCHED, EMPTY };
_Static_assert(EMPTY + SLOTS_A_PAGE <= UINT8_MAX, "it is a byte");

/// Where slots are numbered on and on their table grows with the trace: what the blocks left behind
/// is given back. So often, at most, as that many pages lost their last block.
static void give_back_empty_pages(struct hd_model *model)
{
    const size_t count = hd_whole_pages(model->slots_arena.used) / HD_PAGE;
    for (size_t i = 0, end; i < count; i = end + 1) {
        for (end = i; end < count && model->slot_pages[end] == EMPTY; end++)
            model->slot_pages[end] = NOT_TOUCHED;
        if (end > i)
            (void)madvise((uint8_t *)model->blocks + i * HD_PAGE, (end - i) * HD_PAGE,
                          MADV_DONTNEED);
    }
    model->empty_slot_pages = 0;
}

static void enter_slot(struct hd_model *model, uint32_t slot)
{
    uint8_t *page = &model->slot_pages[slot / SLOTS_A_PAGE];
    if (*page == NOT_TOUCHED)
        *page = EMPTY;
    else if (*page == EMPTY)
        model->empty_slot_pages--;
    ++*page;
}

static void leave_slot(struct hd_model *model, uint32_t slot)
{
    uint8_t *page = &model->slot_pages[slot / SLOTS_A_PAGE];
    if (--*page != EMPTY) return;
    model->empty_slot_pages++;
    if (model->empty_slot_pages > SLOT_PAGES_KEPT) give_back_empty_pages(model);
}

// ---------------------------------------------------------------------------- the model

void hd_model_open(struct hd_model *model)
{
    *model = (struct hd_model){0};
    hd_arena_open(&model->slots_arena, ((size_t)HD_SLOT_MAX + 1) * sizeof model->blocks[0]);
    hd_arena_open(&model->slot_pages_arena, SLOT_PAGES_MAX);
    hd_arena_open(&model->index_arena, INDEX_BYTES);
    model->blocks = (struct hd_block *)(void *)model->slots_arena.base;
    model->slot_pages = model->slot_pages_arena.base;
    hd_page_index_open(&model->index, &model->index_arena);
}

void hd_model_close(struct hd_model *model)
{
    hd_arena_close(&model->slots_arena);
    hd_arena_close(&model->slot_pages_arena);
    hd_arena_close(&model->index_arena);
}

void hd_model_reset(struct hd_model *model, uint32_t slot_count)
{
    while (model->live_count > 0) hd_model_drop(model, hd_model_neighbours(model, 0).above);
    model->adoptions += model->fillings;
    model->fillings = 0;
    if (model->adoptions > SLOT_PAGES_KEPT) {
        give_back_empty_pages(model); // which all are
        hd_arena_reset(&model->slots_arena, 0);
        model->adoptions = 0;
    }
    if (model->index_arena.used > INDEX_BYTES_KEPT) {
        give_back(&model->index_arena);
        hd_page_index_open(&model->index, &model->index_arena);
    }
    const size_t bytes = slot_count * sizeof model->blocks[0];
    if (bytes > model->slots_arena.used)
        (void)hd_arena_take(&model->slots_arena, bytes - model->slots_arena.used, 1);
}

#define CACHE_LINE ((uintptr_t)64)
#define LINES      4 // of a block; then the processor sees by itself that more are wanted

void hd_model_prefetch(const struct hd_model *model, const struct hd_block *block)
{
    for (uintptr_t line = 0; line < LINES; line++)
        __builtin_prefetch((const void *)(block->address + line * CACHE_LINE));
    hd_page_index_prefetch(&model->index, block->address);
}

uint64_t hd_model_next_key(struct hd_model *model) { return hd_pattern_key(model->fillings++); }

void hd_model_adopt(struct hd_model *model, uint32_t slot, uintptr_t address, size_t size,
                    size_t usable, size_t kept, uint64_t key)
{
    struct hd_block *block = &model->blocks[slot];
    HD_ASSERT(block->address == 0 && address != 0 && size <= usable && kept <= size);
    *block = (struct hd_block){.address = address, .size = size, .usable = usable, .key = key};
    hd_page_index_insert(&model->index, address, slot);
    enter_slot(model, slot);
    model->live_count++;
    model->live_bytes += usable;
    // Which bytes of a large block are sampled depends on its size: one that changed size holds
    // the pattern only where it was sampled before.
    hd_pattern_fill(address, usable, usable <= HD_PATTERN_WHOLE ? kept : 0, key);
}

void hd_model_refill(struct hd_model *model, uint32_t slot)
{
    struct hd_block *block = &model->blocks[slot];
    HD_ASSERT(block->address != 0);
    block->key = hd_model_next_key(model);
    hd_pattern_fill(block->address, block->usable, 0, block->key);
}

void hd_model_drop(struct hd_model *model, uint32_t slot)
{
    struct hd_block *block = &model->blocks[slot];
    HD_ASSERT(block->address != 0);
    hd_page_index_remove(&model->index, block->address);
    model->live_count--;
    model->live_bytes -= block->usable;
    *block = (struct hd_block){0};
    leave_slot(model, slot);
}

void hd_model_shrink_usable(struct hd_model *model, uint32_t slot, size_t usable)
{
    struct hd_block *block = &model->blocks[slot];
    HD_ASSERT(block->address != 0 && block->size <= usable && usable <= block->usable);
    model->live_bytes -= block->usable - usable;
    // Which bytes past HD_PATTERN_WHOLE are sampled depends on the size: those of the new sample
    // that were not of the old one do not hold the pattern yet.
    if (block->usable > HD_PATTERN_WHOLE + HD_PATTERN_TAIL)
        hd_pattern_fill(block->address, usable, HD_PATTERN_WHOLE, block->key);
    block->usable = usable;
}

/// The live block whose pattern has this word, or HD_NO_SLOT.
static uint32_t find_owner(const struct hd_model *model, uint64_t word, size_t *offset)
{
    uintptr_t from = 0;
    for (;;) {
        const uint32_t slot = hd_model_neighbours(model, from).above;
        if (slot == HD_NO_SLOT) return HD_NO_SLOT;
        const struct hd_block *block = &model->blocks[slot];
        *offset = hd_pattern_offset(word, block->usable, block->key);
        if (*offset != SIZE_MAX) return slot;
        from = block->address;
    }
}

/// True when the `count` bytes at `address` are a pattern's from `offset` on.
static bool is_run_of(uintptr_t address, size_t count, size_t offset, uint64_t key)
{
    for (size_t i = 0; i < count; i++)
        if (((const uint8_t *)address)[i] != hd_pattern_byte(offset + i, key)) return false;
    return true;
}

bool hd_model_whose_bytes(const struct hd_model *model, uintptr_t address, size_t usable,
                          size_t offset, uint32_t *owner, size_t *owner_offset)
{
    // The foreign words may lie at any of eight shifts against ours.
    for (size_t shift = 0; shift < sizeof(uint64_t); shift++) {
        if (offset + shift + sizeof(uint64_t) > usable) break;
        uint64_t word;
        memcpy(&word, (const uint8_t *)address + offset + shift, sizeof word);
        size_t at;
        const uint32_t slot = find_owner(model, word, &at);
        if (slot == HD_NO_SLOT || shift > at) continue; // it begins after `offset`
        const uint64_t key = model->blocks[slot].key;
        if (!is_run_of(address + offset, shift, at - shift, key)) continue;
        *owner = slot;
        *owner_offset = at - shift;
        return true;
    }
    return false;
}
