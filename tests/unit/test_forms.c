// SPDX-License-Identifier: MIT
/// test_forms.c: both forms say the same, and are told apart.
#include "harness/trace/binary.h"
#include "harness/trace/text_write.h"
#include "tests/unit/random_ops.h"

#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

#define TRACES  10000
#define OPS_MAX 40

static struct hd_arena arena;

static int open_arena(void **state)
{
    (void)state;
    hd_arena_open(&arena, 1 << 24);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    hd_arena_close(&arena);
    return 0;
}

static struct hd_trace read_back(const void *bytes, size_t size)
{
    struct hd_trace trace;
    struct hd_message message;
    if (hd_trace_read_bytes("t", bytes, size, &arena, &trace, &message) != HD_OK)
        fail_msg("%s", message.text);
    return trace;
}

static uint8_t *print_binary(const struct hd_trace *trace, size_t *size)
{
    *size = trace->count * HD_RECORD_SIZE;
    uint8_t *bytes = hd_arena_take(&arena, *size, 1);
    for (size_t i = 0; i < trace->count; i++)
        hd_binary_encode(&trace->ops[i], bytes + i * HD_RECORD_SIZE);
    return bytes;
}

static void assert_same(const struct hd_trace *a, const struct hd_trace *b)
{
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->slot_count, b->slot_count);
    assert_memory_equal(a->ops, b->ops, a->count * sizeof a->ops[0]);
}

/// One trace from its operations through text, binary, text and binary again.
static void go_round(const struct hd_op *ops, size_t count)
{
    struct hd_trace trace = {.ops = ops, .count = count};
    size_t text_size = 0;
    size_t text_size_again = 0;
    size_t binary_size = 0;
    size_t binary_size_again = 0;

    const char *text = hd_text_print(&trace, &arena, &text_size);
    const struct hd_trace from_text = read_back(text, text_size);
    trace.slot_count = from_text.slot_count;
    assert_same(&trace, &from_text);

    const uint8_t *binary = print_binary(&from_text, &binary_size);
    const struct hd_trace from_binary = read_back(binary, binary_size);
    assert_same(&trace, &from_binary);

    const char *text_again = hd_text_print(&from_binary, &arena, &text_size_again);
    assert_int_equal(text_size, text_size_again);
    assert_memory_equal(text, text_again, text_size);

    const struct hd_trace last = read_back(text_again, text_size_again);
    const uint8_t *binary_again = print_binary(&last, &binary_size_again);
    assert_int_equal(binary_size, binary_size_again);
    assert_memory_equal(binary, binary_again, binary_size);
}

static void both_forms_say_the_same(void **state)
{
    (void)state;
    uint64_t seed = 1;
    bool kinds[HD_OP_KINDS] = {false};
    bool threads[HD_THREAD_MAX + 1] = {false};
    bool calls[HD_REFUSABLES] = {false};
    bool times[HD_TIMES_MAX + 1] = {true};
    bool down = false;
    bool slot_max = false;
    bool size_max = false;
    for (unsigned i = 0; i < TRACES; i++) {
        static struct hd_op ops[OPS_MAX];
        const size_t count = random_below(&seed, OPS_MAX + 1);
        for (size_t j = 0; j < count; j++) {
            const struct hd_op op = random_op(&seed);
            memcpy(&ops[j], &op, sizeof op);
            kinds[op.kind] = true;
            threads[op.thread] = true;
            if (op.kind == HD_OP_REFUSE) calls[op.extra] = true;
            if (op.kind == HD_OP_REFUSE) times[op.size] = true;
            if (op.kind == HD_OP_FOREIGN_SBRK && (int64_t)op.size < 0) down = true;
            if (op.slot == HD_SLOT_MAX) slot_max = true;
            if (op.size == UINT64_MAX) size_max = true;
        }
        hd_arena_reset(&arena, 0);
        go_round(ops, count);
    }
    for (unsigned i = 0; i < HD_OP_KINDS; i++)
        assert_true(kinds[i]);
    for (unsigned i = 0; i <= HD_THREAD_MAX; i++)
        assert_true(threads[i]);
    for (unsigned i = 0; i < HD_REFUSABLES; i++)
        assert_true(calls[i]);
    for (unsigned i = 0; i <= HD_TIMES_MAX; i++)
        assert_true(times[i]);
    assert_true(slot_max && size_max && down);
}

static void canonical_records_are_known_as_binary(void **state)
{
    (void)state;
    uint64_t seed = 2;
    struct hd_op ops[2];
    // A line feed and a "C" come first: only the fields without use give it away.
    memset(ops, 0, sizeof ops);
    ops[0].kind = HD_OP_USABLE_SIZE;
    ops[0].thread = 3;
    ops[0].slot = HD_SLOT_MAX;
    go_round(ops, 1);
    for (unsigned i = 0; i < 50000; i++) {
        ops[0] = random_op(&seed);
        ops[0].slot = hd_op_infos[ops[0].kind].operands & (HD_SLOT | HD_RESULT)
                          ? (uint32_t)(random_next(&seed) & HD_SLOT_MAX)
                          : 0;
        hd_arena_reset(&arena, 0);
        const struct hd_trace trace = {.ops = ops, .count = 1};
        size_t size = 0;
        const uint8_t *bytes = print_binary(&trace, &size);
        assert_int_equal(read_back(bytes, size).count, 1);
    }
}

static void forms_are_told_apart_by_content(void **state)
{
    (void)state;
#define BYTES(bytes) bytes, sizeof(bytes) - 1
    static const char not_text[] = "t:1:1: expected the first line \"heapduel-trace 1\"";
    static const struct {
        const char *bytes;
        size_t size;
        const char *message; // NULL: accepted
        size_t count;
    } rows[] = {
        {BYTES(""), NULL, 0},
        {BYTES("\0"), NULL, 1},
        {BYTES("heapduel-trace 1\n"), NULL, 0},
        {BYTES("heapduel-trace 1\n\0"), "t:2:1: expected text, found control byte 0x00", 0},
        {BYTES("heapduel-trace"), not_text, 0},
        {BYTES("heapduel-trac"), not_text, 0},
        {BYTES("heapduel-trac\x01"), NULL, 1},
        {BYTES("free 1\n"), not_text, 0},
        {BYTES("free 1\r\n\t# \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"), not_text, 0},
        {BYTES("free 1 # \xc3"), not_text, 0}, // a character cut by the end
        {BYTES("free 1 # \xc3."), NULL, 1},    // not UTF-8
        {BYTES("free 1 # \xa9"), NULL, 1},
        {BYTES("free 1 # \xff"), NULL, 1},
        {BYTES("free 1 # \xc1\xbf"), NULL, 1},
        {BYTES("free 1 # \xc2\x80\xf4\x80\x80\x80"), not_text, 0},
        {BYTES("free 1 # \xf5\x80\x80\x80"), NULL, 1},
        {BYTES("\x1f"), NULL, 1},
        {BYTES(" "), not_text, 0},
        {BYTES("0123456789012345678901234"), not_text, 0},
        {BYTES("012345678901234567890123\x02"), NULL, 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hd_trace trace = {.count = 0};
        struct hd_message message = {""};
        const enum hd_status status = hd_trace_read_bytes("t", (const uint8_t *)rows[i].bytes,
                                                          rows[i].size, &arena, &trace, &message);
        assert_string_equal(message.text, rows[i].message != NULL ? rows[i].message : "");
        assert_int_equal(status, rows[i].message != NULL ? HD_BAD_INPUT : HD_OK);
        assert_int_equal(trace.count, rows[i].count);
    }
}

static void only_the_first_64_kib_are_looked_at(void **state)
{
    (void)state;
    static uint8_t bytes[65536 + 1];
    struct hd_trace trace;
    struct hd_message message;
    memset(bytes, 'a', sizeof bytes);
    bytes[65536] = 0;
    assert_int_equal(hd_trace_read_bytes("t", bytes, sizeof bytes, &arena, &trace, &message),
                     HD_BAD_INPUT);
    bytes[65535] = 0;
    assert_int_equal(hd_trace_read_bytes("t", bytes, sizeof bytes, &arena, &trace, &message),
                     HD_OK);
}

static void written_text_is_what_is_printed(void **state)
{
    (void)state;
    static char bytes[65536];
    uint64_t seed = 3;
    struct hd_op ops[300];
    int ends[2];
    for (unsigned i = 0; i < 300; i++)
        ops[i] = random_op(&seed);
    const struct hd_trace trace = {.ops = ops, .count = 300};
    struct hd_message message;
    size_t size = 0;
    const char *want = hd_text_print(&trace, &arena, &size);

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(hd_trace_write_text(&trace, ends[1], &message), HD_OK);
    assert_int_equal(close(ends[1]), 0);
    assert_int_equal(read(ends[0], bytes, sizeof bytes), size);
    assert_memory_equal(bytes, want, size);
    assert_int_equal(close(ends[0]), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_forms_say_the_same),
        cmocka_unit_test(canonical_records_are_known_as_binary),
        cmocka_unit_test(forms_are_told_apart_by_content),
        cmocka_unit_test(only_the_first_64_kib_are_looked_at),
        cmocka_unit_test(written_text_is_what_is_printed),
    };
    return cmocka_run_group_tests_name("forms", tests, open_arena, close_arena);
}
