// SPDX-License-Identifier: MIT
/// test_spool.c: traces of any form in a file, read back as an array, by another process too.
#include "tests/unit/convert_rig.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/trace/spool.h"

static struct hd_arena arena;
static struct hd_message message;

/// A trace of every kind of operation that .rep and mtrace have.
static const char text[] = "heapduel-trace 1\n0 = malloc 24\n1 = malloc 70000\n0 = realloc 0 4096\n"
                           "free 1\n2 = malloc 1\nfree 0\n";
#define OPERATIONS 6

static void put_forms(void)
{
    static const struct {
        const char *path;
        enum hd_form form;
    } forms[] = {{"bin", HD_FORM_BINARY},
                 {"rep", HD_FORM_REP},
                 {"mtrace", HD_FORM_MTRACE},
                 {"text.zst", HD_FORM_TEXT},
                 {"bin.zst", HD_FORM_BINARY}};
    convert_rig_put("text", text, sizeof text - 1);
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        assert_int_equal(convert_rig_convert("text", forms[i].path, forms[i].form, false), HD_OK);
}

static void each_form_is_read_as_into_memory(void **state)
{
    (void)state;
    static const char *const paths[] = {"text", "bin", "rep", "mtrace", "text.zst", "bin.zst"};
    enum { PATHS = sizeof paths / sizeof paths[0] };
    struct hd_spool spool;
    struct hd_trace spooled[PATHS];
    put_forms();
    assert_int_equal(hd_spool_open(&spool, &message), HD_OK);
    for (size_t i = 0; i < PATHS; i++)
        assert_int_equal(hd_spool_read(&spool, paths[i], &spooled[i], &message), HD_OK);
    for (size_t i = 0; i < PATHS; i++) {
        struct hd_trace trace;
        assert_int_equal(hd_trace_read(paths[i], &arena, &trace, &message), HD_OK);
        assert_int_equal(trace.count, OPERATIONS);
        assert_int_equal(spooled[i].count, OPERATIONS);
        assert_int_equal(spooled[i].slot_count, trace.slot_count);
        assert_memory_equal(spooled[i].ops, trace.ops, OPERATIONS * sizeof trace.ops[0]);
        assert_ptr_equal(spooled[i].spool, &spool);
        assert_null(trace.spool);
    }
    hd_spool_close(&spool);
    hd_spool_close(&spool); // does no harm
}

static void an_error_in_the_middle_is_told_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        const char *content;
        const char *message;
    } rows[] = {
        {"bad", "heapduel-trace 1\n1 = malloc 8\n2 = maloc 8\nfree 1\n", "bad:3:5: "},
        {"bad.rep", "0\n1\n2\n1\na 0 8\nf 7\n", "bad.rep:6:"},
        {"bad.mtrace", "= Start\n@ ./a:[0x4] + 0x10 0x8\n@ ./a:[0x4] - 0x20\n= End\n",
         "bad.mtrace:3:"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hd_spool spool;
        struct hd_trace trace = {0};
        convert_rig_put(rows[i].path, rows[i].content, strlen(rows[i].content));
        assert_int_equal(hd_spool_open(&spool, &message), HD_OK);
        assert_int_equal(hd_spool_read(&spool, rows[i].path, &trace, &message), HD_BAD_INPUT);
        if (strncmp(message.text, rows[i].message, strlen(rows[i].message)) != 0)
            fail_msg("%s", message.text);
        assert_null(trace.ops);
        hd_spool_close(&spool);
    }
}

// ---------------------------------------------------------------------------- in pieces

/// Operation `i`, another one for each.
static struct hd_op op_at(size_t i)
{
    struct hd_op op;
    memset(&op, 0, sizeof op);
    op.kind = HD_OP_MALLOC;
    op.slot = (uint32_t)(i % 1000);
    op.size = i;
    return op;
}

static void put_trace(struct hd_spool *spool, size_t from, size_t count, struct hd_trace *trace)
{
    for (size_t i = from; i < from + count; i++) {
        const struct hd_op op = op_at(i);
        assert_int_equal(hd_spool_put(spool, &op, &message), HD_OK);
    }
    assert_int_equal(hd_spool_take(spool, trace, &message), HD_OK);
    assert_int_equal(trace->count, count);
}

/// Walks over the trace twice: what was let go is there again.
static void check_trace(const struct hd_trace *trace, size_t from)
{
    for (unsigned round = 0; round < 2; round++) {
        size_t seen = 0;
        for (struct hd_window window = {0}; hd_trace_walk(trace, &window);) {
            assert_int_equal(window.from, seen);
            assert_true(window.to - window.from <= HD_TRACE_WINDOW);
            for (; seen < window.to; seen++) {
                const struct hd_op op = op_at(from + seen);
                assert_memory_equal(&trace->ops[seen], &op, sizeof op);
            }
        }
        assert_int_equal(seen, trace->count);
    }
}

static void traces_lie_behind_each_other_and_another_mapping_has_each(void **state)
{
    (void)state;
    static const size_t counts[] = {7, 0, 1, HD_TRACE_WINDOW, 2 * HD_TRACE_WINDOW + 1, 3};
    enum { TRACES = sizeof counts / sizeof counts[0] };
    struct hd_spool spool;
    struct hd_trace traces[TRACES];
    assert_int_equal(hd_spool_open(&spool, &message), HD_OK);
    for (size_t i = 0, from = 0; i < TRACES; from += counts[i++])
        put_trace(&spool, from, counts[i], &traces[i]);
    for (size_t i = 0, from = 0; i < TRACES; from += counts[i++]) {
        struct hd_spool other;
        struct hd_trace mapped;
        check_trace(&traces[i], from);
        assert_int_equal(hd_spool_offset(&traces[i]), from * sizeof(struct hd_op));
        assert_true(
            hd_spool_map(&other, spool.file, hd_spool_offset(&traces[i]), counts[i], &mapped));
        assert_int_equal(mapped.count, counts[i]);
        check_trace(&mapped, from);
        hd_spool_close(&other);
    }
    assert_int_equal(traces[0].slot_count, 7);
    assert_int_equal(traces[1].slot_count, 0);
    assert_int_equal(traces[4].slot_count, 1000);
    hd_spool_close(&spool);
}

static void a_walk_over_memory_keeps_it(void **state)
{
    (void)state;
    const size_t count = HD_TRACE_WINDOW + 5000;
    struct hd_op *ops = hd_arena_take(&arena, count * sizeof *ops, 8);
    for (size_t i = 0; i < count; i++)
        ops[i] = op_at(i);
    const struct hd_trace trace = {.ops = ops, .count = count};
    check_trace(&trace, 0);
    struct hd_window window = {.to = 4096};
    hd_trace_let_go(&trace, &window, ops, sizeof *ops);
    check_trace(&trace, 0);
}

static void without_a_folder_for_temporary_files_memory_does(void **state)
{
    (void)state;
    struct hd_spool spool;
    struct hd_trace trace;
    assert_int_equal(setenv("TMPDIR", "/nonexistent", 1), 0);
    assert_int_equal(hd_spool_open(&spool, &message), HD_OK);
    assert_int_equal(unsetenv("TMPDIR"), 0);
    put_trace(&spool, 5, 20000, &trace);
    check_trace(&trace, 5);
    hd_spool_close(&spool);
}

static void a_file_that_is_full_is_told(void **state)
{
    (void)state;
    struct hd_spool spool;
    struct hd_trace trace;
    const struct hd_op op = op_at(1);
    assert_int_equal(hd_spool_open(&spool, &message), HD_OK);
    const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    assert_true(full >= 0);
    spool.sink.fd = full;
    assert_int_equal(hd_spool_put(&spool, &op, &message), HD_OK); // it is gathered
    assert_int_equal(hd_spool_take(&spool, &trace, &message), HD_UNAVAILABLE);
    assert_non_null(strstr(message.text, "cannot write the temporary file"));
    (void)close(full);
    hd_spool_close(&spool);
}

static int open_all(void **state)
{
    hd_arena_open(&arena, (size_t)64 << 20);
    return convert_rig_open(state);
}

static int close_all(void **state)
{
    hd_arena_close(&arena);
    return convert_rig_close(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_is_read_as_into_memory),
        cmocka_unit_test(an_error_in_the_middle_is_told_with_its_place),
        cmocka_unit_test(traces_lie_behind_each_other_and_another_mapping_has_each),
        cmocka_unit_test(a_walk_over_memory_keeps_it),
        cmocka_unit_test(without_a_folder_for_temporary_files_memory_does),
        cmocka_unit_test(a_file_that_is_full_is_told),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
