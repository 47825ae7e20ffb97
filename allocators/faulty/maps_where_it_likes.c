// SPDX-License-Identifier: MIT
/// maps_where_it_likes.c: every mapping is asked for just below the last, where nothing is mapped;
/// only where the kernel says that something is, anywhere. Allowed.
#include "allocators/faulty/mapped_base.h"

#include <sys/mman.h>

uintptr_t mapped_get(size_t length)
{
    static uintptr_t next;
    if (next > length) {
        void *wanted = (void *)(next - length);
        void *got = mmap(wanted, length, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
        if (got == wanted) return next -= length;
    }
    return next = mapped_kernel_get(length);
}
