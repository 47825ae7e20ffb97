// SPDX-License-Identifier: MIT
/// blocks.c: the live blocks of a foreign trace, and a stack of the slots that they left.
#include "harness/trace/importers/blocks.h"

#include "harness/trace/op.h"

#include <inttypes.h>
#include <sys/mman.h>

static enum hd_status no_slot(uint64_t slot, struct hd_message *message)
{
    return hd_fail(message, HD_BAD_INPUT, "slots go up to %" PRIu32 ", and this needs %" PRIu64,
                   HD_SLOT_MAX, slot);
}

enum hd_status hd_blocks_spare_slot(const struct hd_blocks *blocks, uint32_t *slot,
                                    struct hd_message *message)
{
    *slot = blocks->left_count > 0 ? blocks->left[blocks->left_count - 1] : blocks->slot_count;
    return *slot <= HD_SLOT_MAX ? HD_OK : no_slot(*slot, message);
}

enum hd_status hd_blocks_add(struct hd_blocks *blocks, uint64_t name, uint32_t *slot,
                             struct hd_message *message)
{
    if (blocks->names_are_slots && name > HD_SLOT_MAX) return no_slot(name, message);
    enum hd_status status = HD_OK;
    if (blocks->names_are_slots)
        *slot = (uint32_t)name;
    else
        status = hd_blocks_spare_slot(blocks, slot, message);
    if (status == HD_OK) status = hd_name_map_add(&blocks->live, name, *slot, message);
    if (status != HD_OK) return status;

    if (blocks->left_count > 0) blocks->left_count--;
    if (*slot >= blocks->slot_count) blocks->slot_count = *slot + 1;
    return HD_OK;
}

static enum hd_status grow(struct hd_blocks *blocks, struct hd_message *message)
{
    enum { FIRST = 1024 };
    const size_t capacity = blocks->left_capacity != 0 ? 2 * blocks->left_capacity : FIRST;
    const size_t size = blocks->left_capacity * sizeof *blocks->left;
    void *grown = blocks->left == NULL
                      ? mmap(NULL, capacity * sizeof *blocks->left, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                      : mremap(blocks->left, size, capacity * sizeof *blocks->left, MREMAP_MAYMOVE);
    if (grown == MAP_FAILED)
        return hd_fail(message, HD_UNAVAILABLE, "no memory for %zu slots", capacity);
    blocks->left = grown;
    blocks->left_capacity = capacity;
    return HD_OK;
}

enum hd_status hd_blocks_remove(struct hd_blocks *blocks, uint64_t name, struct hd_message *message)
{
    uint32_t slot = 0;
    HD_ASSERT(hd_blocks_find(blocks, name, &slot));
    hd_name_map_remove(&blocks->live, name);
    if (blocks->names_are_slots) return HD_OK;
    if (blocks->left_count == blocks->left_capacity) {
        const enum hd_status status = grow(blocks, message);
        if (status != HD_OK) return status;
    }
    blocks->left[blocks->left_count++] = slot;
    return HD_OK;
}

enum hd_status hd_blocks_rename(struct hd_blocks *blocks, uint64_t name, uint64_t renamed,
                                struct hd_message *message)
{
    uint32_t slot = 0;
    HD_ASSERT(hd_blocks_find(blocks, name, &slot));
    hd_name_map_remove(&blocks->live, name);
    return hd_name_map_add(&blocks->live, renamed, slot, message);
}

void hd_blocks_close(struct hd_blocks *blocks)
{
    hd_name_map_close(&blocks->live);
    if (blocks->left != NULL)
        HD_ASSERT(munmap(blocks->left, blocks->left_capacity * sizeof *blocks->left) == 0);
    *blocks = (struct hd_blocks){0};
}
