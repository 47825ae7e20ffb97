// SPDX-License-Identifier: MIT
/// exports_aligned.c: the aligned family over small.h.
#include "allocators/small/small.h"

#include <errno.h>
#include <unistd.h>

static bool is_power_of_two(size_t alignment)
{
    return alignment != 0 && (alignment & (alignment - 1)) == 0;
}

/// C17 7.22.3.1 as POSIX.1-2024 words it: an alignment that is none is EINVAL; any size will do.
SMALL_EXPORT void *aligned_alloc(size_t alignment, size_t size)
{
    if (is_power_of_two(alignment)) return small_allocate(alignment, size);
    errno = EINVAL;
    return NULL;
}

/// The error is returned, errno stays, and a failure stores nothing. No bytes may be NULL.
SMALL_EXPORT int posix_memalign(void **block, size_t alignment, size_t size)
{
    if (!is_power_of_two(alignment) || alignment % sizeof(void *) != 0) return EINVAL;
    const int before = errno;
    void *made = small_allocate(alignment, size);
    errno = before;
    if (made == NULL && size != 0) return ENOMEM;
    *block = made;
    return 0;
}

SMALL_EXPORT void *memalign(size_t alignment, size_t size)
{
    return aligned_alloc(alignment, size);
}

SMALL_EXPORT void *valloc(size_t size)
{
    return aligned_alloc((size_t)sysconf(_SC_PAGESIZE), size);
}
