// SPDX-License-Identifier: MIT
/// mapping_per_block.c: every block has a mapping of its own, also the smallest.
#include "allocators/faulty/correct.h"
#include "allocators/faulty/mapped_base.h"

static size_t at_least_a_mapping(size_t size)
{
    return size > MAPPED_SMALL ? size : MAPPED_SMALL + 1;
}

FAULTY_EXPORT void *malloc(size_t size)
{
    return correct_malloc(at_least_a_mapping(size));
}

FAULTY_EXPORT void free(void *block)
{
    correct_free(block);
}

FAULTY_EXPORT void *calloc(size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total)) return correct_calloc(count, size);
    return correct_calloc(1, at_least_a_mapping(total));
}

FAULTY_EXPORT void *realloc(void *block, size_t size)
{
    return correct_realloc(block, at_least_a_mapping(size));
}
