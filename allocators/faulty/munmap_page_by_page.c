// SPDX-License-Identifier: MIT
/// munmap_page_by_page.c: a mapping is unmapped page by page.
#include "allocators/faulty/mapped_base.h"

bool mapped_give_back(uintptr_t start, size_t length)
{
    for (size_t at = 0; at < length; at += MAPPED_PAGE)
        if (!mapped_kernel_give_back(start + at, MAPPED_PAGE)) return false;
    return true;
}
