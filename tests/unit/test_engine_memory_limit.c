// SPDX-License-Identifier: MIT
/// test_engine_memory_limit.c: memory used up on next to nothing, told from too much asked.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <sys/mman.h>

#include "tests/unit/engine_rig.h"

static void *map(size_t size)
{
    return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void null_at_the_memory_limit_is_a_finding_where_little_was_asked(void **state)
{
    (void)state;
    const size_t mib = (size_t)1 << 20;
    static const char memory_used_up[] = "progress/malloc/memory-used-up ";
    const struct {
        const char *name;
        size_t limit; // bytes
        const char *operations;
        const char *signatures;
    } rows[] = {
        {"modest", 8 * mib, "1 = malloc 65536", memory_used_up},
        {"a byte", 8 * mib, "1 = malloc 1", memory_used_up},
        {"not modest", 8 * mib, "1 = malloc 65537", ""},
        {"no bytes", 8 * mib, "1 = malloc 0", ""},
        {"a wrapping product", 8 * mib, "1 = calloc SIZE_MAX 2", ""},
        {"a modest alignment", 8 * mib, "1 = memalign 65536 8",
         "progress/memalign/memory-used-up "},
        {"a large alignment", 8 * mib, "1 = memalign 131072 8", ""},
        {"a bad alignment", 8 * mib, "1 = aligned_alloc 3 8", ""},
        {"no limit", 0, "1 = malloc 8", ""},
        {"limit far away", (size_t)1 << 40, "1 = malloc 8", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct hd_subject subject = scripted_subject(&heap, EATS_MEMORY, 0);
        const struct hd_trace trace = trace_of(rows[i].operations);
        hd_engine_open(&engine, &subject);
        engine.memory_limit = hd_memory_limit_open(rows[i].limit);
        hd_engine_run(&engine, &trace, &run, outcomes);
        hd_engine_close(&engine);
        if (strcmp(signatures(), rows[i].signatures) != 0)
            fail_msg("%s: \"%s\"", rows[i].name, signatures());
        assert_int_equal(outcomes[0].broken, *rows[i].signatures != '\0');
    }
}

static void null_at_the_memory_limit_is_no_finding_while_much_lives(void **state)
{
    (void)state;
    static const struct {
        size_t limit;
        unsigned findings;
    } rows[] = {{4 * 60003, 1}, {4 * 60003 - 4, 0}}; // 60000 bytes live, and 3 more are usable
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct hd_subject subject = scripted_subject(&heap, EATS_MEMORY, 2);
        const struct hd_trace trace = trace_of("1 = malloc 60000\n2 = malloc 8");
        hd_engine_open(&engine, &subject);
        engine.memory_limit = hd_memory_limit_open(rows[i].limit);
        hd_engine_run(&engine, &trace, &run, outcomes);
        hd_engine_close(&engine);
        assert_int_equal(run.finding_count, rows[i].findings);
    }
}

static void what_is_mapped_between_two_runs_is_not_counted(void **state)
{
    (void)state;
    const size_t mib = (size_t)1 << 20;
    struct hd_memory_limit limit = hd_memory_limit_open(16 * mib);
    void *ours[2];
    for (unsigned run_number = 0; run_number < 2; run_number++) {
        ours[run_number] = map(64 * mib);
        assert_ptr_not_equal(ours[run_number], MAP_FAILED);
        hd_memory_limit_begin(&limit);
        assert_false(hd_memory_limit_reached(&limit, 15 * mib));
        void *theirs = map(8 * mib);
        assert_ptr_not_equal(theirs, MAP_FAILED);
        assert_true(hd_memory_limit_reached(&limit, 15 * mib));
        assert_ptr_equal(map(16 * mib), MAP_FAILED);
        hd_memory_limit_end(&limit);
        assert_int_equal(munmap(theirs, 8 * mib), 0);
    }
    for (unsigned i = 0; i < 2; i++) assert_int_equal(munmap(ours[i], 64 * mib), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(null_at_the_memory_limit_is_a_finding_where_little_was_asked),
        cmocka_unit_test(null_at_the_memory_limit_is_no_finding_while_much_lives),
        cmocka_unit_test(what_is_mapped_between_two_runs_is_not_counted),
    };
    return cmocka_run_group_tests(tests, open_rig, NULL);
}
