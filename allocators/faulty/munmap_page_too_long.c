// SPDX-License-Identifier: MIT
/// munmap_page_too_long.c: the page behind a mapping, once meant for a guard, is unmapped with it.
#include "allocators/faulty/mapped_base.h"

bool mapped_give_back(uintptr_t start, size_t length)
{
    return mapped_kernel_give_back(start, length + MAPPED_PAGE); // nobody maps the guard any more
}
