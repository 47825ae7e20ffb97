// SPDX-License-Identifier: MIT
/// test_text.c: what the text form says, what it refuses, and the words it refuses it with.
#include "harness/trace/text_read.h"
#include "harness/trace/text_write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define FIRST "heapduel-trace 1\n"
#define A100                                                                                       \
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
    "aaaaaaaa"
#define A1000        A100 A100 A100 A100 A100 A100 A100 A100 A100 A100
#define A1023        "#" A1000 "aaaaaaaaaaaaaaaaaaaaaa"
#define CALLS        "mmap, brk, mremap, munmap, madvise or mprotect"
#define LENGTH(text) (sizeof(text) - 1)

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

static enum hd_status read_text(const char *text, size_t length, struct hd_trace *trace,
                                struct hd_message *message)
{
    return hd_trace_read_bytes("t", (const uint8_t *)text, length, &arena, trace, message);
}

static void lines_mean_operations(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        const char *canonical;
        struct hd_op want;
    } rows[] = {
        {"1 = malloc 24", NULL, {.kind = HD_OP_MALLOC, .slot = 1, .size = 24}},
        {"2 = calloc 3 40", NULL, {.kind = HD_OP_CALLOC, .slot = 2, .extra = 3, .size = 40}},
        {"3 = aligned_alloc 64 256",
         NULL,
         {.kind = HD_OP_ALIGNED_ALLOC, .slot = 3, .extra = 64, .size = 256}},
        {"3 = posix_memalign 3 1",
         NULL,
         {.kind = HD_OP_POSIX_MEMALIGN, .slot = 3, .extra = 3, .size = 1}},
        {"3 = memalign 0 1", NULL, {.kind = HD_OP_MEMALIGN, .slot = 3, .size = 1}},
        {"3 = valloc 1", NULL, {.kind = HD_OP_VALLOC, .slot = 3, .size = 1}},
        {"1 = realloc 1 4096", NULL, {.kind = HD_OP_REALLOC, .slot = 1, .size = 4096}},
        {"1 = reallocarray 1 10 20",
         NULL,
         {.kind = HD_OP_REALLOCARRAY, .slot = 1, .extra = 10, .size = 20}},
        {"free 2", NULL, {.kind = HD_OP_FREE, .slot = 2}},
        {"free_null", NULL, {.kind = HD_OP_FREE_NULL}},
        {"@2 thread_end", NULL, {.kind = HD_OP_THREAD_END, .thread = 2}},
        {"malloc_usable_size 3", NULL, {.kind = HD_OP_USABLE_SIZE, .slot = 3}},
        {"write 3", NULL, {.kind = HD_OP_WRITE, .slot = 3}},
        {"refuse mmap 1", NULL, {.kind = HD_OP_REFUSE, .size = 1, .extra = HD_SYSCALL_mmap}},
        {"@2 refuse mprotect 64",
         NULL,
         {.kind = HD_OP_REFUSE, .thread = 2, .size = 64, .extra = HD_SYSCALL_mprotect}},
        {"refuse  brk 0x02 # two",
         "refuse brk 2",
         {.kind = HD_OP_REFUSE, .size = 2, .extra = HD_SYSCALL_brk}},
        {"refuse_all 1", NULL, {.kind = HD_OP_REFUSE_ALL, .size = 1}},
        {"refuse_all 64", NULL, {.kind = HD_OP_REFUSE_ALL, .size = 64}},
        {"limit 0", NULL, {.kind = HD_OP_LIMIT}},
        {"limit SIZE_MAX", NULL, {.kind = HD_OP_LIMIT, .size = UINT64_MAX}},
        {"foreign_sbrk 4096", NULL, {.kind = HD_OP_FOREIGN_SBRK, .size = 4096}},
        {"foreign_sbrk -4096",
         NULL,
         {.kind = HD_OP_FOREIGN_SBRK, .size = (uint64_t)INT64_C(-4096)}},
        {"foreign_sbrk -0", "foreign_sbrk 0", {.kind = HD_OP_FOREIGN_SBRK}},
        {"foreign_sbrk 9223372036854775807",
         "foreign_sbrk PTRDIFF_MAX",
         {.kind = HD_OP_FOREIGN_SBRK, .size = INT64_MAX}},
        {"foreign_sbrk -9223372036854775808",
         NULL,
         {.kind = HD_OP_FOREIGN_SBRK, .size = (uint64_t)INT64_MIN}},
        {"foreign_mmap 3", NULL, {.kind = HD_OP_FOREIGN_MMAP, .slot = 3}},
        {"@1 4 = malloc 100", NULL, {.kind = HD_OP_MALLOC, .thread = 1, .slot = 4, .size = 100}},
        {"@63 free 268435455", NULL, {.kind = HD_OP_FREE, .thread = 63, .slot = HD_SLOT_MAX}},
        {"@0 free 1", "free 1", {.kind = HD_OP_FREE, .slot = 1}},
        {"1 = malloc SIZE_MAX", NULL, {.kind = HD_OP_MALLOC, .slot = 1, .size = UINT64_MAX}},
        {"0x1 = malloc 0x10", "1 = malloc 16", {.kind = HD_OP_MALLOC, .slot = 1, .size = 16}},
        {"\t 1\t=  malloc\t24 \t", "1 = malloc 24", {HD_OP_MALLOC, 0, 1, 24, 0}},
        {"free 1\r", "free 1", {.kind = HD_OP_FREE, .slot = 1}},
        {"free 1 # why", "free 1", {.kind = HD_OP_FREE, .slot = 1}},
        {"free 1#\xc3\xa9", "free 1", {.kind = HD_OP_FREE, .slot = 1}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[256];
        struct hd_trace trace;
        struct hd_message message = {""};
        const int length = snprintf(text, sizeof text, FIRST "%s", rows[i].line);
        if (read_text(text, (size_t)length, &trace, &message) != HD_OK)
            fail_msg("%s", message.text);

        assert_int_equal(trace.count, 1);
        const struct hd_op *op = &trace.ops[0];
        const struct hd_op *want = &rows[i].want;
        assert_true(op->kind == want->kind && op->thread == want->thread &&
                    op->slot == want->slot && op->size == want->size && op->extra == want->extra);
        const size_t formatted = hd_op_format(op, text);
        assert_int_equal(formatted, strlen(text));
        assert_string_equal(text, rows[i].canonical != NULL ? rows[i].canonical : rows[i].line);
    }
}

static void whole_texts_are_accepted(void **state)
{
    (void)state;
#define TEXT(bytes) bytes, LENGTH(bytes)
    static const struct {
        const char *text;
        size_t length;
        size_t count;
    } rows[] = {
        {TEXT("heapduel-trace 1"), 0},
        {TEXT("heapduel-trace 1 \t\r\n"), 0},
        {TEXT("heapduel-trace 1\r"), 0},
        {TEXT(FIRST "\n  \n\t# comment\n#\n"), 0},
        {TEXT(FIRST "free 1\r\nfree 2\r\n"), 2},
        {TEXT(FIRST "free 1\nfree 2"), 2},
        {TEXT(FIRST A1023), 0},
        {TEXT(FIRST A1023 "\r"), 0},
        {TEXT(FIRST A1023 "\nfree 1\n"), 1},
        {TEXT(FIRST A1023 "\r\nfree 1\n"), 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hd_trace trace;
        struct hd_message message;
        if (read_text(rows[i].text, rows[i].length, &trace, &message) != HD_OK)
            fail_msg("row %zu: %s", i, message.text);
        assert_int_equal(trace.count, rows[i].count);
    }
}

static void malformed_texts_are_refused_with_the_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t length;
        const char *want;
    } rows[] = {
        // The first line.
        {TEXT("free 1\n"), "t:1:1: expected the first line \"heapduel-trace 1\""},
        {TEXT("\n" FIRST), "t:1:1: expected the first line \"heapduel-trace 1\""},
        {TEXT("# comment\n" FIRST), "t:1:1: expected the first line \"heapduel-trace 1\""},
        {TEXT(" " FIRST), "t:1:1: expected the first line \"heapduel-trace 1\""},
        {TEXT("\xef\xbb\xbf" FIRST), "t:1:1: expected the first line \"heapduel-trace 1\""},
        {TEXT("heapduel-trace"), "t:1:1: expected the first line \"heapduel-trace 1\""},
        {TEXT("heapduel-traces 1"), "t:1:1: expected the first line \"heapduel-trace 1\""},
        {TEXT("heapduel-trace 2\n"),
         "t:1:16: expected version 1, and nothing else on the first line"},
        {TEXT("heapduel-trace 1 # comment\n"),
         "t:1:16: expected version 1, and nothing else on the first line"},
        {TEXT("heapduel-trace 1\0\n"), "t:1:17: expected text, found control byte 0x00"},
        // Bytes and lines.
        {TEXT(FIRST "free\0 1\n"), "t:2:5: expected text, found control byte 0x00"},
        {TEXT(FIRST "free 1 # \x1b\n"), "t:2:10: expected text, found control byte 0x1b"},
        {TEXT(FIRST "free \x7f"), "t:2:6: expected text, found control byte 0x7f"},
        {TEXT(FIRST "free 1\rfree 2\n"), "t:2:7: expected text, found control byte 0x0d"},
        {TEXT(FIRST "free 1\r\r\n"), "t:2:7: expected text, found control byte 0x0d"},
        {TEXT(FIRST A1023 "a"), "t:2:1024: expected a line of at most 1023 bytes"},
        {TEXT(FIRST A1023 "a\n"), "t:2:1024: expected a line of at most 1023 bytes"},
        {TEXT(FIRST A1023 "a\r\n"), "t:2:1024: expected a line of at most 1023 bytes"},
        {TEXT(FIRST A1023 A1023), "t:2:1024: expected a line of at most 1023 bytes"},
        {TEXT(FIRST A1023 "\r\nfree"),
         "t:3:5: expected a slot from 0 to 268435455, found the end of the line"},
        // Threads.
        {TEXT(FIRST "@64 free 1"), "t:2:1: expected a thread from @0 to @63, found \"@64\""},
        {TEXT(FIRST "@ free 1"), "t:2:1: expected a thread from @0 to @63, found \"@\""},
        {TEXT(FIRST "@x free 1"), "t:2:1: expected a thread from @0 to @63, found \"@x\""},
        {TEXT(FIRST "@1"),
         "t:2:3: expected an operation (see heapduel list), found the end of the line"},
        // Words.
        {TEXT(FIRST "\n# two\n  fre 1"),
         "t:4:3: expected an operation (did you mean free?), found \"fre\""},
        {TEXT(FIRST "1 = mallco 1"),
         "t:2:5: expected an operation (did you mean malloc?), found \"mallco\""},
        {TEXT(FIRST "1 = Calloc 1 1"),
         "t:2:5: expected an operation (did you mean calloc?), found \"Calloc\""},
        {TEXT(FIRST "usable 1"),
         "t:2:1: expected an operation (see heapduel list), found \"usable\""},
        {TEXT(FIRST "wirte 1"),
         "t:2:1: expected an operation (did you mean write?), found \"wirte\""},
        {TEXT(FIRST "1 = balloc 1"), // as near to malloc as to calloc and valloc: the first
         "t:2:5: expected an operation (did you mean malloc?), found \"balloc\""},
        {TEXT(FIRST "fr 1"), "t:2:1: expected an operation (see heapduel list), found \"fr\""},
        {TEXT(FIRST "\xc3\xa9 1"),
         "t:2:1: expected an operation (see heapduel list), found \"\\xc3\\xa9\""},
        {TEXT(FIRST A100), "t:2:1: expected an operation (see heapduel list), found "
                           "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...\""},
        // The result.
        {TEXT(FIRST "malloc 24"), "t:2:1: malloc gives a block: expected \"SLOT =\" first"},
        {TEXT(FIRST "@1 malloc 24"), "t:2:4: malloc gives a block: expected \"SLOT =\" first"},
        {TEXT(FIRST "2 = free 2"), "t:2:1: free gives no block: expected no \"SLOT =\""},
        {TEXT(FIRST "2 malloc 24"), "t:2:3: expected \"=\" after the slot, found \"malloc\""},
        {TEXT(FIRST "2"), "t:2:2: expected \"=\" after the slot, found the end of the line"},
        {TEXT(FIRST "2 ="),
         "t:2:4: expected an operation (see heapduel list), found the end of the line"},
        {TEXT(FIRST "= malloc 24"), "t:2:1: expected a slot before \"=\", found \"=\""},
        {TEXT(FIRST "x = malloc 24"), "t:2:1: expected a slot from 0 to 268435455, found \"x\""},
        {TEXT(FIRST "268435456 = malloc 24"),
         "t:2:1: expected a slot from 0 to 268435455, found \"268435456\""},
        {TEXT(FIRST "1=malloc 24"),
         "t:2:1: expected \"SLOT = word\" with blanks around \"=\", found \"1=malloc\""},
        {TEXT(FIRST "1 = realloc 2 8"), "t:2:13: realloc puts its result where its block was: "
                                        "expected slot 1, found 2"},
        {TEXT(FIRST "0 = reallocarray 1 8 8"),
         "t:2:18: reallocarray puts its result where its block was: expected slot 0, found 1"},
        // Operands.
        {TEXT(FIRST "free"),
         "t:2:5: expected a slot from 0 to 268435455, found the end of the line"},
        {TEXT(FIRST "free  # 1"),
         "t:2:7: expected a slot from 0 to 268435455, found the end of the line"},
        {TEXT(FIRST "free 268435456"),
         "t:2:6: expected a slot from 0 to 268435455, found \"268435456\""},
        {TEXT(FIRST "free 99999999999999999999"),
         "t:2:6: expected a slot from 0 to 268435455, found \"99999999999999999999\""},
        {TEXT(FIRST "free -1"), "t:2:6: expected a slot from 0 to 268435455, found \"-1\""},
        {TEXT(FIRST "free 1 2"), "t:2:8: expected the end of the line, found \"2\""},
        {TEXT(FIRST "free_null 2"), "t:2:11: expected the end of the line, found \"2\""},
        {TEXT(FIRST "1 = malloc"), "t:2:11: expected a size in bytes, found the end of the line"},
        {TEXT(FIRST "1 = malloc 2k"), "t:2:12: expected a size in bytes, found \"2k\""},
        {TEXT(FIRST "1 = calloc"), "t:2:11: expected a count, found the end of the line"},
        {TEXT(FIRST "1 = calloc 2"), "t:2:13: expected a size in bytes, found the end of the line"},
        {TEXT(FIRST "1 = memalign x 2"), "t:2:14: expected an alignment in bytes, found \"x\""},
        {TEXT(FIRST "1 = malloc 18446744073709551616"),
         "t:2:12: expected a size in bytes, found a number past SIZE_MAX"},
        {TEXT(FIRST "1 = malloc SIZE_MAX+1"),
         "t:2:12: expected a size in bytes, found a number past SIZE_MAX"},
        {TEXT(FIRST "1 = malloc PTRDIFF_MAX-9223372036854775808"),
         "t:2:12: expected a size in bytes, found a number below 0"},
        // Operands of events.
        {TEXT(FIRST "refuse mmpa 1"), "t:2:8: expected a system call (" CALLS "), found \"mmpa\""},
        {TEXT(FIRST "refuse write 1"),
         "t:2:8: expected a system call (" CALLS "), found \"write\""},
        {TEXT(FIRST "refuse MMAP 1"), "t:2:8: expected a system call (" CALLS "), found \"MMAP\""},
        {TEXT(FIRST "refuse 1"), "t:2:8: expected a system call (" CALLS "), found \"1\""},
        {TEXT(FIRST "refuse"),
         "t:2:7: expected a system call (" CALLS "), found the end of the line"},
        {TEXT(FIRST "refuse mmap"),
         "t:2:12: expected a number from 1 to 64, found the end of the line"},
        {TEXT(FIRST "refuse mmap 0"), "t:2:13: expected a number from 1 to 64, found \"0\""},
        {TEXT(FIRST "refuse mmap 65"), "t:2:13: expected a number from 1 to 64, found \"65\""},
        {TEXT(FIRST "refuse mmap -1"), "t:2:13: expected a number from 1 to 64, found \"-1\""},
        {TEXT(FIRST "refuse mmap 1 2"), "t:2:15: expected the end of the line, found \"2\""},
        {TEXT(FIRST "1 = refuse mmap 1"), "t:2:1: refuse gives no block: expected no \"SLOT =\""},
        {TEXT(FIRST "refuse_all 0"), "t:2:12: expected a number from 1 to 64, found \"0\""},
        {TEXT(FIRST "refuse_all 18446744073709551616"),
         "t:2:12: expected a number from 1 to 64, found \"18446744073709551616\""},
        {TEXT(FIRST "refuse_al 1"),
         "t:2:1: expected an operation (did you mean refuse_all?), found \"refuse_al\""},
        {TEXT(FIRST "limit -1"), "t:2:7: expected a size in bytes, found \"-1\""},
        {TEXT(FIRST "foreign_sbrk"),
         "t:2:13: expected a number of bytes up or down, found the end of the line"},
        {TEXT(FIRST "foreign_sbrk -"),
         "t:2:14: expected a number of bytes up or down, found \"-\""},
        {TEXT(FIRST "foreign_sbrk - 1"),
         "t:2:14: expected a number of bytes up or down, found \"-\""},
        {TEXT(FIRST "foreign_sbrk -PTRDIFF_MAX"),
         "t:2:14: expected a number of bytes up or down, found \"-PTRDIFF_MAX\""},
        {TEXT(FIRST "foreign_sbrk 9223372036854775808"),
         "t:2:14: expected a number of bytes up or down, found a number past PTRDIFF_MAX"},
        {TEXT(FIRST "foreign_sbrk SIZE_MAX"),
         "t:2:14: expected a number of bytes up or down, found a number past PTRDIFF_MAX"},
        {TEXT(FIRST "foreign_sbrk -9223372036854775809"),
         "t:2:14: expected a number of bytes up or down, "
         "found a number below -9223372036854775808"},
        {TEXT(FIRST "foreign_mmap"),
         "t:2:13: expected a slot from 0 to 268435455, found the end of the line"},
        {TEXT(FIRST "1 = foreign_mmap 1"),
         "t:2:1: foreign_mmap gives no block: expected no \"SLOT =\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hd_trace trace = {.count = 77};
        struct hd_message message = {""};
        const size_t used = arena.used;
        // The parser itself, since bytes without a first line may be binary to hd_trace_read_bytes.
        struct hd_source source;
        struct hd_text_reader reader;
        struct hd_op op;
        bool end = false;
        enum hd_status status = HD_OK;
        hd_source_from_memory(&source, "t", (const uint8_t *)rows[i].text, rows[i].length);
        hd_text_reader_open(&reader, &source);
        while (status == HD_OK && !end)
            status = hd_text_reader_next(&reader, &op, &end, &message);
        assert_int_equal(status, HD_BAD_INPUT);
        assert_string_equal(message.text, rows[i].want);

        if (strncmp(rows[i].text, "heapduel-trace", LENGTH("heapduel-trace")) != 0) continue;
        status = read_text(rows[i].text, rows[i].length, &trace, &message);
        assert_int_equal(status, HD_BAD_INPUT);
        assert_string_equal(message.text, rows[i].want);
        assert_int_equal(trace.count, 77);
        assert_int_equal(arena.used, used);
    }
}

static void no_text_at_all_has_no_first_line(void **state)
{
    (void)state;
    struct hd_source source;
    struct hd_text_reader reader;
    struct hd_op op;
    bool end = false;
    struct hd_message message;
    hd_source_from_memory(&source, "t", NULL, 0);
    hd_text_reader_open(&reader, &source);
    assert_int_equal(hd_text_reader_next(&reader, &op, &end, &message), HD_BAD_INPUT);
    assert_string_equal(message.text, "t:1:1: expected the first line \"heapduel-trace 1\"");
}

static void end_of_a_long_name_is_shown(void **state)
{
    (void)state;
    static const char text[] = FIRST "fre 1";
    struct hd_trace trace;
    struct hd_message message;
    assert_int_equal(hd_trace_read_bytes(A1000 "/name", (const uint8_t *)text, LENGTH(text), &arena,
                                         &trace, &message),
                     HD_BAD_INPUT);
    assert_non_null(
        strstr(message.text, "aaa/name:2:1: expected an operation (did you mean free?)"));
}

static void longest_operation_fits_its_text(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < HD_OP_KINDS; kind++) {
        char text[HD_OP_TEXT_MAX];
        const unsigned operands = hd_op_infos[kind].operands;
        struct hd_op op = {.kind = (uint8_t)kind, .thread = HD_THREAD_MAX};
        if (operands & (HD_SLOT | HD_RESULT)) op.slot = HD_SLOT_MAX;
        if (operands & HD_SIZE) op.size = UINT64_MAX - 5000;
        if (operands & HD_TIMES) op.size = HD_TIMES_MAX;
        if (operands & HD_DELTA) op.size = (uint64_t)INT64_MIN;
        if (operands & (HD_COUNT | HD_ALIGNMENT)) op.extra = UINT64_MAX - 5000;
        if (operands & HD_SYSCALL) op.extra = HD_SYSCALL_mprotect; // the longest name
        const size_t length = hd_op_format(&op, text);
        assert_int_equal(length, strlen(text));
        assert_true(length < HD_OP_TEXT_MAX - 16);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_mean_operations),
        cmocka_unit_test(whole_texts_are_accepted),
        cmocka_unit_test(malformed_texts_are_refused_with_the_place),
        cmocka_unit_test(no_text_at_all_has_no_first_line),
        cmocka_unit_test(end_of_a_long_name_is_shown),
        cmocka_unit_test(longest_operation_fits_its_text),
    };
    return cmocka_run_group_tests_name("text", tests, open_arena, close_arena);
}
