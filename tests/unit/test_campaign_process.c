// SPDX-License-Identifier: MIT
/// test_campaign_process.c: processes end with all that they started, and say why they could not
/// start.
#include "campaign_rig.h"
#include "harness/campaign/process.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static struct hd_fuzz_command command;
static struct hd_process process;

static void start(const char *script)
{
    struct hd_message message;
    command = (struct hd_fuzz_command){0};
    process = (struct hd_process){0};
    hd_fuzz_command_add(&command, "sh");
    hd_fuzz_command_add(&command, "-c");
    hd_fuzz_command_add(&command, "%s", script);
    hd_fuzz_command_set(&command, "WORD=%s", "said");
    assert_int_equal(hd_process_start(&process, &command, "log", &message), HD_OK);
}

static void pause_a_moment(void)
{
    const struct timespec moment = {.tv_nsec = 2 * 1000 * 1000};
    (void)nanosleep(&moment, NULL);
}

static int wait_for_end(void)
{
    int wait_status = 0;
    while (!hd_process_ended(&process, &wait_status))
        pause_a_moment();
    assert_int_equal(process.pid, 0);
    return wait_status;
}

static void what_it_writes_goes_to_its_log(void **state)
{
    (void)state;
    rig_write("log", "of another process, longer than this one's\n");
    start("echo $WORD; echo more >&2; exit 3");
    assert_int_equal(WEXITSTATUS(wait_for_end()), 3);
    assert_string_equal(rig_read("log"), "said\nmore\n");
}

static void a_program_that_is_not_there_stands_in_the_log(void **state)
{
    (void)state;
    struct hd_message message;
    command = (struct hd_fuzz_command){0};
    hd_fuzz_command_add(&command, "./no-such-program");
    assert_int_equal(hd_process_start(&process, &command, "log", &message), HD_OK);
    assert_int_equal(WEXITSTATUS(wait_for_end()), 127);
    assert_non_null(strstr(rig_read("log"), "cannot execute ./no-such-program: No such file"));
    assert_int_equal(hd_process_start(&process, &command, "no/log", &message), HD_UNAVAILABLE);
    assert_int_equal(process.pid, 0);
}

/// The process named in the file, which may be written a moment later.
static pid_t named_in(const char *path)
{
    while (strchr(rig_read(path), '\n') == NULL)
        pause_a_moment();
    return (pid_t)atoi(rig_read(path));
}

static void assert_gone(pid_t pid)
{
    while (kill(pid, 0) == 0)
        pause_a_moment(); // killed, and reaped by whoever has it
    assert_int_equal(errno, ESRCH);
}

static void what_does_not_end_is_killed_with_its_group(void **state)
{
    (void)state;
    start("trap '' INT; sleep 1000 & echo $! >child; wait; wait");
    const pid_t child = named_in("child");
    hd_process_tell(&process, SIGINT);
    hd_process_await(&process, 50);
    assert_int_equal(process.pid, 0);
    hd_process_sweep();
    assert_gone(child);
}

static void what_it_left_in_another_group_is_swept_up(void **state)
{
    (void)state;
    start("setsid sh -c 'echo $$ >child; exec sleep 1000' & while [ ! -s child ]; do :; done");
    const pid_t child = named_in("child");
    (void)wait_for_end();
    assert_int_equal(kill(child, 0), 0);
    hd_process_sweep();
    assert_gone(child);
}

/// Each in a group of its own, and a child of the one before.
static void what_was_started_by_what_is_swept_up_is_too(void **state)
{
    (void)state;
    start("setsid sh -c 'setsid sh -c \"setsid sleep 1000 & echo \\$! >child; wait\" & wait' & "
          "while [ ! -s child ]; do :; done");
    const pid_t child = named_in("child");
    (void)wait_for_end();
    hd_process_sweep();
    assert_int_equal(kill(child, 0), -1); // not some time later
    assert_int_equal(errno, ESRCH);
}

static void a_signal_is_for_the_whole_group(void **state)
{
    (void)state;
    start("trap : TERM; sh -c 'trap \"echo told >told; exit\" TERM; echo $$ >child; "
          "while :; do sleep 0.01; done'; echo over >over");
    (void)named_in("child");
    hd_process_tell(&process, SIGTERM);
    (void)wait_for_end();
    assert_string_equal(rig_read("over"), "over\n");
}

/// In place of a campaign that is killed: it cannot end what its process has started.
static void a_group_ends_with_who_started_it(void **state)
{
    (void)state;
    const pid_t owner = fork();
    if (owner == 0) {
        start("sleep 1000 & echo $! >child; wait");
        for (;;)
            (void)pause();
    }
    const pid_t child = named_in("child");
    assert_int_equal(kill(owner, SIGKILL), 0);
    assert_int_equal(waitpid(owner, NULL, 0), owner);
    int wait_status = 0;
    while (waitpid(child, &wait_status, 0) != child)
        pause_a_moment(); // it becomes ours as its parent ends
    assert_true(WIFSIGNALED(wait_status));
    assert_int_equal(WTERMSIG(wait_status), SIGKILL);
    hd_process_sweep();
}

int main(void)
{
    hd_process_adopt();
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_enter, rig_leave)
        TEST(what_it_writes_goes_to_its_log),
        TEST(a_program_that_is_not_there_stands_in_the_log),
        TEST(what_does_not_end_is_killed_with_its_group),
        TEST(what_it_left_in_another_group_is_swept_up),
        TEST(what_was_started_by_what_is_swept_up_is_too),
        TEST(a_signal_is_for_the_whole_group),
        TEST(a_group_ends_with_who_started_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
