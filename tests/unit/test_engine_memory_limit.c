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
#include <sys/wait.h>
#include <unistd.h>

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
        {"somebody in the way", 8 * mib, "foreign_sbrk 16\n1 = malloc 65536", ""},
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
        memset(outcomes, 0, sizeof outcomes);
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
        const char *operations;
        unsigned at; // the call that eats memory
        unsigned findings;
    } rows[] = { // 60000 bytes live, and 3 more are usable
        {4 * 60003, "1 = malloc 60000\n2 = malloc 8", 2, 1},
        {4 * 60003 - 4, "1 = malloc 60000\n2 = malloc 8", 2, 0},
        // or may live: the allocator need not have freed them
        {4 * 60003 - 4, "1 = malloc 60000\n1 = realloc 1 0\n2 = malloc 8", 3, 0},
        {4 * 60003, "1 = malloc 60000\n1 = realloc 1 0\n2 = malloc 8", 3, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct hd_subject subject = scripted_subject(&heap, EATS_MEMORY, rows[i].at);
        const struct hd_trace trace = trace_of(rows[i].operations);
        hd_engine_open(&engine, &subject);
        engine.memory_limit = hd_memory_limit_open(rows[i].limit);
        hd_engine_run(&engine, &trace, &run, outcomes);
        hd_engine_close(&engine);
        assert_int_equal(run.finding_count, rows[i].findings);
    }
}

static void what_dies_when_refused_is_asked_for_no_more_than_half_the_limit(void **state)
{
    (void)state;
    const struct {
        const char *operations;
        uint64_t not_offered;
        uint64_t carried_out; // with the frees at the end
    } rows[] = {
        {"1 = malloc 40000", 0, 2},
        {"1 = malloc 40001", 1, 0},
        {"1 = malloc 30000\n2 = malloc 20000", 1, 2},
        {"1 = malloc 30000\n1 = realloc 1 35000", 1, 2},
        {"1 = malloc SIZE_MAX", 0, 1},                      // refused before the kernel is asked
        {"1 = malloc 39999\nwrite 1\nfree_null", 0, 4},     // more lives than that, with the spare
        {"1 = malloc 39999\n2 = malloc 0\nfree 1", 1, 2}, // bytes; freeing asks for nothing
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hd_subject subject = scripted_subject(&heap, HONEST, 0);
        subject.allocator.policy.dies_when_refused = true;
        const struct hd_trace trace = trace_of(rows[i].operations);
        hd_engine_open(&engine, &subject);
        engine.memory_limit = hd_memory_limit_open(80000);
        hd_engine_run(&engine, &trace, &run, outcomes);
        hd_engine_close(&engine);
        if (run.not_offered != rows[i].not_offered || run.operations != rows[i].carried_out)
            fail_msg("row %zu: %ju not offered, %ju carried out", i, (uintmax_t)run.not_offered,
                     (uintmax_t)run.operations);
        assert_int_equal(run.finding_count, 0);
    }
}

static void bad_alignments_said_to_be_undefined_are_not_asked(void **state)
{
    (void)state;
    static const struct {
        const char *operation;
        bool asked;
    } rows[] = {
        {"1 = aligned_alloc 3 8", false}, {"1 = memalign 0 8", false},
        {"1 = aligned_alloc 64 8", true}, {"1 = posix_memalign 3 8", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hd_subject subject = scripted_subject(&heap, HONEST, 0);
        subject.allocator.policy.bad_alignment_undefined = true;
        carry_out(&subject, rows[i].operation);
        assert_int_equal(run.not_offered, !rows[i].asked);
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
        hd_memory_limit_begin(&limit, false);
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

/// As AFL++ does with a fuzz target, whose limit is opened before its fork server starts.
static void a_limit_opened_before_a_fork_counts_what_the_child_has_mapped(void **state)
{
    (void)state;
    const size_t mib = (size_t)1 << 20;
    struct hd_memory_limit limit = hd_memory_limit_open(16 * mib);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        void *ours = map(64 * mib);
        hd_memory_limit_begin(&limit, false);
        void *theirs = map(8 * mib);
        void *too_much = map(16 * mib);
        _exit(ours != MAP_FAILED && theirs != MAP_FAILED && too_much == MAP_FAILED ? 0 : 1);
    }
    int ending;
    assert_int_equal(waitpid(child, &ending, 0), child);
    assert_int_equal(ending, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(null_at_the_memory_limit_is_a_finding_where_little_was_asked),
        cmocka_unit_test(null_at_the_memory_limit_is_no_finding_while_much_lives),
        cmocka_unit_test(what_dies_when_refused_is_asked_for_no_more_than_half_the_limit),
        cmocka_unit_test(bad_alignments_said_to_be_undefined_are_not_asked),
        cmocka_unit_test(what_is_mapped_between_two_runs_is_not_counted),
        cmocka_unit_test(a_limit_opened_before_a_fork_counts_what_the_child_has_mapped),
    };
    return cmocka_run_group_tests(tests, open_rig, NULL);
}
