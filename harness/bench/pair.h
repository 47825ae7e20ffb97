// SPDX-License-Identifier: MIT
/// pair.h: mmap and munmap of a page, again and again.
#ifndef HD_PAIR_H
#define HD_PAIR_H

#include "harness/base/page.h"
#include "harness/tap/tap.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/mman.h>

/// One pair, armed. False: a call failed.
static inline bool hd_pair_make(void)
{
    hd_tap_arm();
    void *page = mmap(NULL, HD_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    const bool made = page != MAP_FAILED && munmap(page, HD_PAGE) == 0;
    hd_tap_disarm();
    return made;
}

/// Processor time, tracer and traced, of a pair under strace, ns. 0: it cannot be had here.
double hd_pair_under_strace(void);

#endif
