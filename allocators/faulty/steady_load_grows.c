// SPDX-License-Identifier: MIT
/// steady_load_grows.c: a freed block is put on the list before its own, where no request of its
/// size looks for it.
#include "allocators/faulty/correct.h"

static void *lists[64]; // by class, the log2 of what fits; linked through the first word

FAULTY_EXPORT void free(void *block)
{
    if (block == NULL) return;

    const unsigned class = correct_log2(correct_usable_size(block));
    void **head = &lists[class - 1]; // as if classes were counted from 1
    *(void **)block = *head;
    *head = block;
}

FAULTY_EXPORT void *malloc(size_t size)
{
    if (size > PTRDIFF_MAX / 2) return correct_malloc(size);

    const unsigned class = size <= 16 ? 4 : correct_log2(size - 1) + 1;
    void *block = lists[class];
    if (block == NULL) return correct_malloc((size_t)1 << class);
    lists[class] = *(void **)block;
    return block;
}
