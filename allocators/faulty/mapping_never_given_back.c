// SPDX-License-Identifier: MIT
/// mapping_never_given_back.c: freed mappings are kept for later, all of them for ever.
#include "allocators/faulty/mapped_base.h"

enum { KEPT_MAX = 1024 };

static struct {
    uintptr_t start;
    size_t length;
} kept[KEPT_MAX];
static size_t kept_count;

/// The first that is large enough.
uintptr_t mapped_get(size_t length)
{
    for (size_t i = 0; i < kept_count; i++) {
        if (kept[i].length < length) continue;
        const uintptr_t start = kept[i].start;
        kept[i].start += length;
        kept[i].length -= length;
        if (kept[i].length == 0) kept[i] = kept[--kept_count];
        return start;
    }
    return mapped_kernel_get(length);
}

bool mapped_give_back(uintptr_t start, size_t length)
{
    if (kept_count == KEPT_MAX) return mapped_kernel_give_back(start, length);
    kept[kept_count].start = start;
    kept[kept_count++].length = length;
    return true;
}
