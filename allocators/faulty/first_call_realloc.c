// SPDX-License-Identifier: MIT
/// first_call_realloc.c: what realloc counts in is made by the first malloc.
#include "allocators/faulty/correct.h"

struct counts {
    size_t mallocs;
    size_t reallocs;
};
static struct counts *counts;

FAULTY_EXPORT void *malloc(size_t size)
{
    if (counts == NULL) counts = correct_calloc(1, sizeof *counts);
    if (counts != NULL) counts->mallocs++;
    return correct_malloc(size);
}

FAULTY_EXPORT void *realloc(void *block, size_t size)
{
    counts->reallocs++; // somebody will have called malloc
    return correct_realloc(block, size);
}
