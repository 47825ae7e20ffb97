// SPDX-License-Identifier: MIT
/// test_target_watch.c: a fuzz target that goes on after a finding, where the heap can be put back
/// and where it cannot.
#include "campaign_rig.h"
#include "harness/campaign/folder.h"
#include "harness/fuzz/history.h"
#include "harness/fuzz/own_stats.h"
#include "harness/fuzz/report.h"
#include "harness/fuzz/watch.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static struct hd_run run;
static const struct hd_op op = {.kind = HD_OP_MALLOC, .slot = 1, .size = 8};
static const struct hd_trace trace = {.ops = &op, .count = 1, .slot_count = 2};
static const struct hd_target_run target_run = {"mine", "-a mine", &trace, &run};
static unsigned recoveries;

static bool recover(void)
{
    recoveries++;
    return true;
}

static bool refuse(void)
{
    return false;
}

static void fall(void *context)
{
    run = (struct hd_run){.step = 1, .phase = HD_PHASE_CALLING, .op = op};
    (void)raise(*(const int *)context);
}

static void hang(void *context)
{
    (void)context;
    run = (struct hd_run){.step = 1, .phase = HD_PHASE_CALLING, .op = op};
    for (;;)
        (void)getppid();
}

static void end(void *context)
{
    (void)context;
    run = (struct hd_run){.step = 1, .phase = HD_PHASE_DONE, .op = op, .operations = 1};
}

/// In a process of its own, since much of it lasts as long as the process.
static int in_child(void (*work)(void))
{
    const pid_t child = fork();
    if (child == 0) {
        (void)close(STDERR_FILENO);
        work();
        _exit(0);
    }
    int wait_status = 0;
    assert_true(waitpid(child, &wait_status, 0) == child);
    return wait_status;
}

static void begin(bool goes_on, bool (*function)(void))
{
    hd_own_stats_open("stats");
    hd_report_start(".", goes_on);
    hd_watch_start(1, goes_on);
    hd_target_recovery(function);
}

static void fall_twice_and_go_on(void)
{
    begin(true, recover);
    static int signals[] = {SIGSEGV, SIGABRT, SIGSEGV};
    hd_own_stats_count_input((const uint8_t *)"input", 5);
    for (int i = 0; i < 3; i++) {
        hd_own_stats_count_input((const uint8_t *)"input", 5);
        if (hd_target_watch(&target_run, fall, &signals[i])) _exit(1);
    }
    if (!hd_target_watch(&target_run, end, NULL)) _exit(2);
    if (recoveries != 3) _exit(3);
}

static const struct hd_stats *stats(void)
{
    return (const void *)rig_read("stats");
}

static void after_a_crash_it_goes_on_where_the_heap_is_put_back(void **state)
{
    (void)state;
    assert_int_equal(in_child(fall_twice_and_go_on), 0);
    assert_true(rig_exists("mine-progress-malloc-SIGSEGV-in-call.trace"));
    assert_true(rig_exists("mine-progress-malloc-SIGABRT-in-call.trace"));
    assert_int_equal(stats()->findings, 3);
    assert_int_equal(stats()->operations, 1);
    assert_int_equal(stats()->inputs, 4);
    assert_int_equal(stats()->first_inputs, 2);
    assert_string_equal(stats()->first_signature, "progress/malloc/SIGSEGV-in-call");
    assert_int_equal(stats()->in_run, 0);
    assert_true(stats()->first_ns > 0);
}

static void hang_and_go_on(void)
{
    begin(true, recover);
    if (hd_target_watch(&target_run, hang, NULL)) _exit(1);
}

static void after_a_hang_too(void **state)
{
    (void)state;
    assert_int_equal(in_child(hang_and_go_on), 0);
    assert_true(rig_exists("mine-progress-malloc-hang-in-call.trace"));
}

static void leave(void *context)
{
    (void)context;
    run = (struct hd_run){.step = 1, .phase = HD_PHASE_CALLING, .op = op};
    exit(0);
}

static void leave_at_once(void)
{
    begin(true, recover);
    (void)!hd_target_watch(&target_run, leave, NULL);
}

static void an_exit_in_a_run_is_a_finding(void **state)
{
    (void)state;
    assert_int_equal(WEXITSTATUS(in_child(leave_at_once)), HD_TARGET_FOUND);
    assert_true(rig_exists("mine-progress-malloc-exit-in-call.trace"));
}

static void fall_for_good(void)
{
    static int segv = SIGSEGV;
    begin(true, refuse);
    (void)!hd_target_watch(&target_run, fall, &segv);
    _exit(1);
}

static void fall_without_recovery(void)
{
    static int segv = SIGSEGV;
    begin(true, NULL);
    (void)!hd_target_watch(&target_run, fall, &segv);
    _exit(1);
}

static void fall_as_a_target_by_itself(void)
{
    static int segv = SIGSEGV;
    begin(false, recover);
    (void)!hd_target_watch(&target_run, fall, &segv);
    _exit(1);
}

static void without_a_heap_put_back_the_process_ends(void **state)
{
    (void)state;
    assert_int_equal(WEXITSTATUS(in_child(fall_for_good)), HD_TARGET_FOUND);
    assert_int_equal(WEXITSTATUS(in_child(fall_without_recovery)), HD_TARGET_FOUND);
    assert_int_equal(WTERMSIG(in_child(fall_as_a_target_by_itself)), SIGABRT);
}

static void give_up(void *context)
{
    (void)context;
    run = (struct hd_run){.step = 1, .phase = HD_PHASE_CALLING, .op = op};
    struct hd_message message;
    hd_target_give_up(hd_fail(&message, HD_UNAVAILABLE, "no way to go on"), &message);
}

static void give_up_in_a_run(void)
{
    begin(true, recover);
    (void)!hd_target_watch(&target_run, give_up, NULL);
}

static void what_the_world_ends_in_a_run_is_no_finding(void **state)
{
    (void)state;
    assert_int_equal(WEXITSTATUS(in_child(give_up_in_a_run)), HD_UNAVAILABLE);
    assert_false(rig_exists("mine-progress-malloc-exit-in-call.trace"));
    assert_int_equal(stats()->findings, 0);
}

static void end_without_a_word(void *context)
{
    (void)context;
    _exit(0);
}

static void die_in_a_run(void)
{
    begin(true, recover);
    hd_own_stats_count_input((const uint8_t *)"deadly", 6);
    (void)!hd_target_watch(&target_run, end_without_a_word, NULL);
}

static void go_on_after_another(void)
{
    begin(true, recover);
    hd_own_stats_count_input((const uint8_t *)"next", 4);
    if (!hd_target_watch(&target_run, end, NULL)) _exit(1);
}

static void a_death_in_a_run_is_seen_by_the_next_process(void **state)
{
    (void)state;
    assert_int_equal(in_child(die_in_a_run), 0);
    assert_true(stats()->in_run != 0);
    assert_int_equal(stats()->deaths, 0);
    for (int i = 0; i < 2; i++) { // the second has nobody dead before it
        assert_int_equal(in_child(go_on_after_another), 0);
        assert_int_equal(stats()->in_run, 0);
        assert_int_equal(stats()->deaths, 1);
        assert_int_equal(stats()->died.size, 6);
        assert_memory_equal(stats()->died.bytes, "deadly", 6);
    }
    assert_int_equal(stats()->findings, 0); // nobody has looked into it
}

static void *raise_in_thread(void *nothing)
{
    (void)raise(SIGSEGV);
    return nothing;
}

static void fall_in_a_thread(void *context)
{
    (void)context;
    run = (struct hd_run){.step = 1, .phase = HD_PHASE_CALLING, .op = op};
    pthread_t thread;
    if (pthread_create(&thread, NULL, raise_in_thread, NULL) != 0) _exit(2);
    (void)pthread_join(thread, NULL);
}

static void fall_in_a_thread_and_end(void)
{
    begin(true, recover);
    (void)!hd_target_watch(&target_run, fall_in_a_thread, NULL);
    _exit(1);
}

/// Which thread falls does not matter to what is found, but only one of them can go on after it.
static void a_crash_of_another_thread_ends_the_process(void **state)
{
    (void)state;
    assert_int_equal(WEXITSTATUS(in_child(fall_in_a_thread_and_end)), HD_TARGET_FOUND);
    assert_true(rig_exists("mine-progress-malloc-SIGSEGV-in-call.trace"));
    assert_int_equal(stats()->findings, 1);
}

#define FALL "mine-progress-malloc-SIGSEGV-in-call"

static void fall_with_history(void)
{
    static int segv = SIGSEGV;
    begin(true, recover);
    hd_history_open();
    hd_history_add((const uint8_t *)"", 0);
    hd_history_add((const uint8_t *)"", 0);
    if (hd_target_watch(&target_run, fall, &segv)) _exit(1);
}

/// It is of a process that died before its trace had a name, or whose trace was removed.
static void a_history_without_a_trace_is_not_taken_for_another_ones(void **state)
{
    (void)state;
    rig_write(FALL ".history.bin", "of another one");
    assert_int_equal(in_child(fall_with_history), 0);
    assert_true(rig_exists(FALL ".trace"));
    assert_true(rig_exists(FALL ".history.bin"));
    assert_string_equal(rig_read(FALL ".history.bin"), ""); // of two empty inputs

    assert_int_equal(unlink(FALL ".trace"), 0);
    rig_write(FALL ".history.bin", "of another one");
    assert_int_equal(WEXITSTATUS(in_child(fall_without_recovery)), HD_TARGET_FOUND);
    assert_false(rig_exists(FALL ".history.bin"));
}

// ---------------------------------------------------------------------------- no room

static rlim_t file_bytes; // that files may be long

static void fall_where_files_are_short(void)
{
    static int segv = SIGSEGV;
    begin(true, recover);
    (void)signal(SIGXFSZ, SIG_IGN);
    const struct rlimit limit = {file_bytes, file_bytes};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) _exit(2);
    if (hd_target_watch(&target_run, fall, &segv)) _exit(1);
}

static const struct {
    const char *what;
    rlim_t bytes;
    int error; // 0: it fits
} short_files[] = {
    {"not even its first line", 10, EFBIG},
    {"the trace alone: its comment is cut short", 40, ENOSPC},
    {"all", 1000, 0},
};

static void what_finds_no_room_is_counted_with_its_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof short_files / sizeof short_files[0]; i++) {
        print_message("%s\n", short_files[i].what);
        (void)unlink("stats");
        file_bytes = short_files[i].bytes;
        assert_int_equal(in_child(fall_where_files_are_short), 0);
        assert_int_equal(stats()->unkept, short_files[i].error != 0);
        assert_int_equal(stats()->error, short_files[i].error);
        assert_int_equal(rig_exists(FALL ".trace"), short_files[i].error == 0);
    }
    assert_int_equal(hd_folder_count("."), 2); // the trace and the statistics
}

// ---------------------------------------------------------------------------- oracles

static void find_by(enum hd_oracle_id oracle)
{
    struct hd_finding finding = {.step = 1, .kind = HD_OP_MALLOC};
    (void)hd_finding_set(&finding, "some-place", "some evidence");
    hd_run_add_finding(&run, oracle, &finding);
}

static void report_harmless_then_harmful(void)
{
    begin(true, NULL);
    end(NULL);
    find_by(HD_ORACLE_alignment);
    hd_target_report(&target_run); // returns
    find_by(HD_ORACLE_overlap);
    find_by(HD_ORACLE_content);
    hd_target_report(&target_run);
    _exit(1);
}

static void what_is_harmless_ends_no_process(void **state)
{
    (void)state;
    assert_int_equal(WEXITSTATUS(in_child(report_harmless_then_harmful)), HD_TARGET_FOUND);
    assert_true(rig_exists("mine-alignment-malloc-some-place.trace"));
    assert_true(rig_exists("mine-overlap-malloc-some-place.trace"));
    assert_false(rig_exists("mine-content-malloc-some-place.trace")); // its consequence, perhaps
}

static void report_harmless(void)
{
    begin(false, NULL);
    end(NULL);
    find_by(HD_ORACLE_alignment);
    hd_target_report(&target_run);
    _exit(1);
}

static void a_target_by_itself_ends_on_any_finding(void **state)
{
    (void)state;
    assert_int_equal(WTERMSIG(in_child(report_harmless)), SIGABRT);
}

// ---------------------------------------------------------------------------- an engine's signals

static int armed_in_handler = -1;

static void engines_handler(int signal_number)
{
    (void)signal_number;
    armed_in_handler = hd_tap_thread.armed;
}

static void be_interrupted(void *context)
{
    (void)context;
    hd_tap_arm();
    (void)raise(SIGUSR1);
    const bool armed = hd_tap_thread.armed != 0;
    hd_tap_disarm();
    if (!armed || armed_in_handler != 0) _exit(1);
}

static void interrupt_a_run(void)
{
    const struct sigaction action = {.sa_handler = engines_handler};
    if (sigaction(SIGUSR1, &action, NULL) != 0) _exit(2);
    begin(true, recover);
    if (!hd_target_watch(&target_run, be_interrupted, NULL)) _exit(3);
    (void)raise(SIGUSR2); // for which no engine has a handler: it ends the process
}

static void an_engines_handler_runs_outside_of_the_allocators_call(void **state)
{
    (void)state;
    const int status = in_child(interrupt_a_run);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGUSR2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_enter, rig_leave)
        TEST(after_a_crash_it_goes_on_where_the_heap_is_put_back),
        TEST(after_a_hang_too),
        TEST(an_exit_in_a_run_is_a_finding),
        TEST(without_a_heap_put_back_the_process_ends),
        TEST(what_the_world_ends_in_a_run_is_no_finding),
        TEST(what_finds_no_room_is_counted_with_its_reason),
        TEST(a_history_without_a_trace_is_not_taken_for_another_ones),
        TEST(a_death_in_a_run_is_seen_by_the_next_process),
        TEST(a_crash_of_another_thread_ends_the_process),
        TEST(what_is_harmless_ends_no_process),
        TEST(an_engines_handler_runs_outside_of_the_allocators_call),
        TEST(a_target_by_itself_ends_on_any_finding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
