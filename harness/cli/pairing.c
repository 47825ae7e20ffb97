// SPDX-License-Identifier: MIT
/// pairing.c: merging two sorted lists of steps.
#include "harness/cli/pairing.h"

#include <stdlib.h>

static int order(uint64_t a, uint64_t b) { return (a > b) - (a < b); }

static int compare(const struct hd_told_step *a, const struct hd_told_step *b)
{
    const int stages = order(a->step.stage, b->step.stage);
    return stages != 0 ? stages : order(a->rank, b->rank);
}

static int by_rank(const void *left, const void *right) { return compare(left, right); }

static void sort(struct hd_told *told)
{
    if (told->count > 0) qsort(told->steps, told->count, sizeof *told->steps, by_rank);
}

bool hd_pair_next(struct hd_pairing *pairing, struct hd_pair *pair)
{
    if (!pairing->begun) {
        sort(pairing->left);
        sort(pairing->right);
        pairing->begun = true;
    }
    const bool has_left = pairing->left_used < pairing->left->count;
    const bool has_right = pairing->right_used < pairing->right->count;
    *pair = (struct hd_pair){
        .left = has_left ? &pairing->left->steps[pairing->left_used] : NULL,
        .right = has_right ? &pairing->right->steps[pairing->right_used] : NULL,
    };
    if (has_left && has_right) {
        const int result = compare(pair->left, pair->right);
        if (result < 0) pair->right = NULL;
        if (result > 0) pair->left = NULL;
    }
    pairing->left_used += pair->left != NULL;
    pairing->right_used += pair->right != NULL;
    return has_left || has_right;
}
