// SPDX-License-Identifier: MIT
/// fixed_pool.c: a small pool; NULL with ENOMEM when it is used up. Allowed.
#include "allocators/faulty/apart.h"
#include "allocators/faulty/correct.h"

size_t apart_limit(void)
{
    return 64 * 1024;
}
