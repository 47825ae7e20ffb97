// SPDX-License-Identifier: MIT
/// sides.h: what each of some allocators answered, with those that answered alike on one line.
#ifndef HD_SIDES_H
#define HD_SIDES_H

#include "harness/cli/roster.h"

#define HD_SIDE_TEXT_MAX 1024

/// What one allocator answered, in words; empty: nothing, and it is left out.
struct hd_side {
    char text[HD_SIDE_TEXT_MAX];
};

/// What all that answered anything answered; NULL: nobody did, or not all the same.
const char *hd_sides_agree(const struct hd_side *sides, size_t count);

/// A line for each different answer, in the order of the roster: the answer, cut where it is long,
/// then whose it is.
void hd_sides_print(const struct hd_side *sides, const struct hd_roster *roster);

#endif
