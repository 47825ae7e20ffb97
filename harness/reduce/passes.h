// SPDX-License-Identifier: MIT
/// passes.h: the ways to make a trace smaller, one a file, and the trial that they share.
///
/// Each goes over the trace once and returns whether anything helped. Each change makes the trace
/// shorter, or a number in it smaller, or is not made twice: so that going over and over ends.
#ifndef HD_REDUCE_PASSES_H
#define HD_REDUCE_PASSES_H

#include "harness/reduce/reduce.h"

/// Whether the first `count` operations of `reduction->trial` still fail. If so, they are what is
/// reduced from then on. One known not to fail is not tried again; after `enough` none is.
bool hd_reduction_try(struct hd_reduction *reduction, size_t count);

/// Puts a copy of the smallest trace so far into `reduction->trial`.
void hd_reduction_copy(struct hd_reduction *reduction);

bool hd_reduce_prefix(struct hd_reduction *reduction);   // what comes after the failure
bool hd_reduce_ddmin(struct hd_reduction *reduction);    // chunks, down to single operations
bool hd_reduce_pairs(struct hd_reduction *reduction);    // operations of one slot together
bool hd_reduce_twos(struct hd_reduction *reduction);     // any two, where few are left
bool hd_reduce_merge(struct hd_reduction *reduction);    // two requests in one
bool hd_reduce_threads(struct hd_reduction *reduction);  // all on the first
bool hd_reduce_values(struct hd_reduction *reduction);   // sizes, counts, alignments, times
bool hd_reduce_renumber(struct hd_reduction *reduction); // slots from 1 on

/// True when the operation names a slot.
static inline bool hd_names_slot(const struct hd_op *op)
{
    return (hd_op_infos[op->kind].operands & (HD_SLOT | HD_RESULT)) != 0;
}

#endif
