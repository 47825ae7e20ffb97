// SPDX-License-Identifier: MIT
/// test_recorded.c: a child writes down each system call by step, what followed the trace, and the
/// address space; and what was written over is not believed.
#include "allocators/startup.h"
#include "harness/runner/record.h"
#include "harness/runner/runner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

#include <cmocka.h>

static struct hd_arena arena;

static int open_arena(void **state)
{
    (void)state;
    hd_arena_open(&arena, (size_t)1 << 20);
    return 0;
}

/// Of glibc. Skips the test where nothing is seen.
static struct hd_result run_recorded(const char *operations)
{
    struct hd_conditions conditions = HD_CONDITIONS_DEFAULT;
    conditions.deadline_ms = 0;
    conditions.records_calls = true;
    conditions.records_snapshot = true;
    char text[512];
    const int length = snprintf(text, sizeof text, "heapduel-trace 1\n%s\n", operations);
    struct hd_trace trace;
    struct hd_result result;
    struct hd_message message;
    if (hd_trace_read_bytes("test", (const uint8_t *)text, (size_t)length, &arena, &trace,
                            &message) != HD_OK ||
        hd_runner_run("glibc", &trace, &conditions, &result, &message) != HD_OK)
        fail_msg("%s", message.text);
    if (result.tap == HD_TAP_OFF) {
        hd_result_release(&result);
        skip();
    }
    return result;
}

/// How many calls of this number a step made.
static size_t count_calls(const struct hd_result *result, uint64_t step, long number)
{
    size_t count = 0;
    for (size_t i = 0; i < result->call_count; i++)
        count += result->calls[i].step == step && result->calls[i].call.number == number;
    return count;
}

static void calls_belong_to_their_step(void **state)
{
    (void)state;
    struct hd_result result = run_recorded("1 = malloc 300000\n2 = malloc 400000\nfree 1");
    assert_int_equal(count_calls(&result, 1, SYS_mmap), 1);
    assert_int_equal(count_calls(&result, 2, SYS_mmap), 1);
    assert_int_equal(count_calls(&result, 2, SYS_munmap), 0);
    assert_int_equal(count_calls(&result, 3, SYS_munmap), 1);
    assert_int_equal(count_calls(&result, 4, SYS_munmap), 1); // the free at the end
    assert_int_equal(result.calls_dropped, 0);
    hd_result_release(&result);
}

static void what_follows_the_trace_is_told(void **state)
{
    (void)state;
    struct hd_result result = run_recorded("1 = malloc 300000\n2 = malloc 400000\nfree 1");
    assert_true(result.end_count >= 2);
    assert_int_equal(result.end_steps[0].step, 4);
    assert_int_equal(result.end_steps[0].op.kind, HD_OP_FREE);
    assert_int_equal(result.end_steps[0].op.slot, 2);
    assert_false(result.end_steps[0].trims);
    assert_int_equal(result.end_steps[1].step, 5);
    assert_int_equal(result.end_steps[1].op.kind, HD_OP_FREE_NULL);
    assert_true(result.end_steps[1].trims);
    hd_result_release(&result);
}

static bool is_ours(const struct hd_snapshot *snapshot, uintptr_t address)
{
    for (size_t i = 0; i < snapshot->ours_count; i++)
        if (snapshot->ours[i].start <= address && address < snapshot->ours[i].end) return true;
    return false;
}

static void the_address_space_is_that_after_the_last_operation(void **state)
{
    (void)state;
    struct hd_result result = run_recorded("1 = malloc 300000\n2 = malloc 40\nfree 1");
    const struct hd_snapshot *snapshot = result.snapshot;
    assert_non_null(snapshot);
    assert_int_equal(snapshot->block_count, 1);
    assert_int_equal(snapshot->blocks[0].slot, 2);
    assert_int_equal(snapshot->blocks[0].size, 40);
    assert_true(snapshot->ours_count > 1); // the model's arenas, and the tap's log
    assert_false(is_ours(snapshot, snapshot->blocks[0].address));
    size_t homes = 0;
    for (size_t i = 0; i < snapshot->region_count; i++) {
        const struct hd_region *region = &snapshot->regions[i];
        if (hd_owner_is_allocators(region->owner)) assert_false(is_ours(snapshot, region->start));
        homes += region->start <= snapshot->blocks[0].address &&
                 snapshot->blocks[0].address < region->end;
    }
    assert_int_equal(homes, 1);
    hd_result_release(&result);
}

static void records_that_were_written_over_are_not_believed(void **state)
{
    (void)state;
    struct hd_end_record steps[] = {{.step = 4, .op.kind = HD_OP_FREE},
                                    {.step = 5, .op.kind = HD_OP_FREE_NULL}};
    assert_true(hd_end_steps_plausible(steps, 2));
    steps[1].step = 4; // two steps with one number
    assert_false(hd_end_steps_plausible(steps, 2));
    steps[1].step = 5;
    steps[1].op.kind = HD_OP_REALLOC;
    assert_false(hd_end_steps_plausible(steps, 2));
    steps[1].op.kind = HD_OP_MALLOC;
    assert_true(hd_end_steps_plausible(steps, 2));
    memset(&steps[0].trims, 7, 1);
    assert_false(hd_end_steps_plausible(steps, 2));

    struct hd_call_record calls[] = {{.step = 1}, {.step = 1}, {.step = 3}};
    assert_true(hd_calls_plausible(calls, 3));
    calls[1].step = 0; // steps go up
    assert_false(hd_calls_plausible(calls, 3));
}

int main(int argc, char **argv)
{
    (void)argc;
    hd_runner_serve(argv);
    hd_startup(argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_belong_to_their_step),
        cmocka_unit_test(what_follows_the_trace_is_told),
        cmocka_unit_test(the_address_space_is_that_after_the_last_operation),
        cmocka_unit_test(records_that_were_written_over_are_not_believed),
    };
    return cmocka_run_group_tests_name("recorded", tests, open_arena, NULL);
}
