// SPDX-License-Identifier: MIT
/// test_history.c: the inputs of a process as one trace.
#include "campaign_rig.h"
#include "harness/fuzz/history.h"
#include "harness/trace/binary.h"
#include "harness/trace/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void add(const char *text)
{
    static struct hd_arena arena;
    static uint8_t bytes[1 << 12];
    struct hd_trace trace;
    struct hd_message message;
    char whole[256];
    if (arena.base == NULL) hd_arena_open(&arena, (size_t)1 << 24);
    (void)snprintf(whole, sizeof whole, "heapduel-trace 1\n%s\n", text);
    assert_int_equal(hd_trace_read_bytes("input", (const uint8_t *)whole, strlen(whole), &arena,
                                         &trace, &message),
                     HD_OK);
    for (size_t i = 0; i < trace.count; i++)
        hd_binary_encode(&trace.ops[i], bytes + i * HD_RECORD_SIZE);
    hd_history_add(bytes, trace.count * HD_RECORD_SIZE);
}

/// One after the other, for a history lasts as long as the process.
static void a_history_is_all_inputs_with_their_ends_between(void **state)
{
    (void)state;
    struct hd_message message;
    add("1 = malloc 9"); // not kept: nobody asked for it yet
    hd_history_open();
    // A fuzz target has four threads, and the first is who comes first.
    add("@2 1 = malloc 1\n@7 7 = calloc 2 3\n@2 free 1\n@1 free_null\nfree_null");
    assert_false(hd_history_write("alone.bin"));
    assert_false(rig_exists("alone.bin"));  // the trace itself says as much
    hd_history_add((const uint8_t *)"", 0); // an empty input
    hd_history_open();                      // once is enough
    add("2 = malloc 5");
    rig_write("history.bin", "of another process, and longer than what there is to say now: "
                             "..............................................................."
                             "...............................................................");
    assert_true(hd_history_write("history.bin"));
    struct hd_conversion to_text = {.form = HD_FORM_TEXT};
    assert_int_equal(hd_trace_convert("history.bin", "text", &to_text, &message), HD_OK);
    assert_string_equal(rig_read("text"), "heapduel-trace 1\n1 = malloc 1\n@3 7 = calloc 2 3\nfree 1\n"
                                          "@1 free_null\n@2 free_null\n"
                                          "@2 thread_end\n@1 thread_end\n@3 thread_end\n"
                                          "free 1\nfree 7\n2 = malloc 5\n");
}

static void of_many_the_latest_are_kept(void **state)
{
    (void)state;
    static uint8_t bytes[1 << 16];
    const size_t count = 3 * HD_HISTORY_BYTES / sizeof bytes / 2;
    for (size_t i = 0; i < count; i++)
        hd_history_add(bytes, sizeof bytes);
    add("3 = malloc 77");
    assert_true(hd_history_write("long.bin"));
    struct hd_arena arena;
    struct hd_trace trace;
    struct hd_message message;
    hd_arena_open(&arena, (size_t)1 << 30);
    assert_int_equal(hd_trace_read("long.bin", &arena, &trace, &message), HD_OK);
    // Each operation of an input but the last is a malloc, and has its free.
    assert_in_range(trace.count, HD_HISTORY_BYTES / HD_RECORD_SIZE,
                    2 * HD_HISTORY_BYTES / HD_RECORD_SIZE);
    assert_int_equal(trace.ops[trace.count - 1].size, 77);
    hd_arena_close(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_enter, rig_leave)
        TEST(a_history_is_all_inputs_with_their_ends_between),
        TEST(of_many_the_latest_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
