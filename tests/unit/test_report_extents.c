// SPDX-License-Identifier: MIT
/// test_report_extents.c: mapped memory as rectangles, from system calls.
#include "allocators/startup.h"
#include "harness/report/extents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <cmocka.h>

#define PAGE UINT64_C(4096)
#define A    UINT64_C(0x700000000000)

#define READ_WRITE (PROT_READ | PROT_WRITE)

static struct hd_call_record map(uint64_t step, uint64_t page, uint64_t pages, uint64_t prot)
{
    return (struct hd_call_record){
        .step = step,
        .call = {.number = SYS_mmap,
                 .args = {0, pages * PAGE, prot, MAP_PRIVATE | MAP_ANONYMOUS},
                 .result = (int64_t)(A + page * PAGE)}};
}

static struct hd_call_record on(long number, uint64_t step, uint64_t page, uint64_t pages,
                                uint64_t prot)
{
    return (struct hd_call_record){
        .step = step, .call = {.number = number, .args = {A + page * PAGE, pages * PAGE, prot}}};
}

/// In pages from A on.
struct want {
    uint64_t from;
    uint64_t to;
    uint64_t start;
    uint64_t end;
};

static void check(const struct hd_call_record *calls, size_t call_count, const struct want *want,
                  size_t want_count)
{
    static struct hd_run run;
    run.step = 9;
    const struct hd_result result = {
        .run = &run, .count = 9, .calls = calls, .call_count = call_count};
    struct hd_extents extents;
    hd_extents_open(&extents, &result);
    assert_int_equal(extents.count, want_count);
    for (size_t i = 0; i < want_count; i++) {
        assert_int_equal(extents.items[i].from, want[i].from);
        assert_int_equal(extents.items[i].to, want[i].to);
        assert_int_equal(extents.items[i].start, A + want[i].start * PAGE);
        assert_int_equal(extents.items[i].end, A + want[i].end * PAGE);
    }
    hd_extents_close(&extents);
}

#define COUNT(array)       (sizeof(array) / sizeof((array)[0]))
#define CHECK(calls, want) check(calls, COUNT(calls), want, COUNT(want))

static void a_mapping_lasts_until_it_is_given_back(void **state)
{
    (void)state;
    const struct hd_call_record calls[] = {map(0, 8, 2, READ_WRITE), map(2, 0, 4, READ_WRITE),
                                           on(SYS_munmap, 5, 0, 4, 0)};
    const struct want want[] = {{2, 5, 0, 4}, {0, 10, 8, 10}};
    CHECK(calls, want);
}

static void what_stays_of_one_goes_on(void **state)
{
    (void)state;
    const struct hd_call_record calls[] = {map(1, 0, 6, READ_WRITE), on(SYS_munmap, 3, 2, 2, 0)};
    const struct want want[] = {{1, 3, 2, 4}, {1, 10, 0, 2}, {1, 10, 4, 6}};
    CHECK(calls, want);
}

static void growth_is_a_rectangle_of_its_own(void **state)
{
    (void)state;
    const struct hd_call_record calls[] = {map(1, 2, 2, READ_WRITE), map(4, 4, 1, READ_WRITE),
                                           map(6, 0, 2, READ_WRITE)};
    const struct want want[] = {{6, 10, 0, 2}, {1, 10, 2, 4}, {4, 10, 4, 5}};
    CHECK(calls, want);
}

static void reserved_memory_is_not_mapped(void **state)
{
    (void)state;
    const struct hd_call_record calls[] = {map(1, 0, 8, PROT_NONE),
                                           on(SYS_mprotect, 2, 2, 3, READ_WRITE),
                                           on(SYS_mprotect, 4, 2, 1, PROT_NONE)};
    const struct want want[] = {{2, 4, 2, 3}, {2, 10, 3, 5}};
    CHECK(calls, want);
}

static void within_one_operation_only_the_end_counts(void **state)
{
    (void)state;
    const struct hd_call_record calls[] = {map(3, 0, 8, READ_WRITE), on(SYS_munmap, 3, 0, 2, 0),
                                           on(SYS_munmap, 3, 6, 2, 0)};
    const struct want want[] = {{3, 10, 2, 6}};
    CHECK(calls, want);
}

static void calls_past_the_trace_are_left_out(void **state)
{
    (void)state;
    const struct hd_call_record calls[] = {map(9, 0, 1, READ_WRITE), on(SYS_munmap, 10, 0, 1, 0)};
    const struct want want[] = {{9, 10, 0, 1}};
    CHECK(calls, want);
}

// ---------------------------------------------------------------------------- a run

static struct hd_result run_glibc(const struct hd_trace *trace)
{
    struct hd_conditions conditions = HD_CONDITIONS_DEFAULT;
    struct hd_result result;
    struct hd_message message;
    conditions.deadline_ms = 0;
    conditions.records_calls = true;
    conditions.records_timeline = true;
    if (hd_runner_run("glibc", trace, &conditions, &result, &message) != HD_OK)
        fail_msg("%s", message.text);
    return result;
}

static size_t mapped_after(const struct hd_extents *extents, uint64_t step)
{
    size_t bytes = 0;
    for (size_t i = 0; i < extents->count; i++)
        if (extents->items[i].from <= step && step < extents->items[i].to)
            bytes += extents->items[i].end - extents->items[i].start;
    return bytes;
}

/// Two ways to the same: the engine's own map, and the map made of the records.
static void they_add_up_to_what_was_mapped(void **state)
{
    (void)state;
    enum { COUNT_OF_OPS = 400 };
    static struct hd_op ops[COUNT_OF_OPS];
    for (uint32_t i = 0; i < COUNT_OF_OPS; i++)
        ops[i] = i % 3 == 2 ? (struct hd_op){.kind = HD_OP_FREE, .slot = i / 3}
                            : (struct hd_op){.kind = HD_OP_MALLOC,
                                             .slot = i,
                                             .size = (uint64_t)1 << i * 7 % 19};
    const struct hd_trace trace = {.ops = ops, .count = COUNT_OF_OPS, .slot_count = COUNT_OF_OPS};
    struct hd_result result = run_glibc(&trace);
    if (result.tap == HD_TAP_OFF) {
        hd_result_release(&result);
        skip();
    }
    struct hd_extents extents;
    hd_extents_open(&extents, &result);
    assert_true(extents.count > 10);
    for (size_t i = 0; i < COUNT_OF_OPS; i++)
        if (result.moments[i].taken)
            assert_int_equal(mapped_after(&extents, i + 1), result.moments[i].mapped);
    hd_extents_close(&extents);
    hd_result_release(&result);
}

int main(int argc, char **argv)
{
    (void)argc;
    hd_runner_serve(argv);
    hd_startup(argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mapping_lasts_until_it_is_given_back),
        cmocka_unit_test(what_stays_of_one_goes_on),
        cmocka_unit_test(growth_is_a_rectangle_of_its_own),
        cmocka_unit_test(reserved_memory_is_not_mapped),
        cmocka_unit_test(within_one_operation_only_the_end_counts),
        cmocka_unit_test(calls_past_the_trace_are_left_out),
        cmocka_unit_test(they_add_up_to_what_was_mapped),
    };
    return cmocka_run_group_tests_name("report_extents", tests, NULL, NULL);
}
