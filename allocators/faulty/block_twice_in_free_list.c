// SPDX-License-Identifier: MIT
/// block_twice_in_free_list.c: a realloc that moves frees the old block after it was freed.
#include "allocators/faulty/apart.h"
#include "allocators/faulty/correct.h"

FAULTY_EXPORT void *realloc(void *block, size_t size)
{
    if (block == NULL) return correct_malloc(size);

    struct apart_block *old = apart_find(block);
    void *moved = correct_realloc(block, size);
    if (moved != NULL && moved != block) apart_release(old); // as correct_realloc has done
    return moved;
}
