// SPDX-License-Identifier: MIT
/// test_importers.c: formats of others, read by hand-written samples with every oddity.
#include "tests/unit/convert_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define FIRST "heapduel-trace 1\n"

struct row {
    const char *what;
    const char *in;
    const char *want; // the text without its first line; NULL: refused with
    const char *message;
};

static void check(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct row *row = &rows[i];
        char want[4096];
        convert_rig_put("t", row->in, strlen(row->in));
        const enum hd_status status = convert_rig_convert("t", "out", HD_FORM_TEXT, false);
        if (row->want == NULL) {
            if (strcmp(convert_rig_message.text, row->message) != 0)
                fail_msg("%s: %s", row->what, convert_rig_message.text);
            assert_int_equal(status, HD_BAD_INPUT);
            continue;
        }
        if (status != HD_OK) fail_msg("%s: %s", row->what, convert_rig_message.text);
        (void)snprintf(want, sizeof want, FIRST "%s", row->want);
        if (strcmp(convert_rig_get("out"), want) != 0)
            fail_msg("%s: %s", row->what, convert_rig_get("out"));
    }
}

#define CHECK(rows) check(rows, sizeof(rows) / sizeof(rows)[0])

static void rep(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"heap size first", "20000\n2\n5\n1\na 0 512\na 1 128\nr 0 640\nf 1\nf 0\n",
         "0 = malloc 512\n1 = malloc 128\n0 = realloc 0 640\nfree 1\nfree 0\n", NULL},
        {"weight first, largest heap last", "2\n1\n2\n104857600\na 0 1\nf 0\n",
         "0 = malloc 1\nfree 0\n", NULL},
        {"flag last", "0\n1\n1\n0\na 0 0\n", "0 = malloc 0\n", NULL},
        {"two numbers, as in xv6", "1\n2\na 0 1\nf 0\n", "0 = malloc 1\nfree 0\n", NULL},
        {"line ends of another system, blanks, an empty line, no last line end",
         "1\r\n1\r\n2\r\n1\r\na  0\t1\r\n\r\n  f 0", "0 = malloc 1\nfree 0\n", NULL},
        {"free of nothing", "1\n1\n1\n1\nf -1\n", "free_null\n", NULL},
        {"realloc of an id never used", "1\n1\n2\n1\nr 0 8\nf 0\n", "0 = realloc 0 8\nfree 0\n",
         NULL},
        {"realloc of an id freed before", "1\n1\n4\n1\na 0 8\nf 0\nr 0 16\nf 0\n",
         "0 = malloc 8\nfree 0\n0 = realloc 0 16\nfree 0\n", NULL},
        {"an id again", "1\n1\n4\n1\na 0 8\nf 0\na 0 9\nf 0\n",
         "0 = malloc 8\nfree 0\n0 = malloc 9\nfree 0\n", NULL},
        {"over 4 GiB, and the largest", "1\n2\n2\n1\na 0 4294967297\na 1 18446744073709551615\n",
         "0 = malloc 4294967297\n1 = malloc SIZE_MAX\n", NULL},
        {"a large id is a slot", "1\n1\n1\n1\na 268435455 1\n", "268435455 = malloc 1\n", NULL},
        {"an id too large", "1\n1\n1\n1\na 268435456 1\n", NULL,
         "t:5:3: expected an id up to 268435455"},
        {"an id past all", "1\n1\n1\n1\na 18446744073709551615 1\n", NULL,
         "t:5:3: expected an id up to 268435455"},
        {"a size past 64 bits", "1\n1\n1\n1\na 0 18446744073709551616\n", NULL,
         "t:5:5: expected a size in bytes, found a number past 64 bits"},
        {"a size below 0", "1\n1\n1\n1\na 0 -8\n", NULL,
         "t:5:5: expected a size in bytes, found \"-8\""},
        {"no size", "1\n1\n1\n1\na 0\n", NULL,
         "t:5:4: expected a size in bytes, found the end of the line"},
        {"too much", "1\n1\n2\n1\na 0 1\nf 0 1\n", NULL,
         "t:6:5: expected the end of the line, found \"1\""},
        {"another letter", "1\n1\n2\n1\na 0 1\nx 0\n", NULL,
         "t:6:1: expected `a ID SIZE', `r ID SIZE' or `f ID'"},
        {"a control byte", "1\n1\n2\n1\na 0 1\nf \x01\n", NULL,
         "t:6:3: expected a block's id, found \"\\x01\""},
        {"a header of three", "1\n1\n1\na 0 1\n", NULL,
         "t:4:1: expected a header of 4 numbers, or of 2, found 3"},
        {"free of an id that does not live", "1\n1\n1\n1\nf 7\n", NULL,
         "t:5:1: no live block is 0x7"},
        {"an id allocated twice", "1\n1\n2\n1\na 0 1\na 0 2\n", NULL,
         "t:6:1: block 0 lives already"},
        {"cut short", "1\n1\n3\n1\na 0 1\nf 0\n", NULL,
         "t:6:1: the header says 3 operations, and the file ends after 2"},
        {"more than promised", "1\n1\n1\n1\na 0 1\nf 0\n", NULL,
         "t:6:1: the header says 1 operations, and the file ends after 2"},
        {"no operation, which the header promises", "1\n1\n", NULL,
         "t:1:1: expected the first line \"heapduel-trace 1\""},
    };
    CHECK(rows);
}

static void mtrace(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"all signs",
         "= Start\n"
         "@ ./prog:(main+0x1b)[0x401176] + 0x4056a0 0x18\n"
         "@ ./prog:[0x401188] + 0x4056c0 0\n"
         "@ ./my prog - x:[0x40119f] < 0x4056c0\n"
         "@ ./my prog - x:[0x40119f] > 0x4056e0 0x80\n"
         "@ ./prog:[0x4011b0] ! 0x4056e0 0xffffffffffffff00\n"
         "@ ./prog:[0x4011c0] + (nil) 0xfffffffffffffff0\n"
         "- 0x4056a0\n"
         "@ ./prog:[0x4011d0] - 0x4056e0\n"
         "= End\n",
         "0 = malloc 24\n1 = malloc 0\n1 = realloc 1 128\n1 = realloc 1 SIZE_MAX-255\n"
         "2 = malloc SIZE_MAX-15\nfree 2\nfree 0\nfree 1\n",
         NULL},
        {"slots are used again", "@ x + 0x10 1\n@ x - 0x10\n@ x + 0x20 2\n@ x - 0x20\n",
         "0 = malloc 1\nfree 0\n0 = malloc 2\nfree 0\n", NULL},
        {"the writer's own names are slots",
         "= Start\n@ heapduel + 0x60 0x1\n@ heapduel - 0x60\n= End\n", "5 = malloc 1\nfree 5\n",
         NULL},
        {"one that ends in the middle of a realloc", "= Start\n@ x + 0x10 0x1\n@ x < 0x10\n", NULL,
         "t:3:1: the file ends between a `<' and its `>'"},
        {"another call in the middle of a realloc", "@ x + 0x10 1\n@ x < 0x10\n@ x - 0x10\n", NULL,
         "t:3:1: expected the `>' that belongs to the `<' before it"},
        {"a realloc without its beginning", "@ x > 0x10 1\n", NULL,
         "t:1:1: `>' has no `<' on the line before it"},
        {"free of what was there before", "= Start\n@ x - 0x10\n", NULL,
         "t:2:1: no live block is 0x10"},
        {"twice the same", "@ x + 0x10 1\n@ x + 0x10 1\n", NULL, "t:2:1: block 0x10 lives already"},
        {"realloc to where another lives", "@ x + 0x10 1\n@ x + 0x20 1\n@ x < 0x10\n@ x > 0x20 2\n",
         NULL, "t:4:1: block 0x20 lives already"},
        {"no sign", "= Start\n@ x 0x10\n", NULL,
         "t:2:1: expected `+', `>' or `!' with an address and a size, or `-' or `<' with an "
         "address"},
        {"an address past 64 bits", "@ x - 0x10000000000000000\n", NULL,
         "t:1:7: expected an address, found a number past 64 bits"},
        {"the last address", "@ x - 0xffffffffffffffff\n", NULL,
         "t:1:6: no block is at the last address"},
        {"no number", "@ x + 0x10 many\n", NULL,
         "t:1:12: expected a size in bytes, found \"many\""},
    };
    CHECK(rows);
}

static void valgrind(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"all calls, among what else is written",
         "==47== Memcheck, a memory error detector\n"
         "--47-- REDIR: 0x4ea (libc.so.6:strlen) redirected\n"
         "--47-- malloc(24) = 0x4A46040\n"
         "--47-- calloc(3,8) = 0x4A46090\n"
         "what the program writes itself\n"
         "--47-- memalign(al 64, size 100) = 0x4A46100\n"
         "--47-- realloc(0x4A46040,48) = 0x4A461B0\n"
         "--47-- realloc(0x0,8)malloc(8) = 0x4A46220\n"
         "--47-- realloc(0x4A46220,0)free(0x4A46220)\n"
         "--47--  = 0\n"
         "--47-- _Znwm(40) = 0x4A46270\n"
         "--47-- _ZnwmSt11align_val_t(size 10, al 32) = 0x4A46300\n"
         "--47-- _ZnamRKSt9nothrow_t(5) = 0x4A46400\n"
         "--47-- malloc_usable_size(0x4A46270) = 40\n"
         "--47-- malloc(18446744073709551600) = 0x0\n"
         "--47-- _ZdaPv(0x4A46400)\n"
         "--47-- _ZdlPvm(0x4A46270)\n"
         "--47-- free(0x0)\n"
         "--47-- free(0x4A461B0)\n"
         "==47== HEAP SUMMARY:\n",
         "0 = malloc 24\n1 = calloc 3 8\n2 = memalign 64 100\n0 = realloc 0 48\n"
         "3 = realloc 3 8\n3 = realloc 3 0\nfree 3\n3 = malloc 40\n4 = memalign 32 10\n"
         "5 = malloc 5\n6 = malloc SIZE_MAX-15\nfree 6\nfree 5\nfree 3\nfree_null\nfree 0\n",
         NULL},
        {"another process", "--47-- malloc(1) = 0x10\n--48-- malloc(1) = 0x10\n", NULL,
         "t:2:1: process 48: the trace is that of 47"},
        {"a call without its answer", "--47-- malloc(1)\n", NULL,
         "t:1:17: expected \"=\", found the end of the line"},
        {"a call cut short", "--47-- malloc(1) = 0x10\n--47-- fre\n--47-- free(0x1", NULL,
         "t:3:16: expected \")\", found the end of the line"},
        {"freed twice", "--47-- malloc(1) = 0x10\n--47-- free(0x10)\n--47-- free(0x10)\n", NULL,
         "t:3:1: no live block is 0x10"},
        {"a size past 64 bits", "--47-- malloc(99999999999999999999) = 0x10\n", NULL,
         "t:1:15: expected a size in bytes, found a number past 64 bits"},
        {"an alignment without a size", "--47-- memalign(al 64) = 0x10\n", NULL,
         "t:1:22: expected \",\", found \")\""},
    };
    CHECK(rows);
}

static void memory_replay(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"all calls, with threads and without times",
         "7098: malloc 0x7186b2c5e0 24\n"
         "7098: calloc 0x7186b2c600 3 8 1000 1024\n"
         "7100: memalign 0x7186b2c640 64 100\n"
         "7100: realloc 0x7186b2c700 0x7186b2c5e0 48\n"
         "7100: realloc 0x7186b2c800 0x0 8\n"
         "7098: free 0x7186b2c640\n"
         "7098: free 0x0\n"
         "7098: malloc 0x0 99\n"
         "7100: thread_done 0x0\n"
         "7098: thread_done 0x0\n"
         "7101: thread_done 0x0 7 8\n"
         "7098: realloc 0x0 0x7186b2c700 0\n",
         "0 = malloc 24\n1 = calloc 3 8\n@1 2 = memalign 64 100\n@1 0 = realloc 0 48\n"
         "@1 3 = realloc 3 8\nfree 2\nfree_null\n2 = malloc 99\nfree 2\n"
         "@1 thread_end\n0 = realloc 0 0\nfree 0\n",
         NULL},
        {"a thread's number is the next one's",
         "7098: free 0x0\n"
         "7100: free 0x0\n"
         "7102: free 0x0\n"
         "7100: thread_done 0x0\n"
         "7104: free 0x0\n"
         "7100: free 0x0\n",
         "free_null\n@1 free_null\n@2 free_null\n@1 thread_end\n@1 free_null\n@3 free_null\n",
         NULL},
        {"a pointer missing", "1: malloc 0x10 8\n1: thread_done \n", NULL,
         "t:2:16: expected an address, found the end of the line"},
        {"no colon", "1: malloc 0x10 8\n2 malloc 0x20 8\n", NULL,
         "t:2:3: expected \":\", found \"malloc\""},
        {"another word", "1: malloc 0x10 8\n1: mmap 0x20 8\n", NULL,
         "t:2:1: expected malloc, calloc, memalign, realloc, free or thread_done"},
        {"one time alone", "1: malloc 0x10 8 1000\n", NULL,
         "t:1:22: expected an end in ns, found the end of the line"},
        {"freed by another, twice", "1: malloc 0x10 8\n2: free 0x10\n1: free 0x10\n", NULL,
         "t:3:1: no live block is 0x10"},
        {"cut short", "1: malloc 0x10 8\n1: calloc 0x20 8", NULL,
         "t:2:17: expected a size in bytes, found the end of the line"},
    };
    CHECK(rows);
}

static void threads_past_the_last_share_numbers(void **state)
{
    (void)state;
    char in[8192] = "";
    for (unsigned i = 0; i < 130; i++)
        (void)snprintf(in + strlen(in), sizeof in - strlen(in), "%u: free 0x0\n", 1000 + i);
    convert_rig_put("t", in, strlen(in));
    assert_int_equal(convert_rig_convert("t", "out", HD_FORM_TEXT, false), HD_OK);
    const char *text = convert_rig_get("out");
    assert_non_null(strstr(text, FIRST "free_null\n@1 free_null\n"));
    static const char wraps[] = "@63 free_null\n@1 free_null\n";
    const char *first = strstr(text, wraps);
    assert_non_null(first);
    assert_non_null(strstr(first + 1, wraps));
    assert_null(strstr(text + strlen(FIRST) + 1, "\nfree_null"));
}

static void a_number_that_is_shared_ends_with_the_last_of_it(void **state)
{
    (void)state;
    char in[8192] = "";
    for (unsigned i = 0; i < 65; i++) // the last two have the number 1
        (void)snprintf(in + strlen(in), sizeof in - strlen(in), "%u: free 0x0\n", 1000 + i);
    strcat(in, "1001: thread_done 0x0\n1002: thread_done 0x0\n1064: thread_done 0x0\n");
    convert_rig_put("t", in, strlen(in));
    assert_int_equal(convert_rig_convert("t", "out", HD_FORM_TEXT, false), HD_OK);
    assert_non_null(strstr(convert_rig_get("out"),
                           "@1 free_null\n@2 thread_end\n@1 thread_end\n"));
}

static void wee_alloc(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"as it stands", "Alloc(24),\nAlloc(8),\nFree(0),\nAlloc(4294967297),\nFree(2),\nFree(1)",
         "0 = malloc 24\n1 = malloc 8\nfree 0\n0 = malloc 4294967297\nfree 0\nfree 1\n", NULL},
        {"in brackets", "[\n    Alloc(1),\n    Free(0),\n]\n", "0 = malloc 1\nfree 0\n", NULL},
        {"freed twice", "Alloc(1),\nFree(0),\nFree(0),\n", NULL, "t:3:1: no live block is 0"},
        {"freed before it is made", "Free(0),\nAlloc(1),\n", NULL,
         "t:1:1: no Alloc of index 0 stands before it"},
        {"another call", "Alloc(1),\nRealloc(0),\n", NULL,
         "t:2:1: expected `Alloc(SIZE),' or `Free(INDEX),'"},
        {"cut short", "Alloc(1),\nFree(0", NULL,
         "t:2:7: expected \")\", found the end of the line"},
        {"past 64 bits", "Alloc(18446744073709551616),\n", NULL,
         "t:1:7: expected a size in bytes, found a number past 64 bits"},
    };
    CHECK(rows);
}

static void heaptrack(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"as it is recorded",
         "v 10400 3\nx 9 /bin/true\nX /bin/true\n\n# a comment\nc 12\nt 55 0\n"
         "+ 18 1 55d0c0\n+ ffffffff1 1 55d100\n- 55d0c0\nR 4d\n+ 0 2 55d0c0\n- 55d100\n",
         "0 = malloc 24\n1 = malloc 68719476721\nfree 0\n0 = malloc 0\nfree 1\n", NULL},
        {"without its version", "+ 18 1 55d0c0\n- 55d0c0\n", "0 = malloc 24\nfree 0\n", NULL},
        {"no address", "v 10400 3\n+ 18 1\n", NULL,
         "t:2:7: expected an address, hexadecimal, found the end of the line"},
        {"no digits", "v 10400 3\n- heap\n", NULL,
         "t:2:3: expected an address, hexadecimal, found \"heap\""},
        {"past 64 bits", "v 10400 3\n- 10000000000000000\n", NULL,
         "t:2:3: expected an address, hexadecimal, found a number past 64 bits"},
        {"no letter", "v 10400 3\n? 1\n", NULL,
         "t:2:1: expected `+ SIZE TRACE ADDRESS', `- ADDRESS' or a letter"},
        {"made twice", "v 10400 3\n+ 8 1 10\n+ 8 1 10\n", NULL, "t:3:1: block 0x10 lives already"},
    };
    CHECK(rows);
}

static void long_lines_are_passed_over(void **state)
{
    (void)state;
    static char in[100000];
    (void)snprintf(in, sizeof in, "v 10400 3\n+ 8 1 10\ns ");
    memset(in + strlen(in), 'n', 90000);
    (void)strcat(in, "\n- 10\n- 10\n");
    convert_rig_put("t", in, strlen(in));
    assert_int_equal(convert_rig_convert("t", "out", HD_FORM_TEXT, false), HD_BAD_INPUT);
    assert_string_equal(convert_rig_message.text, "t:5:1: no live block is 0x10");
    assert_int_equal(convert_rig_convert("t", "out", HD_FORM_TEXT, true), HD_OK);
    assert_string_equal(convert_rig_get("out"), FIRST "0 = malloc 8\nfree 0\n");
}

static void lenient_skips_and_counts(void **state)
{
    (void)state;
    static const char in[] = "= Start\n@ x - 0x10\n@ x + 0x20 1\n@ x + 0x20 2\n@ x < 0x30\n"
                             "@ x > 0x40 1\n@ x - 0x40\n@ x > 0x20 8\n@ x - 0x20\n";
    convert_rig_put("t", in, sizeof in - 1);
    assert_int_equal(convert_rig_convert("t", "out", HD_FORM_TEXT, true), HD_OK);
    assert_string_equal(convert_rig_get("out"), FIRST "0 = malloc 1\nfree 0\n");
    assert_int_equal(convert_rig_conversion.skipped, 5);
    assert_string_equal(convert_rig_conversion.skipped_first.text, "t:2:1: no live block is 0x10");

    static const char malformed[] = "= Start\n@ x - many\n";
    convert_rig_put("t", malformed, sizeof malformed - 1);
    assert_int_equal(convert_rig_convert("t", "out", HD_FORM_TEXT, true), HD_BAD_INPUT);
}

/// Many live at once, freed in an order of their own: no two share a slot, and all are used again.
static void slots_follow_live_blocks(void **state)
{
    (void)state;
    enum { LIVE = 5000, ROUNDS = 3 };
    static char in[ROUNDS * LIVE * 2 * 24];
    size_t used = (size_t)snprintf(in, sizeof in, "= Start\n");
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (unsigned i = 0; i < LIVE; i++)
            used += (size_t)snprintf(in + used, sizeof in - used, "@ x + %#x 1\n",
                                     (round + 1) * 0x1000000 + i * 16);
        for (unsigned i = 0; i < LIVE; i++)
            used += (size_t)snprintf(in + used, sizeof in - used, "@ x - %#x\n",
                                     (round + 1) * 0x1000000 + (i * 7919 % LIVE) * 16);
    }
    convert_rig_put("t", in, used);
    assert_int_equal(convert_rig_convert("t", "out", HD_FORM_TEXT, false), HD_OK);

    struct hd_arena arena;
    struct hd_trace trace;
    hd_arena_open(&arena, 1 << 24);
    assert_int_equal(hd_trace_read("out", &arena, &trace, &convert_rig_message), HD_OK);
    assert_int_equal(trace.count, ROUNDS * LIVE * 2);
    assert_int_equal(trace.slot_count, LIVE);
    static bool lives[LIVE];
    for (size_t i = 0; i < trace.count; i++) {
        bool *slot = &lives[trace.ops[i].slot];
        assert_int_equal(*slot, trace.ops[i].kind == HD_OP_FREE);
        *slot = !*slot;
    }
    hd_arena_close(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rep),
        cmocka_unit_test(mtrace),
        cmocka_unit_test(valgrind),
        cmocka_unit_test(memory_replay),
        cmocka_unit_test(threads_past_the_last_share_numbers),
        cmocka_unit_test(a_number_that_is_shared_ends_with_the_last_of_it),
        cmocka_unit_test(wee_alloc),
        cmocka_unit_test(heaptrack),
        cmocka_unit_test(long_lines_are_passed_over),
        cmocka_unit_test(lenient_skips_and_counts),
        cmocka_unit_test(slots_follow_live_blocks),
    };
    return cmocka_run_group_tests(tests, convert_rig_open, convert_rig_close);
}
