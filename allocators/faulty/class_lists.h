// SPDX-License-Identifier: MIT
/// class_lists.h: freed blocks in lists by class, for one file of a library to include.
///
/// A class is a power of two. Blocks in a list stay in use for the correct allocator, and are
/// linked through their first word.
#ifndef FAULTY_CLASS_LISTS_H
#define FAULTY_CLASS_LISTS_H

#include "allocators/faulty/correct.h"

static void *class_lists[64]; // by log2 of what fits

/// pre: `block` is not NULL.
static void class_put(void *block)
{
    void **head = &class_lists[correct_log2(correct_usable_size(block))];
    *(void **)block = *head;
    *head = block;
}

/// A block of a list, the newest, or a new one as large as its class. NULL: errno is set.
static void *class_take(size_t size)
{
    if (size > PTRDIFF_MAX / 2) return correct_malloc(size);

    const unsigned class = size <= 16 ? 4 : correct_log2(size - 1) + 1;
    void *block = class_lists[class];
    if (block == NULL) return correct_malloc((size_t)1 << class);
    class_lists[class] = *(void **)block;
    return block;
}

#endif
