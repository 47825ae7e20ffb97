// SPDX-License-Identifier: MIT
/// test_policy_file.c: what a policy file says, and what is wrong in one.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "allocators/policy_file.h"

static char folder[] = "/tmp/heapduel-policy-XXXXXX";
static char path[sizeof folder + 16];

static int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL) return -1;
    (void)snprintf(path, sizeof path, "%s/policy", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    (void)unlink(path);
    return rmdir(folder);
}

static enum hd_status read_text(const char *text, struct hd_held_policy *policy,
                                struct hd_message *message)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    return hd_policy_file_read(path, policy, message);
}

static void assert_policy(const char *name, const struct hd_held_policy *read, const struct hd_held_policy *meant)
{
    const struct hd_kernel_policy *is = &read->kernel;
    const struct hd_kernel_policy *want = &meant->kernel;
    if (is->calls != want->calls || is->calls_max != want->calls_max ||
        is->mapped_factor != want->mapped_factor ||
        is->mapped_per_block != want->mapped_per_block || is->mapped_base != want->mapped_base ||
        is->mapped_after != want->mapped_after || is->realloc_0_frees != want->realloc_0_frees)
        fail_msg("%s: calls %#lx, max %u, factor %u, base %zu, after %zu", name,
                 (unsigned long)is->calls, is->calls_max, is->mapped_factor, is->mapped_base,
                 is->mapped_after);
    const struct hd_choice_policy *chosen = &meant->choices;
    assert_memory_equal(&read->choices, chosen, sizeof *chosen);
}

#define FIRST "heapduel-policy 1\n"

static void a_good_file_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
        struct hd_held_policy want;
    } rows[] = {
        {"nothing promised", FIRST, {.kernel = {0}}},
        {"without a last newline", "heapduel-policy 1", {.kernel = {0}}},
        {"all of it",
         FIRST "calls mmap munmap\ncalls_max 16\nmapped_factor 4\nmapped_per_block 32\n"
               "mapped_base 1048576\nmapped_after 262144\nrealloc_0_frees 1\n",
         {.kernel = {HD_CALLS(mmap) | HD_CALLS(munmap), 16, 4, 32, 1048576, 262144, true}}},
        {"not said", FIRST "realloc_0_frees 1\nrealloc_0_frees 0\n", {.kernel = {0}}},
        {"comments and empty lines", FIRST "# all\n\n  \t\ncalls_max 3 # three\n#calls_max 4\n",
         {.kernel.calls_max = 3}},
        {"CRLF", "heapduel-policy 1\r\ncalls brk\r\nmapped_base 7\r\n",
         {.kernel = {.calls = HD_CALLS(brk), .mapped_base = 7}}},
        {"two lines of calls are one", FIRST "calls mmap\n calls brk other\n",
         {.kernel.calls = HD_CALLS(mmap) | HD_CALLS(brk) | UINT64_C(1) << HD_SYSCALL_OTHER}},
        {"the last number counts", FIRST "calls_max 1\ncalls_max 2\n", {.kernel.calls_max = 2}},
        {"hexadecimal", FIRST "mapped_base 0x1000\n", {.kernel.mapped_base = 4096}},
        {"the largest", FIRST "calls_max 4294967295\nmapped_factor 4294967295\n"
                              "mapped_per_block 18446744073709551615\n"
                              "mapped_base 18446744073709551615\n"
                              "mapped_after 18446744073709551615",
         {.kernel = {0, UINT32_MAX, UINT32_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX, false}}},
        {"choices", FIRST "malloc_0 block\nrealloc_0 null\nalignments 1 2 0 16\n",
         {.choices = {.zero = {[HD_ZERO_MALLOC] = HD_ZERO_BLOCK, [HD_ZERO_REALLOC] = HD_ZERO_NULL},
                      .alignment = {1, 2, 0, 16}}}},
        {"the last choice counts", FIRST "calloc_0 block\ncalloc_0 null # not a block\n",
         {.choices.zero = {[HD_ZERO_CALLOC] = HD_ZERO_NULL}}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hd_held_policy policy = {.kernel = {1, 1, 1, 1, 1, 1, true}, .choices.zero = {HD_ZERO_NULL}};
        struct hd_message message;
        if (read_text(rows[i].text, &policy, &message) != HD_OK)
            fail_msg("%s: %s", rows[i].name, message.text);
        assert_policy(rows[i].name, &policy, &rows[i].want);
    }
}

static void what_is_wrong_is_told_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *message; // behind the path
    } rows[] = {
        {"", ":1: expected \"heapduel-policy 1\", found an empty file"},
        {"\n", ":1: expected \"heapduel-policy 1\", found \"the end of the line\""},
        {"calls mmap\n", ":1: expected \"heapduel-policy 1\", found \"calls mmap\""},
        {"heapduel-policy 2\n", ":1: expected \"heapduel-policy 1\", found \"heapduel-policy 2\""},
        {"heapduel-policy 12\n",
         ":1: expected \"heapduel-policy 1\", found \"heapduel-policy 12\""},
        {" heapduel-policy 1\n",
         ":1: expected \"heapduel-policy 1\", found \" heapduel-policy 1\""},
        {FIRST "mapped 3\n", ":2: expected calls, calls_max, mapped_factor, mapped_per_block, mapped_base, "
                             "mapped_after, realloc_0_frees, alignments, or a request of no bytes as malloc_0, found \"mapped\""},
        {FIRST "\n# x\ncalls mmap mmop\n",
         ":4: expected a system call of those in syscalls.def, or other, found \"mmop\""},
        {FIRST "calls_max\n", ":2: expected a number that fits, found \"the end of the line\""},
        {FIRST "calls_max # 3\n", ":2: expected a number that fits, found \"the end of the line\""},
        {FIRST "calls_max many\n", ":2: expected a number that fits, found \"many\""},
        {FIRST "calls_max 3x\n", ":2: expected a number that fits, found \"3x\""},
        {FIRST "calls_max -1\n", ":2: expected a number that fits, found \"-1\""},
        {FIRST "calls_max +1\n", ":2: expected a number that fits, found \"+1\""},
        {FIRST "calls_max 4294967296\n",
         ":2: expected a number that fits, found \"4294967296\""},
        {FIRST "mapped_factor 4294967296\n",
         ":2: expected a number that fits, found \"4294967296\""},
        {FIRST "mapped_base 18446744073709551616\n",
         ":2: expected a number that fits, found \"18446744073709551616\""},
        {FIRST "realloc_0_frees 2\n", ":2: expected a number that fits, found \"2\""},
        {FIRST "mapped_after 18446744073709551616\n",
         ":2: expected a number that fits, found \"18446744073709551616\""},
        {FIRST "malloc_0\n", ":2: expected null or block, found \"the end of the line\""},
        {FIRST "malloc_0 NULL\n", ":2: expected null or block, found \"NULL\""},
        {FIRST "malloc_0 null null\n", ":2: expected the end of the line, found \"null\""},
        {FIRST "alignments 8 8 8\n", ":2: expected four powers of two up to 128, 0 for not known, "
                                     "found \"the end of the line\""},
        {FIRST "alignments 8 8 12 8\n", ":2: expected four powers of two up to 128, 0 for not known,"
                                        " found \"12\""},
        {FIRST "alignments 256 8 8 8\n", ":2: expected four powers of two up to 128, 0 for not "
                                         "known, found \"256\""},
        {FIRST "alignments 8 8 8 8x\n", ":2: expected four powers of two up to 128, 0 for not known,"
                                        " found \"8x\""},
        {FIRST "alignments 8 8 8 8 8\n", ":2: expected the end of the line, found \"8\""},
        {FIRST "calls_max 1 2\n", ":2: expected the end of the line, found \"2\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hd_held_policy policy = {.kernel = {1, 2, 3, 4, 5, 6, true}, .choices.zero = {HD_ZERO_BLOCK}};
        const struct hd_held_policy before = policy;
        struct hd_message message;
        if (read_text(rows[i].text, &policy, &message) != HD_BAD_INPUT)
            fail_msg("row %zu is read", i);
        char want[512];
        (void)snprintf(want, sizeof want, "%s%s", path, rows[i].message);
        assert_string_equal(message.text, want);
        assert_policy(rows[i].text, &policy, &before); // left alone
    }
}

static void a_line_too_long_is_told(void **state)
{
    (void)state;
    char text[2048] = FIRST "# ";
    memset(text + strlen(text), 'x', 1500);
    (void)strcat(text, "\ncalls_max 1\n");
    struct hd_held_policy policy;
    struct hd_message message;
    assert_int_equal(read_text(text, &policy, &message), HD_BAD_INPUT);
    assert_non_null(strstr(message.text, ":2: expected a line of at most 1022 bytes"));
    text[strlen(FIRST) + 1022] = '\n'; // the longest, and a line behind it that is a comment too
    text[strlen(FIRST) + 1023] = '#';
    if (read_text(text, &policy, &message) != HD_OK) fail_msg("%s", message.text);
    assert_int_equal(policy.kernel.calls_max, 1);
}

static void a_file_that_is_none_is_told(void **state)
{
    (void)state;
    struct hd_held_policy policy;
    struct hd_message message;
    assert_int_equal(hd_policy_file_read("/nowhere/policy", &policy, &message), HD_BAD_INPUT);
    assert_string_equal(message.text, "/nowhere/policy: No such file or directory");
    assert_int_equal(hd_policy_file_read(folder, &policy, &message), HD_BAD_INPUT);
    assert_non_null(strstr(message.text, ": Is a directory"));
}

static void what_is_written_reads_the_same(void **state)
{
    (void)state;
    static const struct hd_held_policy rows[] = {
        {.kernel = {0}},
        {.kernel = {HD_CALLS(mmap), 1, 2, 3, 4, 5, false}},
        {.kernel = {UINT64_MAX >> (64 - HD_SYSCALLS), UINT32_MAX, UINT32_MAX, SIZE_MAX, SIZE_MAX,
                    SIZE_MAX, true},
         .choices = {.zero = {1, 2, 1, 2, 1, 2}, .alignment = {128, 128, 128, 128}}},
        {.choices = {.zero = {[HD_ZERO_POSIX_MEMALIGN] = HD_ZERO_NULL}, .alignment = {0, 0, 0, 1}}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[1200];
        const size_t length = hd_policy_format(&rows[i], text, sizeof text);
        assert_int_equal(length, strlen(text));
        assert_true(length > 0);
        struct hd_held_policy policy;
        struct hd_message message;
        if (read_text(text, &policy, &message) != HD_OK) fail_msg("%s", message.text);
        assert_policy(text, &policy, &rows[i]);
        char small[1200];
        assert_int_equal(hd_policy_format(&rows[i], small, length + 1), length);
        assert_int_equal(hd_policy_format(&rows[i], small, length), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_file_is_read),
        cmocka_unit_test(what_is_wrong_is_told_with_its_line),
        cmocka_unit_test(a_line_too_long_is_told),
        cmocka_unit_test(a_file_that_is_none_is_told),
        cmocka_unit_test(what_is_written_reads_the_same),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
