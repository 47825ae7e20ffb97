// SPDX-License-Identifier: MIT
/// break_never_lowered.c: what came from the break is kept for ever.
#include "allocators/faulty/mapped_base.h"

bool mapped_give_back_chunk(const struct mapped_region *chunk)
{
    return !chunk->of_break && mapped_give_back(chunk->start, chunk->length);
}
