// SPDX-License-Identifier: MIT
/// maker.h: how a block that lives could be made at once as it is by now.
#ifndef HD_MAKER_H
#define HD_MAKER_H

#include "harness/trace/op.h"

/// All zero: the slot's block does not live.
struct hd_maker {
    struct hd_op op; // makes it, as large and as aligned as it is
    uint64_t born;   // the number of the operation that made it first, from 1; 0: it does not live
};

/// What operation `number`, on the maker's slot, makes of the block, if it is carried out.
void hd_maker_follow(struct hd_maker *maker, const struct hd_op *op, uint64_t number);

/// The oldest first.
void hd_makers_sort(struct hd_maker *makers, size_t count);

#endif
