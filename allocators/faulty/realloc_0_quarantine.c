// SPDX-License-Identifier: MIT
/// realloc_0_quarantine.c: realloc(block, 0) frees, and small blocks wait some time before they are
/// given away again. Allowed.
#include "allocators/brkmap/brkmap.h"
#include "allocators/faulty/correct.h"

enum { WAITING_MAX = 8, SMALL = 4096 };

static void *waiting[WAITING_MAX]; // a ring
static size_t next;

static void quarantine(void *block)
{
    correct_free(waiting[next]);
    waiting[next] = block;
    next = (next + 1) % WAITING_MAX;
}

FAULTY_EXPORT void *realloc(void *block, size_t size)
{
    if (block == NULL || size != 0) return correct_realloc(block, size);
    if (correct_usable_size(block) <= SMALL)
        quarantine(block);
    else
        correct_free(block);
    return NULL;
}

FAULTY_EXPORT int malloc_trim(size_t keep)
{
    return brkmap_trim(brkmap_default_heap(), keep);
}
