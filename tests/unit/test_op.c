// SPDX-License-Identifier: MIT
/// test_op.c: which fields an operation may have.
#include "harness/trace/op.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void ranges_end_where_the_kind_says(void **state)
{
    (void)state;
    static const struct {
        struct hd_op op;
        bool want;
    } rows[] = {
        {{.kind = HD_OP_MALLOC}, true},
        {{.kind = HD_OP_MALLOC, .thread = HD_THREAD_MAX, .slot = HD_SLOT_MAX, .size = SIZE_MAX},
         true},
        {{.kind = HD_OP_MALLOC, .thread = HD_THREAD_MAX + 1}, false},
        {{.kind = HD_OP_MALLOC, .slot = HD_SLOT_MAX + 1}, false},
        {{.kind = HD_OP_MALLOC, .extra = 1}, false},
        {{.kind = HD_OP_CALLOC, .size = SIZE_MAX, .extra = SIZE_MAX}, true},
        {{.kind = HD_OP_MEMALIGN, .size = SIZE_MAX, .extra = SIZE_MAX}, true},
        {{.kind = HD_OP_FREE, .slot = 1}, true},
        {{.kind = HD_OP_FREE, .size = 1}, false},
        {{.kind = HD_OP_FREE_NULL}, true},
        {{.kind = HD_OP_FREE_NULL, .slot = 1}, false},
        {{.kind = HD_OP_REFUSE, .size = 0}, false},
        {{.kind = HD_OP_REFUSE, .size = 1}, true},
        {{.kind = HD_OP_REFUSE, .size = 64, .extra = HD_REFUSABLES - 1}, true},
        {{.kind = HD_OP_REFUSE, .size = 65}, false},
        {{.kind = HD_OP_REFUSE, .size = 1, .extra = HD_REFUSABLES}, false},
        {{.kind = HD_OP_REFUSE, .slot = 1, .size = 1}, false},
        {{.kind = HD_OP_REFUSE_ALL, .size = 0}, false},
        {{.kind = HD_OP_REFUSE_ALL, .size = 1}, true},
        {{.kind = HD_OP_REFUSE_ALL, .size = 64}, true},
        {{.kind = HD_OP_REFUSE_ALL, .size = 65}, false},
        {{.kind = HD_OP_REFUSE_ALL, .size = 1, .extra = 1}, false},
        {{.kind = HD_OP_LIMIT, .size = 0}, true},
        {{.kind = HD_OP_LIMIT, .size = SIZE_MAX}, true},
        {{.kind = HD_OP_FOREIGN_SBRK, .size = 0}, true},
        {{.kind = HD_OP_FOREIGN_SBRK, .size = (uint64_t)INT64_MIN}, true},
        {{.kind = HD_OP_FOREIGN_SBRK, .slot = 1}, false},
        {{.kind = HD_OP_FOREIGN_MMAP, .slot = HD_SLOT_MAX}, true},
        {{.kind = HD_OP_FOREIGN_MMAP, .size = 1}, false},
        {{.kind = HD_OP_KINDS}, false},
        {{.kind = UINT8_MAX}, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (hd_op_well_formed(&rows[i].op) != rows[i].want) fail_msg("row %zu", i);
}

/// struct hd_op has one field for each group.
static void a_kind_takes_one_operand_of_a_group(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < HD_OP_KINDS; kind++) {
        const unsigned operands = hd_op_infos[kind].operands;
        assert_true(__builtin_popcount(operands & HD_IN_EXTRA) <= 1);
        assert_true(__builtin_popcount(operands & HD_IN_SIZE) <= 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_end_where_the_kind_says),
        cmocka_unit_test(a_kind_takes_one_operand_of_a_group),
    };
    return cmocka_run_group_tests_name("op", tests, NULL, NULL);
}
