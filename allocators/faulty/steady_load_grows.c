// SPDX-License-Identifier: MIT
/// steady_load_grows.c: a freed block is put on the list of the class below its own, where no
/// request of its size looks for it.
#include "allocators/faulty/correct.h"

enum { HEADER = 16 };

static void *lists[64]; // by log2 of what fits; linked through the first word

FAULTY_EXPORT void free(void *block)
{
    if (block == NULL) return;

    void **head = &lists[correct_log2(correct_usable_size(block) - HEADER)]; // it has no header
    *(void **)block = *head;
    *head = block;
}

FAULTY_EXPORT void *malloc(size_t size)
{
    if (size > PTRDIFF_MAX / 2) return correct_malloc(size);

    const unsigned class = size <= 2 * HEADER ? 5 : correct_log2(size - 1) + 1;
    void *block = lists[class];
    if (block == NULL) return correct_malloc((size_t)1 << class);
    lists[class] = *(void **)block;
    return block;
}
