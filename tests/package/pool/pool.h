// SPDX-License-Identifier: MIT
/// pool.h: a fixed pool.
#ifndef POOL_H
#define POOL_H

#include <stddef.h>

void *pool_malloc(size_t size);
void pool_free(void *block);
void *pool_realloc(void *block, size_t size);

#endif
