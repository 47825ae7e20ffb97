// SPDX-License-Identifier: MIT
/// munmap_page_too_short.c: a page is mapped in front of each mapping, and not unmapped with it.
#include "allocators/faulty/mapped_base.h"

uintptr_t mapped_get(size_t length)
{
    const uintptr_t header = mapped_kernel_get(MAPPED_PAGE + length);
    return header == 0 ? 0 : header + MAPPED_PAGE;
}

bool mapped_give_back(uintptr_t start, size_t length)
{
    return mapped_kernel_give_back(start, length); // the header's page lies in front
}
