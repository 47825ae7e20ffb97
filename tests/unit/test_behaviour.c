// SPDX-License-Identifier: MIT
/// test_behaviour.c: what the engine is shown of a step: which steps are alike, and which are not.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <sys/syscall.h>

#include "harness/fuzz/behaviour.h"
#include "harness/fuzz/counters.h"
#include "harness/fuzz/families.h"
#include "harness/fuzz/own_stats.h"

#define MIB ((size_t)1 << 20)

static struct hd_engine engine; // never run: its parts are set by hand
static struct hd_behaviour behaviour;

static void begin_on(bool fresh)
{
    memset(&hd_counters, 0, sizeof hd_counters);
    engine.kernel_side.space.mapped = 4 * MIB; // left by runs before
    engine.model.live_bytes = 0;
    hd_behaviour_watch(&behaviour, &engine, fresh);
    behaviour.observer.trace_begin(behaviour.observer.context, &engine);
}

static void begin(void)
{
    begin_on(true);
}

static void show(const struct hd_step *step)
{
    behaviour.observer.step(behaviour.observer.context, step);
}

static struct hd_step malloc_step(uintptr_t result, size_t size)
{
    static const struct hd_op op = {.kind = HD_OP_MALLOC};
    return (struct hd_step){.op = &op, .result = result, .size = size, .usable = size};
}

static struct hd_step realloc_step(uintptr_t from, size_t old, uintptr_t to, size_t size)
{
    static const struct hd_op op = {.kind = HD_OP_REALLOC};
    return (struct hd_step){.op = &op,
                            .before = {.address = from, .size = old, .usable = old},
                            .result = to,
                            .size = size,
                            .usable = size};
}

static struct hd_step free_step(uintptr_t address, size_t size)
{
    static const struct hd_op op = {.kind = HD_OP_FREE};
    return (struct hd_step){.op = &op,
                            .before = {.address = address, .size = size, .usable = size}};
}

/// Which counters of a family a sequence of steps hits: how many, and the sum of their places.
struct hits {
    size_t count;
    size_t places;
};

static struct hits hits_of(const uint8_t *family, size_t counters)
{
    struct hits hits = {0};
    for (size_t i = 0; i < counters; i++) {
        hits.count += family[i] != 0;
        hits.places += family[i] != 0 ? i : 0;
    }
    return hits;
}
#define HITS(family) hits_of(hd_counters.family, sizeof hd_counters.family)

static void assert_hits(struct hits one, struct hits other, bool same, const char *name)
{
    if (one.count == 0 || other.count == 0) fail_msg("%s: nothing is shown", name);
    if ((one.places == other.places) != same)
        fail_msg("%s: should be %s", name, same ? "alike" : "told apart");
}

static void an_outcome_is_told_by_the_sizes_bits_and_by_failure(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t size;
        uintptr_t result;
        bool same;
    } rows[] = {
        {"as many bits", 31, 0x1000, true},
        {"a bit more", 32, 0x1000, false},
        {"refused", 24, 0, false},
    };
    begin();
    struct hd_step step = malloc_step(0x2000, 24);
    show(&step);
    const struct hits reference = HITS(OUTCOME);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        begin();
        step = malloc_step(rows[i].result, rows[i].size);
        show(&step);
        assert_hits(HITS(OUTCOME), reference, rows[i].same, rows[i].name);
    }
}

/// Frees a block of 64 bytes at 0x1000, then `between` others, and asks for one.
static struct hits reuse_after(unsigned between, uintptr_t result, size_t size)
{
    begin();
    struct hd_step step = free_step(0x1000, 64);
    show(&step);
    for (unsigned i = 0; i < between; i++) {
        step = free_step(0x100000 + i * 0x1000, 64);
        show(&step);
    }
    step = malloc_step(result, size);
    show(&step);
    return HITS(REUSE);
}

static void a_block_in_memory_freed_before_is_told_by_how_many_frees_ago(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        unsigned between;
        uintptr_t result;
        size_t size;
        bool same;
    } rows[] = {
        {"at once again", 0, 0x1000, 64, false},
        {"three frees ago is as four", 3, 0x1000, 64, true},
        {"five frees ago", 4, 0x1000, 64, false},
        {"inside of it", 2, 0x103f, 64, false},
        {"smaller", 2, 0x1000, 16, false},
    };
    const struct hits reference = reuse_after(2, 0x1000, 64);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_hits(reuse_after(rows[i].between, rows[i].result, rows[i].size), reference,
                    rows[i].same, rows[i].name);

    assert_int_equal(reuse_after(0, 0x1040, 64).count, 0); // right behind it
    assert_int_equal(reuse_after(31, 0x1000, 64).count, 1);
    assert_int_equal(reuse_after(32, 0x1000, 64).count, 0); // forgotten
}

static void what_a_realloc_moved_away_from_was_freed(void **state)
{
    (void)state;
    begin();
    struct hd_step step = realloc_step(0x1000, 64, 0x2000, 100);
    show(&step);
    step = malloc_step(0x1000, 64);
    show(&step);
    assert_int_equal(HITS(REUSE).count, 1);

    begin();
    step = realloc_step(0x1000, 64, 0x1000, 100);
    show(&step);
    step = malloc_step(0x1000, 64); // which no correct allocator does
    show(&step);
    assert_int_equal(HITS(REUSE).count, 0);
}

static struct hits beside(uintptr_t neighbour, size_t size, bool above)
{
    const struct hd_block near = {.address = neighbour, .size = size, .usable = size};
    begin();
    struct hd_step step = malloc_step(0x10000, 64);
    if (above)
        step.above = &near;
    else
        step.below = &near;
    show(&step);
    return HITS(NEIGHBOUR);
}

static void a_neighbour_is_told_by_side_gap_and_size(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uintptr_t neighbour;
        size_t size;
        bool above;
        bool same;
    } rows[] = {
        {"a byte of gap", 0x10000 - 65, 64, false, true},
        {"a header's gap", 0x10000 - 95, 64, false, true},
        {"more of a gap", 0x10000 - 96, 64, false, false},
        {"touching", 0x10000 - 64, 64, false, false},
        {"smaller", 0x10000 - 48, 32, false, false},
        {"above", 0x10000 + 80, 64, true, false},
    };
    const struct hits reference = beside(0x10000 - 80, 64, false);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_hits(beside(rows[i].neighbour, rows[i].size, rows[i].above), reference, rows[i].same,
                    rows[i].name);
}

static void alignment_is_told_up_to_a_page(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uintptr_t result;
        bool same;
    } rows[] = {
        {"two pages", 0x2000, true},
        {"half a page", 0x800, false},
    };
    begin();
    struct hd_step step = malloc_step(0x1000, 24);
    show(&step);
    const struct hits reference = HITS(ALIGNMENT);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        begin();
        step = malloc_step(rows[i].result, 24);
        show(&step);
        assert_hits(HITS(ALIGNMENT), reference, rows[i].same, rows[i].name);
    }
}

static void a_resize_is_told_by_where_it_went(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uintptr_t to;
        size_t size;
        bool same;
    } rows[] = {
        {"in place, as large in bits", 0x2000, 65, false},
        {"in place, larger", 0x2000, 200, true},
        {"up, larger", 0x3000, 200, false},
        {"down, larger", 0x1000, 200, false},
        {"in place, smaller", 0x2000, 20, false},
    };
    begin();
    struct hd_step step = realloc_step(0x2000, 64, 0x2000, 130);
    show(&step);
    const struct hits reference = HITS(RESIZE);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        begin();
        step = realloc_step(0x2000, 64, rows[i].to, rows[i].size);
        show(&step);
        assert_hits(HITS(RESIZE), reference, rows[i].same, rows[i].name);
    }
}

static void system_calls_are_told_by_name_number_and_refusal(void **state)
{
    (void)state;
    const struct hd_syscall calls[] = {
        {.number = SYS_mmap}, {.number = SYS_munmap}, {.number = SYS_mmap, .refused = true}};
    static const struct {
        uint32_t count;
        size_t kinds;
        size_t refused;
    } rows[] = {{0, 0, 0}, {1, 1, 0}, {2, 2, 0}, {3, 2, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        begin();
        struct hd_step step = malloc_step(0x1000, 24);
        step.calls = calls;
        step.call_count = rows[i].count;
        show(&step);
        assert_int_equal(HITS(SYSCALL).count, rows[i].kinds);
        assert_int_equal(HITS(REFUSED).count, rows[i].refused);
        assert_int_equal(HITS(CALLS).count, rows[i].count > 0);
    }
}

static void growth_is_told_when_its_ratio_is_the_highest(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t mapped; // beyond what was there when the run began
        size_t live;
        size_t hits; // so far
    } steps[] = {
        {"nothing mapped", 0, 4096, 0},
        {"all of it lives", MIB, MIB, 0},
        {"half of it is free", MIB, MIB / 4, 1},
        {"less is free", MIB, MIB / 2, 1},
        {"all is free", MIB, 0, 2},
        {"as before", MIB, 0, 2},
    };
    begin();
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct hd_step step = malloc_step(0x1000, 24);
        engine.kernel_side.space.mapped = 4 * MIB + steps[i].mapped;
        engine.model.live_bytes = steps[i].live;
        step.tapped = true;
        step.space = &engine.kernel_side.space;
        show(&step);
        if (HITS(GROWTH).count != steps[i].hits) fail_msg("%s", steps[i].name);
    }
}

static void past_the_trace_only_the_kernels_side_is_shown(void **state)
{
    (void)state;
    const struct hd_syscall call = {.number = SYS_munmap};
    begin();
    behaviour.observer.trace_end(behaviour.observer.context, &engine);
    struct hd_step step = free_step(0x1000, 64);
    step.calls = &call;
    step.call_count = 1;
    show(&step);
    assert_int_equal(HITS(OUTCOME).count, 0);
    assert_int_equal(HITS(SYSCALL).count, 1);
}

static void on_a_heap_that_is_not_fresh_nothing_is_told_of_places(void **state)
{
    (void)state;
    for (int fresh = 0; fresh <= 1; fresh++) {
        const struct hd_syscall call = {.number = SYS_mmap};
        begin_on(fresh != 0);
        engine.kernel_side.space.mapped = 8 * MIB;
        struct hd_step step = realloc_step(0x1000, 64, 0x2000, 128);
        step.calls = &call;
        step.call_count = 1;
        step.tapped = true;
        step.space = &engine.kernel_side.space;
        show(&step);
        assert_int_equal(HITS(OUTCOME).count, 1);
        assert_int_equal(HITS(SYSCALL).count, 1);
        assert_int_equal(HITS(CALLS).count, fresh);
        assert_int_equal(HITS(ALIGNMENT).count, fresh);
        assert_int_equal(HITS(RESIZE).count, fresh);
        assert_int_equal(HITS(GROWTH).count, fresh);
        step = malloc_step(0x1000, 64); // what the realloc moved away from
        show(&step);
        assert_int_equal(HITS(REUSE).count, fresh);
    }
}

static void what_was_ever_hit_is_counted_once_by_family(void **state)
{
    (void)state;
    begin();
    struct hd_step step = malloc_step(0x1000, (size_t)1 << 40); // which no other test asks for
    const size_t before =
        hd_behaviour_family(HD_BEHAVIOUR_OUTCOME, hd_own_stats()->behaviours).seen;
    show(&step);
    begin();
    show(&step);
    const struct hd_behaviour_family outcome =
        hd_behaviour_family(HD_BEHAVIOUR_OUTCOME, hd_own_stats()->behaviours);
    assert_int_equal(outcome.seen, before + 1);
    assert_string_equal(outcome.name, "OUTCOME");
    size_t counters = 0;
    for (unsigned i = 0; i < HD_BEHAVIOURS; i++)
        counters += hd_behaviour_family(i, hd_own_stats()->behaviours).counters;
    assert_int_equal(counters, HD_COUNTERS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_outcome_is_told_by_the_sizes_bits_and_by_failure),
        cmocka_unit_test(a_block_in_memory_freed_before_is_told_by_how_many_frees_ago),
        cmocka_unit_test(what_a_realloc_moved_away_from_was_freed),
        cmocka_unit_test(a_neighbour_is_told_by_side_gap_and_size),
        cmocka_unit_test(alignment_is_told_up_to_a_page),
        cmocka_unit_test(a_resize_is_told_by_where_it_went),
        cmocka_unit_test(system_calls_are_told_by_name_number_and_refusal),
        cmocka_unit_test(growth_is_told_when_its_ratio_is_the_highest),
        cmocka_unit_test(past_the_trace_only_the_kernels_side_is_shown),
        cmocka_unit_test(on_a_heap_that_is_not_fresh_nothing_is_told_of_places),
        cmocka_unit_test(what_was_ever_hit_is_counted_once_by_family),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
