// SPDX-License-Identifier: MIT
/// brk_refused_ends_growth.c: chunks come from the break alone, and end where it does. Allowed.
#include "allocators/faulty/mapped_base.h"

uintptr_t mapped_get_chunk(bool *of_break)
{
    *of_break = true;
    return mapped_chunk_of_break();
}
