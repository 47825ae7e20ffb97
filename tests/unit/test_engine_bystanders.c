// SPDX-License-Identifier: MIT
/// test_engine_bystanders.c: the bare run beside the judged one; neither touches a heap of its own.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "harness/engine/bare.h"
#include "tests/unit/engine_rig.h"
#include "tests/unit/malloc_counter.h"

static const char mixed[] =
    "1 = malloc 10\n2 = calloc 3 5\n3 = aligned_alloc 64 100\nfree_null\nwrite 3\nfree 9\n"
    "4 = posix_memalign 64 10\n5 = memalign 32 10\n2 = malloc 5\n6 = valloc 5\n6 = realloc 6 0\n"
    "6 = malloc 9\n7 = malloc SIZE_MAX\n1 = realloc 1 SIZE_MAX\n1 = realloc 1 40\nfree 4\n"
    "malloc_usable_size 5\n8 = reallocarray 8 3 7\n4 = posix_memalign 3 8\nfree 1\n";

static void a_bare_run_makes_the_same_calls(void **state)
{
    (void)state;
    static struct call judged[CALLS_MAX];
    struct hd_subject subject = scripted_subject(&heap, HONEST, 0);
    subject.allocator.consistent = NULL;
    carry_out(&subject, mixed);
    assert_string_equal(signatures(), "");
    const unsigned count = heap.call_count;
    memcpy(judged, heap.calls, count * sizeof judged[0]);
    assert_true(count > 20);

    subject = scripted_subject(&heap, HONEST, 0);
    subject.allocator.consistent = NULL;
    const struct hd_trace trace = trace_of(mixed);
    const size_t used = arena.used;
    hd_bare_run(&subject, &trace, &arena);
    assert_int_equal(arena.used, used);
    assert_int_equal(heap.call_count, count);
    for (unsigned i = 0; i < count; i++) {
        assert_int_equal(heap.calls[i].kind, judged[i].kind);
        assert_int_equal(heap.calls[i].block, judged[i].block);
        assert_int_equal(heap.calls[i].first, judged[i].first);
        assert_int_equal(heap.calls[i].second, judged[i].second);
    }
}

static void a_bare_run_of_a_trace_without_slots_is_a_run(void **state)
{
    (void)state;
    const struct hd_subject subject = scripted_subject(&heap, HONEST, 0);
    const struct hd_trace trace = trace_of("free_null\nfree_null");
    assert_int_equal(trace.slot_count, 0);
    hd_bare_run(&subject, &trace, &arena);
    assert_int_equal(heap.call_count, 2);
}

static void nothing_but_the_allocator_touches_a_heap(void **state)
{
    (void)state;
    static const enum misdeed kinds[] = {HONEST, OVERLAPS, SCRIBBLES, LOSES_PREFIX, EATS_MEMORY};
    unsigned long calls = malloc_counter_calls();
    void *volatile block = malloc(strlen(mixed)); // or the compiler leaves both calls out
    free(block);
    assert_true(malloc_counter_calls() > calls); // the counter counts
    const struct hd_trace trace = trace_of(mixed);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const struct hd_subject subject = scripted_subject(&heap, kinds[i], i == 4 ? 0 : 5);
        calls = malloc_counter_calls();
        hd_engine_open(&engine, &subject);
        engine.memory_limit = hd_memory_limit_open(16 << 20); // a sanitizer's runtime takes some
        hd_engine_run(&engine, &trace, &run, outcomes);
        hd_engine_close(&engine);
        hd_bare_run(&subject, &trace, &arena);
        assert_int_equal(malloc_counter_calls(), calls);
    }
    assert_true(run.finding_count > 0); // the last one wrote a finding, too
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bare_run_makes_the_same_calls),
        cmocka_unit_test(a_bare_run_of_a_trace_without_slots_is_a_run),
        cmocka_unit_test(nothing_but_the_allocator_touches_a_heap),
    };
    return cmocka_run_group_tests(tests, open_rig, NULL);
}
