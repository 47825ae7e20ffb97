// SPDX-License-Identifier: MIT
/// mapping_cache_bounded.c: freed mappings are kept for later, up to so many bytes. Allowed.
#include "allocators/faulty/mapped_base.h"

enum { KEPT_MAX = 64, KEPT_BYTES_MAX = 512 << 10 };

static struct {
    uintptr_t start;
    size_t length;
} kept[KEPT_MAX];
static size_t kept_count;
static size_t kept_bytes;

uintptr_t mapped_get(size_t length)
{
    for (size_t i = 0; i < kept_count; i++) {
        if (kept[i].length != length) continue;
        const uintptr_t start = kept[i].start;
        kept[i] = kept[--kept_count];
        kept_bytes -= length;
        return start;
    }
    return mapped_kernel_get(length);
}

bool mapped_give_back(uintptr_t start, size_t length)
{
    if (kept_count == KEPT_MAX || length > KEPT_BYTES_MAX - kept_bytes)
        return mapped_kernel_give_back(start, length);
    kept[kept_count].start = start;
    kept[kept_count++].length = length;
    kept_bytes += length;
    return true;
}
