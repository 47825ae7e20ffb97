// SPDX-License-Identifier: MIT
/// pairing.h: the steps of two runs of one trace, each with its counterpart.
#ifndef HD_PAIRING_H
#define HD_PAIRING_H

#include "harness/cli/steps.h"

/// One of the two is NULL where a run has a step that the other has not.
struct hd_pair {
    const struct hd_told_step *left;
    const struct hd_told_step *right;
};

/// Goes through two told runs; only the first two members are set at the start. Both are sorted
/// when it begins: at the end, where an allocator's blocks lie decides which is freed first, the
/// same frees are put in the same order.
struct hd_pairing {
    struct hd_told *left;
    struct hd_told *right;
    size_t left_used;
    size_t right_used;
    bool begun;
};

/// The next pair, false after the last.
bool hd_pair_next(struct hd_pairing *pairing, struct hd_pair *pair);

#endif
