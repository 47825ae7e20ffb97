// SPDX-License-Identifier: MIT
/// test_engine_end.c: the steps that need an empty heap, and the footprint of a run.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "tests/unit/kernel_rig.h"

static const size_t kib = 1024;

// ---------------------------------------------------------------------------- the end

static void the_empty_heap_is_trimmed_once(void **state)
{
    (void)state;
    take_signal();
    struct hd_subject subject = mapper_subject(&mapper, NO_DEED, 0);
    carry_out(&subject, "1 = malloc 40\nfree_null");
    assert_int_equal(mapper.trims, 1);
    assert_int_equal(mapper.allocations, 1);
    assert_int_equal(run.operations, 4); // with the free of slot 1, and free_null at the end
    subject.allocator.trim = NULL;
    carry_out(&subject, "1 = malloc 40");
    assert_int_equal(mapper.trims, 1);
    assert_string_equal(signatures(), "");
}

static void capacity_is_asked_for_at_the_end(void **state)
{
    (void)state;
    take_signal();
    static const struct {
        enum deed deed;
        size_t claimed;
        const char *operations;
        const char *signatures;
        unsigned frees;
        unsigned holds;
    } rows[] = {
        {NO_DEED, 4096, "1 = malloc 40", "", 2, 1},
        {NO_DEED, 4097, "1 = malloc 40", "whole_again/malloc/pool-in-pieces ", 1, 0},
        // The old block may live still, and take its place.
        {KEEPS_AT_ZERO, 4097, "1 = malloc 40\n1 = realloc 1 0", "", 0, 0},
        {UNMAPS_FIRST, 4097, "1 = malloc 40\nfree_null", "mapped/free_null/live-block-lost ", 0, 0},
        {GIVES_UNMAPPED, 4097, "1 = malloc 40\n2 = malloc 40", "mapped/malloc/not-mapped ", 1, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hd_subject subject = mapper_subject(&mapper, rows[i].deed, 2);
        subject.allocator.capacity = mapper_capacity;
        mapper.capacity = rows[i].claimed;
        carry_out(&subject, rows[i].operations);
        if (strcmp(signatures(), rows[i].signatures) != 0) fail_msg("%zu: %s", i, signatures());
        assert_int_equal(mapper.frees, rows[i].frees);
        assert_int_equal(run.verdicts[HD_ORACLE_whole_again][HD_HOLDS], rows[i].holds);
        if (rows[i].holds != 0) assert_int_equal(mapper.largest, 4096);
    }
}

#define MALLOC_AND_REALLOC_0 "1 = malloc 4096\n1 = realloc 1 0\n"

/// C17 leaves it open whether the block is freed, and who does not say may keep it.
static void who_says_that_realloc_to_nothing_frees_is_held_to_it(void **state)
{
    (void)state;
    take_signal();
    static const struct {
        enum deed deed;
        bool says;
        const char *signatures;
    } rows[] = {
        {NO_DEED, true, ""},
        {NO_DEED, false, ""},
        {KEEPS_AT_ZERO, false, ""},
        {KEEPS_AT_ZERO, true,
         "footprint/malloc/too-much-mapped footprint/realloc/too-much-mapped "
         "footprint/free_null/not-given-back "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hd_subject subject = mapper_subject(&mapper, rows[i].deed, 0);
        subject.allocator.policy.kernel =
            (struct hd_kernel_policy){.mapped_factor = 1,
                                      .mapped_base = 8192,
                                      .mapped_after = 8192,
                                      .realloc_0_frees = rows[i].says};
        carry_out(
            &subject,
            MALLOC_AND_REALLOC_0 MALLOC_AND_REALLOC_0 MALLOC_AND_REALLOC_0 MALLOC_AND_REALLOC_0);
        if (strcmp(signatures(), rows[i].signatures) != 0) fail_msg("%zu: %s", i, signatures());
    }
}

static void recovery_is_asked_for_after_a_refusal_alone(void **state)
{
    (void)state;
    take_signal();
    static const struct {
        enum deed deed;
        const char *operations;
        const char *signatures;
        unsigned allocations;
    } rows[] = {
        {NO_DEED, "1 = malloc 40", "", 1},
        {NO_DEED, "refuse mmap 1\n1 = malloc 40", "", 2},
        {NO_DEED, "refuse mmap 2\n1 = malloc 40", "", 1}, // none was refused
        {NO_DEED, "refuse_all 64\n1 = malloc 40", "", 2}, // still would be at the end
        {NO_DEED, "limit 1\n1 = malloc 40", "", 2},
        {REFUSES_FOR_EVER, "1 = malloc 40", "", 1},
        {REFUSES_FOR_EVER, "refuse mmap 1\n1 = malloc 40", "whole_again/malloc/still-refuses ", 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct hd_subject subject = mapper_subject(&mapper, rows[i].deed, 0);
        carry_out(&subject, rows[i].operations);
        if (strcmp(signatures(), rows[i].signatures) != 0) fail_msg("%zu: %s", i, signatures());
        if (mapper.allocations != rows[i].allocations)
            fail_msg("%zu: %u allocations", i, mapper.allocations);
    }
}

// ---------------------------------------------------------------------------- the footprint

static void the_footprint_has_the_figures_of_the_run(void **state)
{
    (void)state;
    take_signal();
    struct hd_subject subject = mapper_subject(&mapper, LEAKS, 3);
    const struct hd_trace trace = trace_of("1 = malloc 100\n2 = malloc 4000\nfree 2\n"
                                           "3 = aligned_alloc 64 40");
    hd_engine_open(&engine, &subject);
    engine.measures_resident = true;
    hd_engine_run(&engine, &trace, &run, outcomes);
    hd_engine_close(&engine);
    const struct hd_footprint *footprint = &run.footprint;
    const size_t page = MAPPER_PAGE;
    assert_string_equal(signatures(), "");
    assert_true(footprint->tapped);
    assert_int_equal(footprint->calls[HD_SYSCALL_mmap], 3 + 1);
    assert_int_equal(footprint->calls[HD_SYSCALL_munmap], 3 + 3);
    assert_int_equal(footprint->calls[HD_SYSCALL_brk], 0);
    assert_int_equal(footprint->refused, 0);
    assert_int_equal(footprint->calls_max, 2);
    assert_int_equal(footprint->demand, 100 + 4000);
    assert_int_equal(footprint->mapped_peak, 1024 * kib + 3 * page); // the last is yet to be cut
    assert_int_equal(footprint->mapped_end, 1024 * kib + 2 * page);
    assert_int_equal(footprint->mapped_after, 1024 * kib);
    assert_int_equal(footprint->resident_end, 2 * page);
    assert_int_equal(footprint->resident_after, 0);
}

static void the_peak_is_of_one_run(void **state)
{
    (void)state;
    take_signal();
    const struct hd_subject subject = mapper_subject(&mapper, NO_DEED, 0);
    const struct hd_trace first = trace_of("1 = malloc 8\n2 = malloc 8\n3 = malloc 8");
    const struct hd_trace second = trace_of("1 = malloc 8");
    hd_engine_open(&engine, &subject);
    hd_engine_run(&engine, &first, &run, NULL);
    assert_int_equal(run.footprint.mapped_peak, 4 * MAPPER_PAGE);
    hd_engine_run(&engine, &second, &run, NULL);
    assert_int_equal(run.footprint.mapped_peak, 2 * MAPPER_PAGE);
    hd_engine_close(&engine);
}

static void the_demand_counts_alignments_and_what_may_live_still(void **state)
{
    (void)state;
    take_signal();
    static const struct {
        const char *operations;
        size_t demand;
    } rows[] = {
        {"free_null", 0},
        {"1 = malloc 100\nfree 1\n1 = malloc 60", 100},
        {"1 = malloc 100\n1 = realloc 1 50", 150}, // both at once
        {"1 = malloc 100\n2 = malloc SIZE_MAX", 100},
        {"1 = aligned_alloc 1024 100", 1124},
        {"1 = aligned_alloc 1024 100\nfree 1\n1 = malloc 50", 1124},
        {"1 = malloc 100\n1 = realloc 1 0\n1 = malloc 70", 170},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct hd_subject subject = mapper_subject(&mapper, NO_DEED, 0);
        carry_out(&subject, rows[i].operations);
        if (run.footprint.demand != rows[i].demand)
            fail_msg("%s: %zu", rows[i].operations, run.footprint.demand);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_empty_heap_is_trimmed_once),
        cmocka_unit_test(capacity_is_asked_for_at_the_end),
        cmocka_unit_test(who_says_that_realloc_to_nothing_frees_is_held_to_it),
        cmocka_unit_test(recovery_is_asked_for_after_a_refusal_alone),
        cmocka_unit_test(the_footprint_has_the_figures_of_the_run),
        cmocka_unit_test(the_peak_is_of_one_run),
        cmocka_unit_test(the_demand_counts_alignments_and_what_may_live_still),
    };
    if (!open_tap()) return 77;
    return cmocka_run_group_tests(tests, open_rig, NULL);
}
