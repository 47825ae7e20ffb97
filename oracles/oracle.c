// SPDX-License-Identifier: MIT
/// oracle.c: the table behind oracles.def.
#include "oracles/oracle.h"

#define HD_ORACLE(name) extern const struct hd_oracle hd_oracle_##name;
#include "oracles/oracles.def"
#undef HD_ORACLE

const struct hd_oracle *const hd_oracles[HD_ORACLES] = {
#define HD_ORACLE(name) [HD_ORACLE_##name] = &hd_oracle_##name,
#include "oracles/oracles.def"
#undef HD_ORACLE
};

bool hd_alignment_is_bad(const struct hd_op *op)
{
    switch (op->kind) {
    case HD_OP_ALIGNED_ALLOC: return !hd_is_power_of_two(op->extra);
    case HD_OP_POSIX_MEMALIGN:
        return !hd_is_power_of_two(op->extra) || op->extra % sizeof(void *) != 0;
    default: return false;
    }
}
