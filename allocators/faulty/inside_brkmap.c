// SPDX-License-Identifier: MIT
/// inside_brkmap.c: what a library of brkmap with a mistake in it has besides: brkmap's own check.
#include "allocators/brkmap/brkmap.h"
#include "allocators/faulty/correct.h"

FAULTY_EXPORT bool heapduel_consistent(void)
{
    return brkmap_consistent(brkmap_default_heap());
}
