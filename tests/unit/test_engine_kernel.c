// SPDX-License-Identifier: MIT
/// test_engine_kernel.c: what the engine makes of system calls: what the oracles of them find, and
/// live blocks that they took.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness/engine/purges.h"
#include "tests/unit/kernel_rig.h"

static const size_t kib = 1024;

// ---------------------------------------------------------------------------- what is found

/// The first block is a page, slot 1; the deed happens at the second call, `free_null` where the
/// trace has one.
static void each_deed_is_found(void **state)
{
    (void)state;
    take_signal();
    static const struct {
        enum deed deed;
        const char *operations;
        const char *signatures;
    } rows[] = {
        {NO_DEED, "1 = malloc 40\n1 = realloc 1 80\n2 = aligned_alloc 64 64\nfree 1\nwrite 2", ""},
        {UNMAPS_FIRST, "1 = malloc 40\nfree_null", "mapped/free_null/live-block-lost "},
        {UNMAPS_FIRST, "1 = malloc 40\n2 = malloc 40", // which then lies in its place
         "overlap/malloc/shares-bytes mapped/malloc/live-block-lost "},
        {DISCARDS_FIRST, "1 = malloc 40\nfree_null", "mapped/free_null/live-block-lost "},
        {PROTECTS_FIRST, "1 = malloc 40\nfree_null", "mapped/free_null/live-block-lost "},
        {DISCARDS_AND_UNMAPS_FIRST, "1 = malloc 40\nfree_null",
         "mapped/free_null/live-block-lost "},
        // A block of no bytes loses nothing; but then its page is given back twice.
        {UNMAPS_FIRST, "1 = malloc 0\nfree_null", "own_memory/free/not-its-own "},
        {LOSES_OLD, "1 = malloc 40\n1 = realloc 1 80", "mapped/realloc/live-block-lost "},
        {GIVES_UNMAPPED, "1 = malloc 40\n2 = malloc 40", "mapped/malloc/not-mapped "},
        {GIVES_READ_ONLY, "1 = malloc 40\n2 = malloc 40", "mapped/malloc/not-mapped "},
        {UNMAPS_BEHIND_FIRST, "1 = malloc 40\nfree_null", "own_memory/free_null/not-its-own "},
        {UNMAPS_BEHIND_FIRST, "1 = malloc 40\nforeign_mmap 1\nfree_null",
         "own_memory/free_null/foreign "},
        {WRITES_BEHIND_FIRST, "1 = malloc 40\nforeign_mmap 1\nfree_null",
         "own_memory/free_null/foreign-written "},
        {CALLS_GETPPID, "1 = malloc 40\nfree_null", "syscalls/free_null/not-listed "},
        {LEAKS, "1 = malloc 40\nfree_null",
         "footprint/free_null/too-much-mapped footprint/free/too-much-mapped "
         "footprint/free_null/not-given-back "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hd_subject subject = mapper_subject(&mapper, rows[i].deed, 2);
        subject.allocator.policy.kernel = (struct hd_kernel_policy){
            .calls = HD_CALLS(mmap) | HD_CALLS(munmap) | HD_CALLS(madvise) | HD_CALLS(mprotect),
            .calls_max = 4,
            .mapped_factor = 4,
            .mapped_base = 64 * kib,
            .mapped_after = 64 * kib};
        carry_out(&subject, rows[i].operations);
        if (strcmp(signatures(), rows[i].signatures) != 0)
            fail_msg("row %zu, %s: \"%s\"", i, rows[i].operations, signatures());
        assert_int_equal(run.phase, HD_PHASE_DONE);
    }
}

static void too_many_calls_are_told_from_as_many_as_it_may(void **state)
{
    (void)state;
    take_signal();
    for (uint32_t most = 1; most <= 2; most++) {
        struct hd_subject subject = mapper_subject(&mapper, NO_DEED, 0);
        subject.allocator.policy.kernel.calls_max = most;
        carry_out(&subject, "1 = malloc 40"); // mmap and munmap
        assert_string_equal(signatures(), most == 1 ? "syscalls/malloc/too-many " : "");
    }
}

/// A malloc is mmap and munmap, and at the seventh call three pages are unmapped besides.
static void what_blocks_had_may_be_given_back_later(void **state)
{
    (void)state;
    take_signal();
    for (uint32_t most = 1; most <= 2; most++) {
        struct hd_subject subject = mapper_subject(&mapper, PURGES, 7);
        subject.allocator.policy.kernel.calls_max = most;
        carry_out(&subject, "1 = malloc 40\n2 = malloc 40\n3 = malloc 40\nfree 1\nfree 2\nfree 3\n"
                            "4 = malloc 40");
        assert_int_equal(run.verdicts[HD_ORACLE_syscalls][HD_BROKEN], most == 1 ? 4 : 0);
        assert_int_equal(run.footprint.calls_max, 5);
    }
}

static void calls_that_take_memory_away_are_purges(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct hd_syscall call;
        bool purges, done;
    } rows[] = {
        {"munmap", {.number = SYS_munmap, .args = {4096, 4096}}, true, true},
        {"munmap refused", {.number = SYS_munmap, .refused = true}, true, false},
        {"munmap failed", {.number = SYS_munmap, .result = -EINVAL}, true, false},
        {"discards", {.number = SYS_madvise, .args = {4096, 4096, MADV_DONTNEED}}, true, true},
        {"discards lazily", {.number = SYS_madvise, .args = {4096, 4096, MADV_FREE}}, true, true},
        {"wants huge pages", {.number = SYS_madvise, .args = {0, 1, MADV_HUGEPAGE}}, false, true},
        {"takes access", {.number = SYS_mprotect, .args = {4096, 4096, PROT_NONE}}, true, true},
        {"gives access", {.number = SYS_mprotect, .args = {4096, 1, PROT_READ}}, false, true},
        {"maps nothing over",
         {.number = SYS_mmap, .args = {4096, 1, PROT_NONE, MAP_FIXED}},
         true,
         true},
        {"reserves", {.number = SYS_mmap, .args = {0, 4096, PROT_NONE, MAP_PRIVATE}}, false, true},
        {"maps over", {.number = SYS_mmap, .args = {4096, 1, PROT_READ, MAP_FIXED}}, false, true},
        {"shrinks", {.number = SYS_mremap, .args = {4096, 8192, 4096}}, true, true},
        {"moves", {.number = SYS_mremap, .args = {4096, 4096, 4096}}, false, true},
        {"grows", {.number = SYS_mremap, .args = {4096, 4096, 8192}}, false, true},
        {"break down", {SYS_brk, {8192}, .result = 8192, .break_before = 12288}, true, true},
        {"break kept", {SYS_brk, {8192}, .result = 12288, .break_before = 12288}, true, false},
        {"break asked for", {SYS_brk, {0}, .result = 8192, .break_before = 8192}, false, false},
        {"break up", {SYS_brk, {12288}, .result = 12288, .break_before = 8192}, false, false},
        {"another", {.number = SYS_getppid}, false, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (hd_is_purge(&rows[i].call) != rows[i].purges) fail_msg("%s", rows[i].name);
        if (hd_purge_was_done(&rows[i].call) != rows[i].done) fail_msg("%s, done", rows[i].name);
    }
}

static void what_was_given_back_at_once_is_not_owed(void **state)
{
    (void)state;
    take_signal();
    struct hd_subject subject = mapper_subject(&mapper, NO_DEED, 0);
    subject.allocator.policy.kernel.calls_max = 1;
    carry_out(&subject, "1 = malloc 40\nfree 1\n2 = malloc 40\nfree 2");
    assert_int_equal(run.verdicts[HD_ORACLE_syscalls][HD_BROKEN], 2);
}

static void usable_bytes_past_what_is_mapped_are_found_and_not_touched(void **state)
{
    (void)state;
    take_signal();
    struct hd_subject subject = mapper_subject(&mapper, NO_DEED, 0);
    subject.allocator.usable_size = mapper_usable_past_page;
    carry_out(&subject, "1 = malloc 40\nwrite 1\nfree 1");
    assert_string_equal(signatures(), "usable/malloc/not-mapped ");
    assert_int_equal(mapper.frees, 1);
}

static void what_comes_by_the_break_is_the_allocators(void **state)
{
    (void)state;
    take_signal();
    struct hd_subject subject = mapper_subject(&mapper, GIVES_BREAK, 1);
    subject.allocator.release = mapper_forget;
    carry_out(&subject, "1 = malloc 40");
    assert_string_equal(signatures(), "");
    assert_int_equal(run.verdicts[HD_ORACLE_mapped][HD_HOLDS], 1);
    assert_in_range(run.footprint.calls[HD_SYSCALL_brk], 1, 2); // libc may ask first where it is
    assert_int_equal(run.footprint.mapped_end, MAPPER_PAGE);
}

// ---------------------------------------------------------------------------- blocks lost

static void a_lost_block_is_neither_touched_nor_freed_again(void **state)
{
    (void)state;
    take_signal();
    static const enum deed deeds[] = {UNMAPS_FIRST, PROTECTS_FIRST, DISCARDS_AND_UNMAPS_FIRST};
    for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++) {
        const struct hd_subject subject = mapper_subject(&mapper, deeds[i], 3);
        carry_out(&subject, "1 = malloc 40\n2 = malloc 40\nfree_null\nwrite 1\nfree 1\nwrite 2");
        assert_string_equal(signatures(), "mapped/free_null/live-block-lost ");
        assert_int_equal(outcomes[3].kind, HD_OUTCOME_SKIPPED);
        assert_int_equal(outcomes[4].kind, HD_OUTCOME_SKIPPED);
        assert_int_equal(outcomes[5].kind, HD_OUTCOME_DONE);
        assert_int_equal(mapper.frees, 1);
        assert_int_equal(run.verdicts[HD_ORACLE_content][HD_BROKEN], 0);
    }
}

static void a_discarded_block_is_filled_anew(void **state)
{
    (void)state;
    take_signal();
    const struct hd_subject subject = mapper_subject(&mapper, DISCARDS_FIRST, 2);
    carry_out(&subject, "1 = malloc 40\nfree_null\nwrite 1\n1 = realloc 1 20\nfree 1");
    assert_string_equal(signatures(), "mapped/free_null/live-block-lost ");
    assert_int_equal(run.skipped, 0);
    assert_int_equal(run.verdicts[HD_ORACLE_content][HD_HOLDS], 3);
    assert_int_equal(run.verdicts[HD_ORACLE_realloc][HD_HOLDS], 1);
    assert_int_equal(mapper.frees, 1);
}

static void a_result_that_is_not_mapped_is_never_freed(void **state)
{
    (void)state;
    take_signal();
    const struct hd_subject subject = mapper_subject(&mapper, GIVES_UNMAPPED, 1);
    carry_out(&subject, "1 = malloc 40\nwrite 1\nfree 1");
    assert_string_equal(signatures(), "mapped/malloc/not-mapped ");
    assert_int_equal(run.skipped, 2);
    assert_int_equal(mapper.frees, 0);
}

// ---------------------------------------------------------------------------- calls not seen

static void a_fork_inside_the_allocator_ends_what_is_known(void **state)
{
    (void)state;
    take_signal();
    const struct hd_subject subject = mapper_subject(&mapper, FORKS, 2);
    carry_out(&subject, "1 = malloc 40\nfree_null\n2 = malloc 40");
    assert_string_equal(signatures(), "");
    assert_false(run.footprint.tapped);
    assert_int_equal(run.verdicts[HD_ORACLE_mapped][HD_HOLDS], 1); // the first malloc
}

// ---------------------------------------------------------------------------- who looks on

struct watching {
    unsigned steps, calls, ends;
    size_t live_at_end;
};

static void on_step(void *context, const struct hd_step *step)
{
    struct watching *watching = context;
    watching->steps++;
    watching->calls += step->call_count;
    assert_true(step->tapped);
}

static void on_trace_end(void *context, const struct hd_engine *of)
{
    struct watching *watching = context;
    watching->ends++;
    watching->live_at_end = of->model.live_count;
}

static void an_observer_sees_each_step_with_its_calls(void **state)
{
    (void)state;
    take_signal();
    struct watching watching = {0};
    const struct hd_observer observer = {
        .step = on_step, .trace_end = on_trace_end, .context = &watching};
    const struct hd_subject subject = mapper_subject(&mapper, NO_DEED, 0);
    const struct hd_trace trace = trace_of("1 = malloc 40\nrefuse brk 1\n2 = malloc 8\nfree 3");
    hd_engine_open(&engine, &subject);
    engine.observer = &observer;
    hd_engine_run(&engine, &trace, &run, outcomes);
    hd_engine_close(&engine);
    assert_int_equal(watching.steps, 2 + 2 + 1); // the frees at the end, and free_null
    assert_int_equal(watching.calls, 2 * 2 + 2);
    assert_int_equal(watching.ends, 1);
    assert_int_equal(watching.live_at_end, 2);
}

/// The process's own heap, which glibc's malloc_trim may give back although malloc was not asked
/// for it with the tap on.
static void a_break_raised_between_runs_is_no_strangers(void **state)
{
    (void)state;
    take_signal();
    struct hd_subject subject = mapper_subject(&mapper, DISCARDS_BREAK, 6);
    const struct hd_trace trace = trace_of("1 = malloc 40\nfree_null");
    hd_engine_open(&engine, &subject);
    hd_engine_run(&engine, &trace, &run, outcomes); // four calls: one frees, one is free_null
    assert_int_equal(mapper.served, 4);
    assert_ptr_not_equal(sbrk(MAPPER_PAGE), (void *)-1);
    hd_engine_run(&engine, &trace, &run, outcomes);
    hd_engine_close(&engine);
    assert_string_equal(signatures(), "");
    assert_int_equal(run.footprint.calls[HD_SYSCALL_madvise], 1);
    assert_true(run.verdicts[HD_ORACLE_own_memory][HD_HOLDS] > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_deed_is_found),
        cmocka_unit_test(too_many_calls_are_told_from_as_many_as_it_may),
        cmocka_unit_test(calls_that_take_memory_away_are_purges),
        cmocka_unit_test(what_blocks_had_may_be_given_back_later),
        cmocka_unit_test(what_was_given_back_at_once_is_not_owed),
        cmocka_unit_test(usable_bytes_past_what_is_mapped_are_found_and_not_touched),
        cmocka_unit_test(what_comes_by_the_break_is_the_allocators),
        cmocka_unit_test(a_lost_block_is_neither_touched_nor_freed_again),
        cmocka_unit_test(a_discarded_block_is_filled_anew),
        cmocka_unit_test(a_result_that_is_not_mapped_is_never_freed),
        cmocka_unit_test(a_fork_inside_the_allocator_ends_what_is_known),
        cmocka_unit_test(an_observer_sees_each_step_with_its_calls),
        cmocka_unit_test(a_break_raised_between_runs_is_no_strangers),
    };
    if (!open_tap()) return 77;
    return cmocka_run_group_tests(tests, open_rig, NULL);
}
