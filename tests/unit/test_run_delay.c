// SPDX-License-Identifier: MIT
/// test_run_delay.c: time that others had the processor is told, and no deadline counts it.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "allocators/startup.h"
#include "harness/base/run_delay.h"
#include "harness/runner/runner.h"

static void two_numbers_are_taken(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        struct hd_run_times times;
    } rows[] = {
        {"12345 678 9\n", {12345, 678}},
        {"0 18446744073709551615 1\n", {0, UINT64_MAX}},
        {"1 2", {1, 2}},
        {"", {0, 0}},
        {"12345", {0, 0}},
        {"12345 ", {12345, 0}},
        {" 1 2", {0, 0}},
        {"none of these", {0, 0}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct hd_run_times times = hd_run_times_in(rows[i].text);
        if (times.ran != rows[i].times.ran || times.delayed != rows[i].times.delayed)
            fail_msg("%s", rows[i].text);
    }
}

/// Of 100 that passed; the times before are 1000 and 500.
static void what_it_could_have_had_is_its_own(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct hd_run_times now;
        uint64_t own;
    } rows[] = {
        {"ran all the time", {1100, 500}, 100},
        {"slept", {1000, 500}, 100},
        {"waited all the time", {1000, 600}, 0},
        {"ran and waited in turn", {1030, 570}, 30},
        {"ran, waited and slept", {1030, 520}, 80},
        {"many wait, and one runs at a time", {1100, 1200}, 100},
        {"many wait, and one runs now and then", {1010, 1200}, 10},
        {"two run at a time, and others wait", {1200, 900}, 100},
        {"threads ended", {200, 100}, 100},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hd_run_times before = {1000, 500};
        const uint64_t own = hd_run_own_ns(100, &before, rows[i].now);
        if (own != rows[i].own) fail_msg("%s: %ju", rows[i].name, (uintmax_t)own);
        assert_int_equal(before.ran, rows[i].now.ran);
        assert_int_equal(before.delayed, rows[i].now.delayed);
    }
}

static void of_a_process_that_is_no_more_nothing_is_told(void **state)
{
    (void)state;
    const pid_t child = fork();
    if (child == 0) _exit(0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(hd_run_times_of(child).ran, 0);
    assert_int_equal(hd_run_times_of(child).delayed, 0);
}

// ---------------------------------------------------------------------------- a busy processor

#define OTHERS 3

static cpu_set_t before;
static pid_t others[OTHERS];

/// This process and its children have one processor, and three of them do nothing but use it.
static void make_busy(void)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    assert_int_equal(sched_getaffinity(0, sizeof before, &before), 0);
    for (size_t cpu = 0; CPU_COUNT(&one) == 0; cpu++)
        if (CPU_ISSET(cpu, &before)) CPU_SET(cpu, &one);
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
    for (size_t i = 0; i < OTHERS; i++) {
        others[i] = fork();
        if (others[i] != 0) continue;
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (volatile unsigned rounds = 0;; rounds++)
            continue;
    }
}

static void make_idle(void)
{
    for (size_t i = 0; i < OTHERS; i++) {
        (void)kill(others[i], SIGKILL);
        (void)waitpid(others[i], NULL, 0);
    }
    (void)sched_setaffinity(0, sizeof before, &before);
}

/// False: this kernel tells nothing.
static bool is_told(void)
{
    const struct timespec a_moment = {.tv_nsec = 100000000};
    make_busy();
    (void)nanosleep(&a_moment, NULL);
    const uint64_t delayed =
        hd_run_times_of(others[0]).delayed + hd_run_times_of(others[1]).delayed;
    make_idle();
    return delayed > 0;
}

static void who_waits_for_a_processor_is_not_told_to_hang(void **state)
{
    (void)state;
    if (!is_told()) skip();
    const struct hd_op op = {.kind = HD_OP_MALLOC, .slot = 1, .size = 1000}; // a second
    const struct hd_trace trace = {.ops = &op, .count = 1, .slot_count = 2};
    const struct hd_conditions conditions = {.deadline_ms = 2500, .memory_bytes = (size_t)1 << 30};
    struct hd_result result;
    struct hd_message message;
    make_busy();
    const enum hd_status status =
        hd_runner_run(FIXTURES "busy.so", &trace, &conditions, &result, &message);
    make_idle();
    if (status != HD_OK) fail_msg("%s", message.text);
    assert_int_equal(result.run->finding_count, 0);
    hd_result_release(&result);
}

static void who_has_it_too_long_is(void **state)
{
    (void)state;
    const struct hd_op op = {.kind = HD_OP_MALLOC, .slot = 1, .size = 60000};
    const struct hd_trace trace = {.ops = &op, .count = 1, .slot_count = 2};
    const struct hd_conditions conditions = {.deadline_ms = 500, .memory_bytes = (size_t)1 << 30};
    struct hd_result result;
    struct hd_message message;
    if (hd_runner_run(FIXTURES "busy.so", &trace, &conditions, &result, &message) != HD_OK)
        fail_msg("%s", message.text);
    assert_int_equal(result.run->finding_count, 1);
    char signature[HD_SIGNATURE_MAX];
    hd_finding_signature(&result.run->findings[0], signature);
    assert_string_equal(signature, "progress/malloc/hang-in-call");
    hd_result_release(&result);
}

int main(int argc, char **argv)
{
    (void)argc;
    hd_runner_serve(argv);
    hd_startup(argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_numbers_are_taken),
        cmocka_unit_test(what_it_could_have_had_is_its_own),
        cmocka_unit_test(of_a_process_that_is_no_more_nothing_is_told),
        cmocka_unit_test(who_waits_for_a_processor_is_not_told_to_hang),
        cmocka_unit_test(who_has_it_too_long_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
