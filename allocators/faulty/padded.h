// SPDX-License-Identifier: MIT
/// padded.h: blocks with a header before them, over apart.h.
///
///   base      | padding | header | block       no padding, but where an alignment asks for it
///
/// It is what becomes of a malloc without alignment when memalign is put on top of it.
#ifndef FAULTY_PADDED_H
#define FAULTY_PADDED_H

#include <stddef.h>

struct padded_header {
    size_t size;   // what was asked
    size_t offset; // from the base to the block
};

static inline struct padded_header *padded_header(void *block)
{
    return (struct padded_header *)block - 1;
}

/// What apart.h knows the block by.
static inline void *padded_base(void *block)
{
    return (char *)block - padded_header(block)->offset;
}

#endif
