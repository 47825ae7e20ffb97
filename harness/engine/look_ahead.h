// SPDX-License-Identifier: MIT
/// look_ahead.h: the memory that operations to come will read is asked for: where many blocks live
/// it is long in coming.
#ifndef HD_LOOK_AHEAD_H
#define HD_LOOK_AHEAD_H

#include "harness/model/model.h"

// How many operations ahead: the slot's record first, and then, by what that says, the block.
#define HD_FAR_AHEAD  16
#define HD_NEAR_AHEAD 8

/// With fewer blocks than this all of them stay in a processor's cache anyway.
#define HD_LOOK_AHEAD_LIVE 4096

/// Before the first of `left` operations at `ops` is carried out.
static inline void hd_look_ahead(const struct hd_model *model, const struct hd_op *ops, size_t left)
{
    if (model->live_count < HD_LOOK_AHEAD_LIVE || left <= HD_FAR_AHEAD) return;
    const struct hd_block *near = &model->blocks[ops[HD_NEAR_AHEAD].slot];
    __builtin_prefetch(&model->blocks[ops[HD_FAR_AHEAD].slot]);
    if (near->address != 0) hd_model_prefetch(model, near);
}

#endif
