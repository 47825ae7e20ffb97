// SPDX-License-Identifier: MIT
/// malloc_0_one_address.c: whoever asks for no bytes is given the same address.
#include "allocators/faulty/correct.h"

static char nothing[16];

FAULTY_EXPORT void *malloc(size_t size)
{
    return size == 0 ? nothing : correct_malloc(size);
}

FAULTY_EXPORT void free(void *block)
{
    if (block != nothing) correct_free(block);
}

FAULTY_EXPORT void *realloc(void *block, size_t size)
{
    return correct_realloc(block == nothing ? NULL : block, size);
}

FAULTY_EXPORT void *reallocarray(void *block, size_t count, size_t size)
{
    return correct_reallocarray(block == nothing ? NULL : block, count, size);
}

FAULTY_EXPORT size_t malloc_usable_size(void *block)
{
    return block == nothing ? 0 : correct_usable_size(block);
}
