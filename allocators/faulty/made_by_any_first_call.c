// SPDX-License-Identifier: MIT
/// made_by_any_first_call.c: what is counted in is made by whichever call comes first. Allowed.
#include "allocators/faulty/correct.h"

struct counts {
    size_t mallocs;
    size_t reallocs;
};
static struct counts *counts;

static struct counts *counted(void)
{
    static struct counts lost; // where there is no memory for more
    if (counts == NULL) counts = correct_calloc(1, sizeof *counts);
    return counts != NULL ? counts : &lost;
}

FAULTY_EXPORT void *malloc(size_t size)
{
    counted()->mallocs++;
    return correct_malloc(size);
}

FAULTY_EXPORT void *realloc(void *block, size_t size)
{
    counted()->reallocs++;
    return correct_realloc(block, size);
}
