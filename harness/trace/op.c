// SPDX-License-Identifier: MIT
/// op.c: the table behind ops.def.
#include "harness/trace/op.h"

const struct hd_op_info hd_op_infos[HD_OP_KINDS] = {
#define HD_OP(id, word, takes, share)                                                              \
    [HD_OP_##id] = {.text = #word, .operands = (takes), .weight = (share)},
#include "harness/trace/ops.def"
#undef HD_OP
};
