// SPDX-License-Identifier: MIT
/// test_engine_beliefs.c: what the engine takes for true of an allocator that lies.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "tests/unit/engine_rig.h"

static void an_overlapping_block_is_never_written_freed_or_resized(void **state)
{
    (void)state;
    carry_out_with(OVERLAPS, 2, "1 = malloc 64\n2 = malloc 24\nwrite 2\n2 = realloc 2 8\n"
                                "free 2\nwrite 1\nfree 1");
    assert_string_equal(signatures(), "overlap/malloc/shares-bytes ");
    const uintptr_t overlapping = heap.blocks[1].address;
    assert_int_equal(calls_of(HD_OP_FREE, overlapping), 0);
    assert_int_equal(calls_of(HD_OP_REALLOC, overlapping), 0);
    assert_int_equal(run.skipped, 1); // write 2; realloc 2 made a new block
    assert_int_equal(outcomes[2].kind, HD_OUTCOME_SKIPPED);
}

static void a_usable_size_that_cannot_be_is_believed_as_far_as_asked(void **state)
{
    (void)state;
    static const struct {
        enum misdeed misdeed;
        const char *signatures;
    } rows[] = {
        {USABLE_TOO_SMALL, "usable/malloc/less-than-asked "},
        {USABLE_ENDLESS, "usable/malloc/outside-address-space "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        carry_out_with(rows[i].misdeed, 2,
                       "1 = malloc 32\n2 = malloc 100\nwrite 1\nwrite 2\nfree 2");
        assert_string_equal(signatures(), rows[i].signatures);
        const uint8_t *second = (const uint8_t *)heap.blocks[1].address;
        assert_int_not_equal(second[98] | second[99], 0);
        for (size_t at = 100; at < 112; at++) assert_int_equal(second[at], 0);
    }
}

static void a_write_fills_the_block_with_another_pattern(void **state)
{
    (void)state;
    uint8_t before[32];
    carry_out_with(HONEST, 0, "1 = malloc 32");
    memcpy(before, heap.memory, sizeof before);
    carry_out_with(HONEST, 0, "1 = malloc 32\nwrite 1");
    assert_memory_not_equal(heap.memory, before, sizeof before);
    assert_int_equal(run.verdicts[HD_ORACLE_content][HD_HOLDS], 2);
}

static void usable_bytes_given_away_are_not_checked_any_more(void **state)
{
    (void)state;
    carry_out_with(USABLE_TOO_LARGE, 1,
                   "1 = malloc 40\n2 = malloc 40\nwrite 2\nwrite 1\nfree 2\nwrite 1\nfree 1");
    assert_string_equal(signatures(), "usable/malloc/given-away ");
    assert_int_equal(run.verdicts[HD_ORACLE_content][HD_BROKEN], 0);
    assert_int_equal(run.verdicts[HD_ORACLE_content][HD_HOLDS], 5);
}

static void a_failed_realloc_keeps_the_block(void **state)
{
    (void)state;
    carry_out_with(ANSWERS_NULL, 2, "1 = malloc 64\n1 = realloc 1 100\nwrite 1\nfree 1");
    assert_string_equal(signatures(), "");
    assert_int_equal(run.skipped, 0);
    assert_int_equal(outcomes[1].kind, HD_OUTCOME_NULL);
    assert_int_equal(outcomes[1].error, ENOMEM);
    assert_int_equal(calls_of(HD_OP_FREE, heap.blocks[0].address), 1);
    assert_int_equal(run.verdicts[HD_ORACLE_realloc][HD_HOLDS], 1);
}

static void realloc_to_no_bytes_that_gives_null_has_ended_the_block(void **state)
{
    (void)state;
    carry_out_with(HONEST, 0, "1 = malloc 64\n1 = realloc 1 0\nfree 1\n1 = malloc 5");
    assert_string_equal(signatures(), "");
    assert_int_equal(calls_of(HD_OP_FREE, heap.blocks[0].address), 0);
    assert_int_equal(run.skipped, 1);
    assert_int_equal(outcomes[3].kind, HD_OUTCOME_BLOCK);
}

static void realloc_to_no_bytes_that_gives_a_block_is_freed(void **state)
{
    (void)state;
    carry_out_with(GIVES_FOR_ZERO, 2, "1 = malloc 64\n1 = realloc 1 0\nfree 1");
    assert_string_equal(signatures(), "");
    assert_int_equal(run.skipped, 0);
    assert_int_equal(calls_of(HD_OP_FREE, heap.blocks[0].address), 0);
    assert_int_equal(calls_of(HD_OP_FREE, heap.blocks[1].address), 1);
}

static void realloc_of_an_empty_slot_is_realloc_of_null(void **state)
{
    (void)state;
    carry_out_with(HONEST, 0, "1 = realloc 1 20\n2 = reallocarray 2 2 8");
    assert_int_equal(heap.calls[0].kind, HD_OP_REALLOC);
    assert_int_equal(heap.calls[0].block, 0);
    assert_int_equal(run.skipped, 0);
    assert_int_equal(run.operations, 4);
    assert_int_equal(run.verdicts[HD_ORACLE_realloc][HD_NOT_JUDGED], 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_overlapping_block_is_never_written_freed_or_resized),
        cmocka_unit_test(a_usable_size_that_cannot_be_is_believed_as_far_as_asked),
        cmocka_unit_test(a_write_fills_the_block_with_another_pattern),
        cmocka_unit_test(usable_bytes_given_away_are_not_checked_any_more),
        cmocka_unit_test(a_failed_realloc_keeps_the_block),
        cmocka_unit_test(realloc_to_no_bytes_that_gives_null_has_ended_the_block),
        cmocka_unit_test(realloc_to_no_bytes_that_gives_a_block_is_freed),
        cmocka_unit_test(realloc_of_an_empty_slot_is_realloc_of_null),
    };
    return cmocka_run_group_tests(tests, open_rig, NULL);
}
