// SPDX-License-Identifier: MIT
/// op.c: the table behind ops.def, and the ranges that it gives the fields.
#include "harness/trace/op.h"

const struct hd_op_info hd_op_infos[HD_OP_KINDS] = {
#define HD_OP(id, word, takes, share)                                                              \
    [HD_OP_##id] = {.text = #word, .operands = (takes), .weight = (share)},
#include "harness/trace/ops.def"
#undef HD_OP
};

bool hd_op_well_formed(const struct hd_op *op)
{
    if (op->kind >= HD_OP_KINDS || op->thread > HD_THREAD_MAX || op->slot > HD_SLOT_MAX)
        return false;

    const unsigned operands = hd_op_infos[op->kind].operands;
    if (!(operands & (HD_SLOT | HD_RESULT)) && op->slot != 0) return false;
    if (!(operands & HD_IN_SIZE) && op->size != 0) return false;
    if (!(operands & HD_IN_EXTRA) && op->extra != 0) return false;
    if ((operands & HD_TIMES) && (op->size == 0 || op->size > HD_TIMES_MAX)) return false;
    return !(operands & HD_SYSCALL) || op->extra < HD_REFUSABLES;
}
