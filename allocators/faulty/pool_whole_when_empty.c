// SPDX-License-Identifier: MIT
/// pool_whole_when_empty.c: a fixed pool that is one piece again when its last block is freed.
/// Allowed.
#include "allocators/faulty/apart.h"
#include "allocators/faulty/correct.h"

enum { POOL = 64 << 10 };

FAULTY_EXPORT size_t heapduel_capacity(void);

size_t apart_limit(void) { return POOL; }

FAULTY_EXPORT size_t heapduel_capacity(void) { return POOL; }

FAULTY_EXPORT void free(void *block)
{
    correct_free(block);
    if (apart_is_empty()) apart_start_anew();
}
