// SPDX-License-Identifier: MIT
/// pool_in_pieces.c: a fixed pool whose pieces are never put together again.
#include "allocators/faulty/apart.h"
#include "allocators/faulty/correct.h"

enum { POOL = 64 << 10 };

FAULTY_EXPORT size_t heapduel_capacity(void);

size_t apart_limit(void) { return POOL; }

FAULTY_EXPORT size_t heapduel_capacity(void) { return POOL; }
