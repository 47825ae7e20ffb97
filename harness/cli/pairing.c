// SPDX-License-Identifier: MIT
/// pairing.c: merging two sorted lists of steps.
#include "harness/cli/pairing.h"

#include <stdlib.h>

static int order(uint64_t a, uint64_t b) { return (a > b) - (a < b); }

/// Past the trace: the frees of what it left, by slot, then what is asked of the empty heap.
static unsigned rank(const struct hd_op *op)
{
    switch (op->kind) {
    case HD_OP_FREE: return 0;
    case HD_OP_FREE_NULL: return 1;
    default: return 2;
    }
}

static int compare(const struct hd_told_step *a, const struct hd_told_step *b)
{
    if (a->step.stage != b->step.stage) return order(a->step.stage, b->step.stage);
    if (a->step.stage != HD_STAGE_END) return order(a->step.number, b->step.number);
    const int ranks = order(rank(&a->step.op), rank(&b->step.op));
    return ranks != 0 ? ranks : order(a->step.op.slot, b->step.op.slot);
}

static int by_counterpart(const void *left, const void *right)
{
    const struct hd_told_step *a = left;
    const struct hd_told_step *b = right;
    const int result = compare(a, b);
    return result != 0 ? result : order(a->step.number, b->step.number);
}

static void sort(struct hd_told *told)
{
    if (told->count > 0) qsort(told->steps, told->count, sizeof *told->steps, by_counterpart);
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
