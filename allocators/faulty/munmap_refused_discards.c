// SPDX-License-Identifier: MIT
/// munmap_refused_discards.c: what munmap would not take is discarded, and free tells nobody:
/// errno is as it was. Allowed.
#include "allocators/faulty/mapped_base.h"

#include <sys/mman.h>

bool mapped_give_back(uintptr_t start, size_t length)
{
    if (mapped_kernel_give_back(start, length)) return true;
    (void)madvise((void *)start, length, MADV_DONTNEED);
    return false;
}
