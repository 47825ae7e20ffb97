// SPDX-License-Identifier: MIT
/// maker.c: how a block that lives could be made at once as it is by now.
#include "harness/trace/maker.h"

#include <stdlib.h>

void hd_maker_follow(struct hd_maker *maker, const struct hd_op *op, uint64_t number)
{
    const unsigned operands = hd_op_infos[op->kind].operands;
    const bool takes = (operands & HD_SLOT) != 0;
    uint64_t size = op->size;
    if (op->kind == HD_OP_FREE) maker->born = 0;
    if (!(operands & HD_RESULT) || (!takes && maker->born != 0)) return;

    if (takes && (operands & HD_COUNT) && __builtin_mul_overflow(op->size, op->extra, &size))
        return;
    if (maker->born == 0) maker->born = number;
    maker->op = *op;
    if (!takes) return;
    maker->op.kind = HD_OP_MALLOC; // what realloc gives is as malloc gives it
    maker->op.size = size;
    maker->op.extra = 0;
}

static int by_age(const void *a, const void *b)
{
    const uint64_t born_a = ((const struct hd_maker *)a)->born;
    const uint64_t born_b = ((const struct hd_maker *)b)->born;
    return born_a < born_b ? -1 : born_a > born_b;
}

void hd_makers_sort(struct hd_maker *makers, size_t count)
{
    qsort(makers, count, sizeof *makers, by_age);
}
