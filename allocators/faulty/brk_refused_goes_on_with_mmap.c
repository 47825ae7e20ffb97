// SPDX-License-Identifier: MIT
/// brk_refused_goes_on_with_mmap.c: once the break was refused it is never asked again. Allowed.
#include "allocators/faulty/mapped_base.h"

uintptr_t mapped_get_chunk(bool *of_break)
{
    static bool refused;
    const uintptr_t start = refused ? 0 : mapped_chunk_of_break();
    refused = start == 0;
    *of_break = start != 0;
    return start != 0 ? start : mapped_get(MAPPED_CHUNK);
}
