// SPDX-License-Identifier: MIT
/// calloc_trusts_fresh_mappings.c: calloc does not clear a large block, which is a fresh mapping
/// always. Allowed.
#include "allocators/faulty/correct.h"
#include "allocators/faulty/mapped_base.h"

FAULTY_EXPORT void *calloc(size_t count, size_t size)
{
    size_t total;
    const bool large = !__builtin_mul_overflow(count, size, &total) && total > MAPPED_SMALL;
    return large ? correct_malloc(total) : correct_calloc(count, size);
}
