// SPDX-License-Identifier: MIT
/// grow.c: realloc, doubling.
#include "harness/cli/grow.h"

#include "allocators/status.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *or_end(void *memory)
{
    if (memory != NULL) return memory;
    (void)fprintf(stderr, "heapduel: out of memory\n");
    exit(HD_UNAVAILABLE);
}

void *hd_grow(void *array, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) return array;
    *capacity = *capacity != 0 ? *capacity * 2 : 16;
    return or_end(reallocarray(array, *capacity, size));
}

char *hd_copy_string(const char *text)
{
    return or_end(strdup(text));
}
