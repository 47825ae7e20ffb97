// SPDX-License-Identifier: MIT
/// tapped.h: a test in a child for each way of tapping by SIGSYS that works here: a filter is for
/// ever, and a tap is opened once.
#ifndef HD_TESTS_TAPPED_H
#define HD_TESTS_TAPPED_H

#include "harness/tap/tap.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/// In a child, where cmocka cannot be: says what does not hold and ends with 1.
#define CHECK(condition)                                                                           \
    ((condition) ? (void)0 : hd_check_failed(#condition, __FILE__, __LINE__))

static inline _Noreturn void hd_check_failed(const char *condition, const char *file, int line)
{
    hd_tap_disarm();
    char text[512];
    const int length = snprintf(text, sizeof text, "%s:%d: %s\n", file, line, condition);
    if (length > 0) (void)!write(STDERR_FILENO, text, (size_t)length);
    _exit(1);
}

/// Runs `body` in a child in which the tap is open.
static inline void tapped_by(enum hd_tap_way way, void (*body)(void))
{
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)alarm(60); // one that hangs is killed
        struct hd_message message = {""};
        CHECK(hd_tap_open(way, &message) == HD_OK);
        CHECK(hd_tap_way() == way);
        body();
        hd_tap_disarm();
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status))
        fail_msg("%s: killed by signal %d", hd_tap_names[way], WTERMSIG(status));
    if (WEXITSTATUS(status) != 0)
        fail_msg("%s: exit status %d", hd_tap_names[way], WEXITSTATUS(status));
}

/// The same by each way that works; the test is skipped where none does.
static inline void tapped(void (*body)(void))
{
    static const enum hd_tap_way ways[] = {HD_TAP_DISPATCH, HD_TAP_SECCOMP};
    size_t tried = 0;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        struct hd_message message;
        if (hd_tap_try(ways[i], &message) != HD_OK) continue;
        tapped_by(ways[i], body);
        tried++;
    }
    if (tried == 0) skip();
}

#endif
