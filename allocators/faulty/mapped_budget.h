// SPDX-License-Identifier: MIT
/// mapped_budget.h: mapped_base.h with a budget for all its mappings, half of which can always be
/// had when no block lives. To be included by one file of a library, which gives mapped_resize.
#ifndef FAULTY_MAPPED_BUDGET_H
#define FAULTY_MAPPED_BUDGET_H

#include "allocators/faulty/correct.h"
#include "allocators/faulty/mapped_base.h"

enum { MAPPED_BUDGET = 4 << 20 };

static size_t mapped_budget_left = MAPPED_BUDGET;

/// False: there is not so much left.
static bool mapped_budget_take(size_t length)
{
    if (length > mapped_budget_left) return false;
    mapped_budget_left -= length;
    return true;
}

static void mapped_budget_return(size_t length)
{
    mapped_budget_left += length;
}

uintptr_t mapped_get(size_t length)
{
    if (!mapped_budget_take(length)) return 0;
    const uintptr_t start = mapped_kernel_get(length);
    if (start == 0) mapped_budget_return(length);
    return start;
}

bool mapped_give_back(uintptr_t start, size_t length)
{
    if (!mapped_kernel_give_back(start, length)) return false;
    mapped_budget_return(length);
    return true;
}

FAULTY_EXPORT size_t heapduel_capacity(void);

FAULTY_EXPORT size_t heapduel_capacity(void)
{
    return MAPPED_BUDGET / 2;
}

#endif
