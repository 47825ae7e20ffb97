// SPDX-License-Identifier: MIT
/// page.h: the page, of which the kernel maps, protects and gives back whole ones.
///
/// 4 KiB: what x86-64 has, and aarch64 mostly. What a table of the harness or the form of a trace
/// calls a page is something else, with a size of its own.
#ifndef HD_BASE_PAGE_H
#define HD_BASE_PAGE_H

#include <stddef.h>
#include <stdint.h>

#define HD_PAGE ((uintptr_t)4096)

/// Bytes, rounded up. Wraps for the last page of all.
static inline size_t hd_whole_pages(size_t size)
{
    return (size + HD_PAGE - 1) & ~(HD_PAGE - 1);
}

/// Where the page that holds the address begins.
static inline uintptr_t hd_page_of(uintptr_t address)
{
    return address & ~(HD_PAGE - 1);
}

/// Where the first page from the address on begins.
static inline uintptr_t hd_page_from(uintptr_t address)
{
    return hd_whole_pages(address);
}

#endif
