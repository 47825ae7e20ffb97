// SPDX-License-Identifier: MIT
/// test_progress.c: how far a run has come, in words.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "harness/cli/progress.h"

static const struct {
    uint64_t elapsed_ms;
    uint64_t done;
    uint64_t count;
    const char *text;
} rows[] = {
    {0, 0, 10, "0 of 10 operations"},
    {999, 5, 10, "5 of 10 operations"}, // too soon to tell
    {1000, 5, 10, "5 of 10 operations, 1 s left"},
    {5000, 0, 10, "0 of 10 operations"}, // nothing to reckon with
    {2000, 3400000, 10000000, "3400000 of 10000000 operations, 4 s left"},
    {4000, 10, 10, "10 of 10 operations, 0 s left"},
    {60000, 1000000, 2990000, "1000000 of 2990000 operations, 119 s left"},
    {60000, 1000000, 3000000, "1000000 of 3000000 operations, 2 min left"},
    {60000, 1, UINT64_MAX, "1 of 18446744073709551615 operations, 18446744073709551616 min left"},
};

static void what_is_left_is_reckoned_from_what_is_done(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[HD_PROGRESS_STEPS_MAX];
        hd_progress_steps_text(rows[i].elapsed_ms, rows[i].done, rows[i].count, text);
        assert_string_equal(text, rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_left_is_reckoned_from_what_is_done)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
