// SPDX-License-Identifier: MIT
/// munmap_refused_handed_out_twice.c: a mapping that munmap would not take is kept for later, and
/// stays in the list of such when it is handed out.
#include "allocators/faulty/mapped_base.h"

enum { KEPT_MAX = 64 };

static struct {
    uintptr_t start;
    size_t length;
} kept[KEPT_MAX];
static size_t kept_count;

uintptr_t mapped_get(size_t length)
{
    for (size_t i = 0; i < kept_count; i++)
        if (kept[i].length == length) return kept[i].start; // and out of the list with it
    return mapped_kernel_get(length);
}

bool mapped_give_back(uintptr_t start, size_t length)
{
    if (mapped_kernel_give_back(start, length)) return true;
    if (kept_count < KEPT_MAX) {
        kept[kept_count].start = start;
        kept[kept_count++].length = length;
    }
    return false;
}
