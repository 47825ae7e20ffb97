// SPDX-License-Identifier: MIT
/// page.h: the page, of which the kernel gives and takes whole ones.
#ifndef HD_TAP_PAGE_H
#define HD_TAP_PAGE_H

#include <stdint.h>

#define HD_TAP_PAGE ((uint64_t)4096)

/// Wraps for the last page of all.
static inline uint64_t hd_tap_whole_pages(uint64_t size)
{
    return (size + HD_TAP_PAGE - 1) & ~(HD_TAP_PAGE - 1);
}

#endif
