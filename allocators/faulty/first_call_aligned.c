// SPDX-License-Identifier: MIT
/// first_call_aligned.c: the list that aligned_alloc looks through is made by the first malloc.
#include "allocators/faulty/correct.h"

static struct link {
    struct link *next;
} freed; // a ring that begins and ends here

FAULTY_EXPORT void *malloc(size_t size)
{
    if (freed.next == NULL) freed.next = &freed;
    return correct_malloc(size);
}

static bool fits(void *block, size_t alignment, size_t size)
{
    return (uintptr_t)block % alignment == 0 && correct_usable_size(block) >= size;
}

FAULTY_EXPORT void *aligned_alloc(size_t alignment, size_t size)
{
    if (!correct_is_power_of_two(alignment)) return correct_aligned_alloc(alignment, size);
    for (struct link *before = &freed; before->next != &freed; before = before->next) {
        struct link *block = before->next;
        if (!fits(block, alignment, size)) continue;
        before->next = block->next;
        return block;
    }
    return correct_aligned_alloc(alignment, size);
}

FAULTY_EXPORT void free(void *block)
{
    struct link *link = block;
    if (block == NULL) return;
    if (freed.next == NULL || correct_usable_size(block) < sizeof *link) {
        correct_free(block);
        return;
    }
    link->next = freed.next;
    freed.next = link;
}
