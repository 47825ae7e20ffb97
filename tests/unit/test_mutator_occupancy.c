// SPDX-License-Identifier: MIT
/// test_mutator_occupancy.c: which slots hold a block at a point of a trace.
#include "tests/unit/mutator_rig.h"
#include "tests/unit/random_ops.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct hd_draft draft;

static const struct {
    const char *name;
    const char *lines;
    size_t held;
    uint32_t slot; // of the last held, when there is one
} cases[] = {
    {"nothing", "", 0, 0},
    {"a block", "3 = malloc 1\n", 1, 3},
    {"no bytes may be a block", "3 = malloc 0\n", 1, 3},
    {"freed", "3 = malloc 1\nfree 3\n", 0, 0},
    {"freed and back", "3 = malloc 1\nfree 3\n3 = calloc 1 1\n", 1, 3},
    {"of two the first freed", "3 = malloc 1\n4 = malloc 1\nfree 3\n", 1, 4},
    {"free of nothing", "free 3\n", 0, 0},
    {"a second into the same slot is skipped", "3 = malloc 1\n3 = malloc 2\n", 1, 3},
    {"realloc of nothing", "3 = realloc 3 8\n", 1, 3},
    {"realloc", "3 = malloc 1\n3 = realloc 3 8\n", 1, 3},
    {"realloc to nothing is not built on", "3 = malloc 1\n3 = realloc 3 0\n", 0, 0},
    {"reallocarray to nothing", "3 = malloc 1\n3 = reallocarray 3 0 8\n", 0, 0},
    {"realloc that fails", "3 = malloc 1\n3 = realloc 3 SIZE_MAX\n", 1, 3},
    {"too large", "3 = malloc PTRDIFF_MAX+1\n", 0, 0},
    {"overflow", "3 = calloc SIZE_MAX 2\n", 0, 0},
    {"a bad alignment", "3 = aligned_alloc 3 8\n", 0, 0},
    {"posix_memalign's least", "3 = posix_memalign 4 8\n", 0, 0},
    {"a good alignment", "3 = posix_memalign 8 8\n", 1, 3},
    {"the highest slot", "268435455 = malloc 1\n", 1, HD_SLOT_MAX},
};

static void blocks_are_where_the_table_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        draft_of_text(&draft, cases[i].lines, 100);
        const struct hd_occupancy *occupancy = hd_occupancy_at(&draft, draft.count);
        if (occupancy->count != cases[i].held) fail_msg("%s: %zu", cases[i].name, occupancy->count);
        if (cases[i].held > 0) assert_int_equal(occupancy->held[0].slot, cases[i].slot);
    }
}

static void the_operation_that_gave_a_block_is_known(void **state)
{
    (void)state;
    draft_of_text(&draft, "3 = malloc 1\n4 = malloc 2\n3 = realloc 3 9\n4 = realloc 4 SIZE_MAX\n",
                  9);
    const struct hd_occupancy *occupancy = hd_occupancy_at(&draft, draft.count);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(occupancy->held[i].by, occupancy->held[i].slot == 3 ? 2 : 1);
}

/// Against a table with a place for each slot.
static void it_agrees_with_a_plain_table(void **state)
{
    (void)state;
    uint64_t dice = 1;
    for (unsigned round = 0; round < 2000; round++) {
        bool held[64] = {false};
        draft_of_dice(&draft, 200, &dice);
        struct hd_occupancy *occupancy = hd_occupancy_at(&draft, 0);
        hd_occupancy_begin(occupancy, draft.count);
        for (size_t i = 0; i < draft.count; i++) {
            struct hd_op op = hd_op_of(HD_OP_MALLOC, (uint32_t)random_below(&dice, 64), 1, 0);
            if (random_below(&dice, 2)) op = hd_op_of(HD_OP_FREE, op.slot, 0, 0);
            assert_int_equal(hd_occupancy_applies(occupancy, &op),
                             held[op.slot] == (op.kind == HD_OP_FREE));
            hd_occupancy_step(occupancy, &op, i);
            held[op.slot] = op.kind == HD_OP_MALLOC;
        }
        size_t count = 0;
        for (size_t slot = 0; slot < 64; slot++)
            count += held[slot];
        assert_int_equal(occupancy->count, count);
        const uint32_t empty = hd_occupancy_empty(occupancy, 3, &dice);
        for (uint32_t slot = empty; slot < empty + 3; slot++)
            assert_true(slot >= 64 || !held[slot]);
        const struct hd_held *any = hd_occupancy_any(occupancy, &dice);
        assert_true(count == 0 ? any == NULL : held[any->slot]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_where_the_table_says),
        cmocka_unit_test(the_operation_that_gave_a_block_is_known),
        cmocka_unit_test(it_agrees_with_a_plain_table),
    };
    return cmocka_run_group_tests_name("mutator_occupancy", tests, NULL, NULL);
}
