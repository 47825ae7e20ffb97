// SPDX-License-Identifier: MIT
/// sbrk.c: steps of the break, with sbrk(2)'s traps closed.
#include "allocators/brkmap/sbrk.h"

#include "allocators/brkmap/kernel.h"

#include <errno.h>

uintptr_t brkmap_sbrk_look(struct brkmap_sbrk *sbrk)
{
    sbrk->now = brkmap_kernel_brk(0);
    return sbrk->now;
}

int brkmap_sbrk_move(struct brkmap_sbrk *sbrk, intptr_t increment)
{
    const uintptr_t to = sbrk->now + (uintptr_t)increment;
    const bool wraps = increment >= 0 ? to < sbrk->now : to > sbrk->now;
    if (wraps || brkmap_kernel_brk(to) != to) return ENOMEM;
    sbrk->now = to;
    return 0;
}
