// SPDX-License-Identifier: MIT
/// test_engine.c: what the engine calls, believes and reports, on an allocator with a script.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/engine/bare.h"
#include "harness/engine/engine.h"
#include "tests/unit/malloc_counter.h"
#include "tests/unit/scripted.h"

#define OPS_MAX 64

static struct hd_engine engine;
static struct hd_heap heap;
static struct hd_arena arena;
static struct hd_run run;
static struct hd_outcome outcomes[OPS_MAX];

static int open_arena(void **state)
{
    (void)state;
    hd_arena_open(&arena, (size_t)64 << 20);
    malloc_counter_start();
    return 0;
}

static struct hd_trace trace_of(const char *operations)
{
    static char text[4096];
    const int length = snprintf(text, sizeof text, "heapduel-trace 1\n%s\n", operations);
    struct hd_trace trace;
    struct hd_message message;
    if (hd_trace_read_bytes("test", (const uint8_t *)text, (size_t)length, &arena, &trace,
                            &message) != HD_OK)
        fail_msg("%s", message.text);
    assert_true(trace.count <= OPS_MAX);
    return trace;
}

static void carry_out(const struct hd_subject *subject, const char *operations)
{
    const struct hd_trace trace = trace_of(operations);
    memset(outcomes, 0, sizeof outcomes);
    hd_engine_open(&engine, subject);
    hd_engine_run(&engine, &trace, &run, outcomes);
    hd_engine_close(&engine);
}

static void carry_out_with(enum misdeed misdeed, unsigned at, const char *operations)
{
    const struct hd_subject subject = scripted_subject(&heap, misdeed, at);
    carry_out(&subject, operations);
}

/// All signatures, each ended by a blank.
static const char *signatures(void)
{
    static char all[HD_RUN_FINDINGS_MAX * (HD_SIGNATURE_MAX + 1) + 1];
    all[0] = '\0';
    for (unsigned i = 0; i < run.finding_count; i++) {
        char one[HD_SIGNATURE_MAX];
        hd_finding_signature(&run.findings[i], one);
        (void)strcat(strcat(all, one), " ");
    }
    return all;
}

static unsigned calls_of(enum hd_op_kind kind, uintptr_t block)
{
    unsigned count = 0;
    for (unsigned i = 0; i < heap.call_count; i++)
        count += heap.calls[i].kind == kind && (block == 0 || heap.calls[i].block == block);
    return count;
}

// ---------------------------------------------------------------------------- findings

static const struct {
    const char *name;
    enum misdeed misdeed;
    unsigned at;
    const char *operations;
    const char *signatures;
} misdeeds[] = {
    {"every operation, all well", HONEST, 0,
     "1 = malloc 10\n2 = calloc 3 5\n3 = aligned_alloc 64 100\n4 = posix_memalign 64 10\n"
     "5 = memalign 32 10\n6 = valloc 5\n1 = realloc 1 100\n2 = reallocarray 2 10 10\nwrite 1\n"
     "malloc_usable_size 2\nfree_null\nfree 3\nfree 1\n7 = malloc 0\n7 = realloc 7 20",
     ""},
    {"refusing what is too large", HONEST, 0,
     "1 = malloc SIZE_MAX\n2 = calloc 0x100000001 0x100000001\n3 = aligned_alloc 3 8\n"
     "4 = posix_memalign 4 8\n5 = malloc 10\n5 = realloc 5 SIZE_MAX\nwrite 5\nfree 5",
     ""},
    {"NULL with ENOMEM is an answer", ANSWERS_NULL, 0, "1 = malloc 10\n2 = valloc 8", ""},
    {"NULL without errno", ANSWERS_NULL_MUTELY, 1, "1 = malloc 10", "errno/malloc/wrong-errno "},
    {"overlap", OVERLAPS, 2, "1 = malloc 64\n2 = malloc 64\nfree 1",
     "overlap/malloc/shares-bytes "},
    {"overlap by realloc", OVERLAPS, 3, "1 = malloc 64\n2 = malloc 64\n2 = realloc 2 10\nwrite 1",
     "overlap/realloc/shares-bytes "},
    {"misaligned, but a block", MISALIGNED, 1, "1 = malloc 16\nwrite 1\nfree 1",
     "alignment/malloc/misaligned "},
    {"prefix lost, told once", LOSES_PREFIX, 2,
     "1 = malloc 64\n1 = realloc 1 100\nwrite 1\n1 = realloc 1 200\nfree 1",
     "realloc/realloc/prefix-lost "},
    {"failed realloc spoils the block, told once", SPOILS_OLD, 2,
     "1 = malloc 64\n1 = realloc 1 100\n1 = realloc 1 100\nfree 1",
     "realloc/realloc/old-block-changed "},
    {"rubbish in calloc's block", RUBBISH, 1, "1 = calloc 4 4\nfree 1", "zero/calloc/not-zero "},
    {"errno by free", SETS_ERRNO, 2, "1 = malloc 8\nfree 1", "errno/free/changed-by-free "},
    {"errno by free(NULL)", SETS_ERRNO, 1, "free_null", "errno/free_null/changed-by-free "},
    {"errno by the free at the end", SETS_ERRNO, 2, "1 = malloc 8", "errno/free/changed-by-free "},
    {"scribbled over, found by free", SCRIBBLES, 2, "1 = malloc 40\n2 = malloc 40\nfree 1",
     "content/free/changed "},
    {"scribbled over, found at the end", SCRIBBLES, 2, "1 = malloc 40\n2 = malloc 40",
     "content/free/changed "},
    {"scribbled over, found by write, once", SCRIBBLES, 2,
     "1 = malloc 40\n2 = malloc 40\nwrite 1\nwrite 1\nfree 1", "content/write/changed "},
    {"scribbled over, not held against realloc", SCRIBBLES, 2,
     "1 = malloc 40\n2 = malloc 40\n1 = realloc 1 100\nfree 1", "content/realloc/changed "},
    {"scribbled over, not held against a failing realloc", SCRIBBLES, 2,
     "1 = malloc 40\n2 = malloc 40\n1 = realloc 1 SIZE_MAX\nfree 1", "content/realloc/changed "},
    {"usable size less than asked", USABLE_TOO_SMALL, 1, "1 = malloc 40\nwrite 1\nfree 1",
     "usable/malloc/less-than-asked "},
    {"usable size of the operation", USABLE_TOO_SMALL, 1,
     "1 = malloc 40\nmalloc_usable_size 1\nwrite 1\nfree 1",
     "usable/malloc/less-than-asked usable/malloc_usable_size/less-than-asked "},
    {"usable bytes given away", USABLE_TOO_LARGE, 1, "1 = malloc 40\n2 = malloc 40\nfree 1\nfree 2",
     "usable/malloc/given-away "},
    {"posix_memalign sets nothing", POINTER_ALONE, 1, "1 = posix_memalign 64 10\nwrite 1\nfree 1",
     "errno/posix_memalign/pointer-not-set "},
    {"inconsistent", INCONSISTENT, 1, "1 = malloc 8\nfree 1", "consistent/malloc/walk "},
};

static void a_misdeed_is_one_finding(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof misdeeds / sizeof misdeeds[0]; i++) {
        carry_out_with(misdeeds[i].misdeed, misdeeds[i].at, misdeeds[i].operations);
        if (strcmp(signatures(), misdeeds[i].signatures) != 0)
            fail_msg("%s: \"%s\", not \"%s\"", misdeeds[i].name, signatures(),
                     misdeeds[i].signatures);
        for (unsigned k = 0; k < run.finding_count; k++)
            assert_int_equal(run.findings[k].repeats, 0);
        assert_int_equal(run.phase, HD_PHASE_DONE);
    }
}

static void a_finding_tells_its_step_and_operation(void **state)
{
    (void)state;
    carry_out_with(SETS_ERRNO, 3, "1 = malloc 8\nwrite 1\n2 = malloc 9\nfree 1\nfree 2");
    assert_int_equal(run.finding_count, 1);
    assert_int_equal(run.findings[0].step, 4);
    assert_string_equal(run.findings[0].operation, "free 1");
    assert_false(run.findings[0].at_end);

    carry_out_with(SETS_ERRNO, 3, "7 = malloc 8\nwrite 7\n2 = malloc 9");
    assert_int_equal(run.findings[0].step, 4); // goes on past the trace
    assert_string_equal(run.findings[0].operation, "free 7");
    assert_true(run.findings[0].at_end);
}

static void repeats_of_a_signature_are_counted(void **state)
{
    (void)state;
    carry_out_with(SETS_ERRNO, 0, "1 = malloc 8\nfree 1\n1 = malloc 8\nfree 1\nfree_null\n"
                                  "1 = malloc 8");
    assert_string_equal(signatures(),
                        "errno/free/changed-by-free errno/free_null/changed-by-free ");
    assert_int_equal(run.findings[0].repeats, 2);
    assert_int_equal(run.findings[0].step, 2);
    assert_int_equal(run.findings[1].repeats, 0);
    assert_int_equal(run.verdicts[HD_ORACLE_errno][HD_BROKEN], 4);
}

static void more_signatures_than_fit_are_counted(void **state)
{
    (void)state;
    memset(&run, 0, sizeof run);
    for (unsigned i = 0; i < HD_RUN_FINDINGS_MAX + 3; i++) {
        struct hd_finding finding;
        hd_run_begin_finding(&run, &finding);
        char place[8];
        (void)snprintf(place, sizeof place, "p%u", i);
        (void)hd_finding_set(&finding, place, "x");
        hd_run_add_finding(&run, HD_ORACLE_errno, &finding);
    }
    assert_int_equal(run.finding_count, HD_RUN_FINDINGS_MAX);
    assert_int_equal(run.findings_dropped, 3);
    assert_string_equal(run.findings[HD_RUN_FINDINGS_MAX - 1].place, "p15");
}

// ---------------------------------------------------------------------------- what is believed

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

// ---------------------------------------------------------------------------- what is counted

static void outcomes_tell_each_step(void **state)
{
    (void)state;
    static const struct {
        const char *operation;
        enum hd_outcome_kind kind;
        int error;
        bool broken;
    } rows[] = {
        {"1 = malloc 8", HD_OUTCOME_BLOCK, 0, false},
        {"1 = malloc 8", HD_OUTCOME_SKIPPED, 0, false},
        {"free 2", HD_OUTCOME_SKIPPED, 0, false},
        {"2 = malloc SIZE_MAX", HD_OUTCOME_NULL, ENOMEM, false},
        {"2 = aligned_alloc 3 8", HD_OUTCOME_NULL, EINVAL, false},
        {"2 = posix_memalign 3 8", HD_OUTCOME_NULL, EINVAL, false},
        {"2 = valloc 8", HD_OUTCOME_NOT_OFFERED, 0, false},
        {"write 1", HD_OUTCOME_DONE, 0, false},
        {"malloc_usable_size 1", HD_OUTCOME_DONE, 0, false},
        {"free_null", HD_OUTCOME_DONE, 0, false},
        {"write 2", HD_OUTCOME_SKIPPED, 0, false},
        {"malloc_usable_size 2", HD_OUTCOME_SKIPPED, 0, false},
        {"2 = calloc 2 8", HD_OUTCOME_BLOCK, 0, true},
        {"1 = realloc 1 0", HD_OUTCOME_NULL, 0, false},
        {"free 2", HD_OUTCOME_DONE, 0, false},
    };
    char operations[1024] = "";
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        (void)strcat(strcat(operations, rows[i].operation), "\n");
    struct hd_subject subject = scripted_subject(&heap, RUBBISH, 0);
    subject.allocator.allocate_page_aligned = NULL;
    carry_out(&subject, operations);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (outcomes[i].kind != rows[i].kind) fail_msg("step %zu: %d", i + 1, outcomes[i].kind);
        assert_int_equal(outcomes[i].error, rows[i].kind == HD_OUTCOME_NULL ? rows[i].error : 0);
        assert_int_equal(outcomes[i].broken, rows[i].broken);
    }
    assert_int_equal(run.skipped, 4);
    assert_int_equal(run.not_offered, 1);
    assert_int_equal(run.operations, 10);
    assert_int_equal(run.verdicts[HD_ORACLE_progress][HD_HOLDS], 10);
}

static void what_is_not_offered_is_counted(void **state)
{
    (void)state;
    struct hd_subject subject = scripted_subject(&heap, HONEST, 0);
    subject.allocator = (struct hd_allocator){.allocate = subject.allocator.allocate,
                                              .release = subject.allocator.release};
    carry_out(&subject, "1 = calloc 1 1\n1 = realloc 1 1\n1 = reallocarray 1 1 1\n"
                        "1 = aligned_alloc 8 8\n1 = posix_memalign 8 8\n1 = memalign 8 8\n"
                        "1 = valloc 1\nmalloc_usable_size 1\n1 = malloc 1\nwrite 1\nfree 1\n"
                        "free_null");
    assert_int_equal(run.not_offered, 8);
    assert_int_equal(run.skipped, 0);
    assert_int_equal(run.operations, 4);
    assert_int_equal(run.verdicts[HD_ORACLE_usable][HD_NOT_JUDGED], 3);
    assert_int_equal(run.verdicts[HD_ORACLE_consistent][HD_NOT_JUDGED], 4);
}

static void what_is_left_is_freed_from_the_lowest_address_on(void **state)
{
    (void)state;
    carry_out_with(HONEST, 0, "9 = malloc 8\n4 = malloc 8\n7 = malloc 8\nfree 4");
    assert_int_equal(calls_of(HD_OP_FREE, 0), 3);
    const unsigned frees[] = {heap.call_count - 4, heap.call_count - 2};
    assert_int_equal(heap.calls[frees[0]].block, heap.blocks[0].address);
    assert_int_equal(heap.calls[frees[1]].block, heap.blocks[2].address);
    assert_true(run.at_end);
    assert_int_equal(run.step, 6);
    assert_int_equal(run.operations, 6);
}

static void a_run_is_the_same_after_any_other(void **state)
{
    (void)state;
    static struct hd_run again;
    static const char operations[] = "1 = malloc 8\n2 = malloc 8\n3 = malloc 8\n4 = malloc 8\n"
                                     "1 = realloc 1 50\nfree 2\nwrite 3";
    const struct hd_trace trace = trace_of(operations);
    struct hd_subject subject = scripted_subject(&heap, HONEST, 0);
    hd_engine_open(&engine, &subject);
    for (unsigned before = 0; before < 6; before++) {
        subject = scripted_subject(&heap, HONEST, 0);
        hd_engine_run(&engine, &trace, before == 0 ? &run : &again, NULL);
        if (before > 0) assert_memory_equal(&run.verdicts, &again.verdicts, sizeof run.verdicts);
        const struct hd_trace part = {
            .ops = trace.ops, .count = before, .slot_count = trace.slot_count};
        static struct hd_run other;
        hd_engine_run(&engine, &part, &other, NULL);
    }
    hd_engine_close(&engine);
}

static void an_empty_trace_is_done_at_once(void **state)
{
    (void)state;
    carry_out_with(HONEST, 0, "");
    assert_int_equal(heap.call_count, 0);
    assert_int_equal(run.operations, 0);
    assert_int_equal(run.phase, HD_PHASE_DONE);
}

// ---------------------------------------------------------------------------- the memory limit

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

// ---------------------------------------------------------------------------- bystanders

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
        engine.memory_limit = hd_memory_limit_open(1 << 20);
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
        cmocka_unit_test(a_misdeed_is_one_finding),
        cmocka_unit_test(a_finding_tells_its_step_and_operation),
        cmocka_unit_test(repeats_of_a_signature_are_counted),
        cmocka_unit_test(more_signatures_than_fit_are_counted),
        cmocka_unit_test(an_overlapping_block_is_never_written_freed_or_resized),
        cmocka_unit_test(a_usable_size_that_cannot_be_is_believed_as_far_as_asked),
        cmocka_unit_test(a_write_fills_the_block_with_another_pattern),
        cmocka_unit_test(usable_bytes_given_away_are_not_checked_any_more),
        cmocka_unit_test(a_failed_realloc_keeps_the_block),
        cmocka_unit_test(realloc_to_no_bytes_that_gives_null_has_ended_the_block),
        cmocka_unit_test(realloc_to_no_bytes_that_gives_a_block_is_freed),
        cmocka_unit_test(realloc_of_an_empty_slot_is_realloc_of_null),
        cmocka_unit_test(outcomes_tell_each_step),
        cmocka_unit_test(what_is_not_offered_is_counted),
        cmocka_unit_test(what_is_left_is_freed_from_the_lowest_address_on),
        cmocka_unit_test(a_run_is_the_same_after_any_other),
        cmocka_unit_test(an_empty_trace_is_done_at_once),
        cmocka_unit_test(null_at_the_memory_limit_is_a_finding_where_little_was_asked),
        cmocka_unit_test(null_at_the_memory_limit_is_no_finding_while_much_lives),
        cmocka_unit_test(a_bare_run_makes_the_same_calls),
        cmocka_unit_test(a_bare_run_of_a_trace_without_slots_is_a_run),
        cmocka_unit_test(nothing_but_the_allocator_touches_a_heap),
    };
    return cmocka_run_group_tests(tests, open_arena, NULL);
}
