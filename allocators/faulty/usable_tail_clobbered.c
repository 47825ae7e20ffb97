// SPDX-License-Identifier: MIT
/// usable_tail_clobbered.c: all blocks are in a list that runs through their usable bytes.
#include "allocators/faulty/apart.h"
#include "allocators/faulty/correct.h"

#include <string.h>

static struct apart_block *newest;

/// Each block's last word is a link to the block that was allocated after it, written when that
/// comes. It is put behind what was asked for, yet malloc_usable_size has promised those bytes.
FAULTY_EXPORT void *malloc(size_t size)
{
    void *block = correct_malloc(size);
    if (block == NULL) return NULL;

    if (newest != NULL && newest->live && newest->extent - newest->size >= sizeof block) {
        const uintptr_t end = newest->start + newest->extent;
        memcpy((void *)(end - sizeof block), &block, sizeof block);
    }
    newest = apart_find(block);
    return block;
}
