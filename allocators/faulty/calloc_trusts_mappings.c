// SPDX-License-Identifier: MIT
/// calloc_trusts_mappings.c: calloc takes a large block to be fresh from the kernel, and some are
/// mappings that were freed before.
#include "allocators/faulty/correct.h"
#include "allocators/faulty/mapped_base.h"

static uintptr_t kept; // the mapping freed last
static size_t kept_length;

uintptr_t mapped_get(size_t length)
{
    if (kept == 0 || kept_length != length) return mapped_kernel_get(length);
    const uintptr_t start = kept;
    kept = 0;
    return start;
}

bool mapped_give_back(uintptr_t start, size_t length)
{
    if (kept != 0 && !mapped_kernel_give_back(kept, kept_length)) return false;
    kept = start;
    kept_length = length;
    return true;
}

FAULTY_EXPORT void *calloc(size_t count, size_t size)
{
    size_t total;
    const bool large = !__builtin_mul_overflow(count, size, &total) && total > MAPPED_SMALL;
    return large ? correct_malloc(total) : correct_calloc(count, size);
}
