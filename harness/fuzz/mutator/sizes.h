// SPDX-License-Identifier: MIT
/// sizes.h: numbers at which allocators change their mind.
#ifndef HD_SIZES_H
#define HD_SIZES_H

#include "harness/fuzz/mutator/draft.h"

/// A number of bytes to ask for: from any of the families in sizes.c.
uint64_t hd_sizes_any(struct hd_draft *draft);

/// One that is mostly no small one: an allocator maps it by itself.
uint64_t hd_sizes_large(struct hd_draft *draft);

/// Less or more than `size` by a step, or half or twice as much; never past its ends.
uint64_t hd_sizes_near(uint64_t size, uint64_t *random);

/// An alignment: a power of two but for one in sixteen.
uint64_t hd_sizes_alignment(struct hd_draft *draft);

/// Two factors whose product is just past SIZE_MAX, or just before it.
struct hd_factors {
    uint64_t count, size;
};
struct hd_factors hd_sizes_overflow(struct hd_draft *draft);

/// A size that passes SIZE_MAX when a header of up to 64 bytes, or what is less than `added`, is
/// added.
uint64_t hd_sizes_wrapping(struct hd_draft *draft, uint64_t added);

/// Gives the operation the operands in `size` and `extra` that its kind takes.
void hd_sizes_fill(struct hd_draft *draft, struct hd_op *op);

#endif
