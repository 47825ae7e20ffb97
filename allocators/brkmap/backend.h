// SPDX-License-Identifier: MIT
/// backend.h: brkmap as an allocator under test.
#ifndef BRKMAP_BACKEND_H
#define BRKMAP_BACKEND_H

#include "allocators/allocator.h"

/// Its heap is any struct brkmap_heap.
extern const struct hd_allocator hd_allocator_brkmap;

/// brkmap over its default heap, ready to be called.
struct hd_subject hd_brkmap_subject(void);

#endif
