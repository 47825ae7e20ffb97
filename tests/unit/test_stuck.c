// SPDX-License-Identifier: MIT
/// test_stuck.c: who never ends is told to be stuck, who is only slow is not, and goes on unharmed.
#include "harness/base/clock.h"
#include "harness/fresh/pages.h"
#include "harness/runner/stuck.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define INSTRUCTIONS 400
#define NS           UINT64_C(60000000000) // on the busiest machine they are carried out in that

// ---------------------------------------------------------------------------- who never ends

static void locks_twice(void)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    (void)pthread_mutex_lock(&lock);
    (void)pthread_mutex_lock(&lock);
}

struct link {
    struct link *volatile next;
};

static void follows_a_cycle(void)
{
    static struct link links[3] = {{&links[1]}, {&links[2]}, {&links[0]}};
    const struct link *link = &links[0];
    while (link->next != NULL)
        link = link->next;
}

/// Memory changes all the time, and is as it was after each two rounds.
static void turns_back_and_forth(void)
{
    static volatile int on;
    for (;;)
        on = !on;
}

static void waits_for_a_flag(void)
{
    static volatile bool never;
    while (!never)
        continue;
}

// ---------------------------------------------------------------------------- who ends

// Some tenths of a second each; all end with status 0 if nobody was disturbed.

static void counts(void)
{
    for (volatile unsigned long rounds = 0; rounds < 100000000; rounds++)
        continue;
}

static void watches_the_time(void)
{
    const double end = hd_now_s() + 0.3;
    while (hd_now_s() < end)
        continue;
}

/// The same second is read again and again, from memory, without a call.
static void watches_the_second(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_REALTIME_COARSE, &time);
    const time_t end = time.tv_sec + 2;
    while (time.tv_sec < end)
        (void)clock_gettime(CLOCK_REALTIME_COARSE, &time);
}

static void asks_the_kernel(void)
{
    const double end = hd_now_s() + 0.3;
    while (hd_now_s() < end)
        (void)sched_yield();
}

static void sleeps(void)
{
    const struct timespec time = {.tv_nsec = 300000000};
    (void)nanosleep(&time, NULL);
}

static void waits_for_a_lock_until(void)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    struct timespec time;
    (void)clock_gettime(CLOCK_REALTIME, &time);
    time.tv_sec++;
    (void)pthread_mutex_lock(&lock);
    if (pthread_mutex_timedlock(&lock, &time) != ETIMEDOUT) _exit(1);
}

static volatile bool released;

static void *release(void *lock)
{
    sleeps();
    released = true;
    (void)pthread_mutex_unlock(lock);
    return NULL;
}

static void waits_for_another_thread(void)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_t thread;
    (void)pthread_mutex_lock(&lock);
    if (pthread_create(&thread, NULL, release, &lock) != 0) _exit(1);
    (void)pthread_mutex_lock(&lock);
    (void)pthread_join(thread, NULL);
}

static void *say_begun(void *begun)
{
    (void)sem_post(begun);
    return NULL;
}

/// It has one thread, and a moment later it waits for another.
static void waits_for_threads_to_begin(void)
{
    for (unsigned i = 0; i < 5000; i++) {
        sem_t begun;
        pthread_t thread;
        if (sem_init(&begun, 0, 0) != 0 || pthread_create(&thread, NULL, say_begun, &begun) != 0)
            _exit(1);
        while (sem_wait(&begun) != 0)
            continue;
        (void)pthread_join(thread, NULL);
    }
}

static volatile sig_atomic_t rang;

static void ring(int signal)
{
    (void)signal;
    rang = 1;
}

static void spins_for_an_alarm(void)
{
    const struct itimerval later = {.it_value.tv_usec = 300000};
    (void)signal(SIGALRM, ring);
    (void)setitimer(ITIMER_REAL, &later, NULL);
    while (!rang)
        continue;
}

static void spins_for_another_thread(void)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_t thread;
    (void)pthread_mutex_lock(&lock);
    if (pthread_create(&thread, NULL, release, &lock) != 0) _exit(1);
    while (!released)
        continue;
    (void)pthread_join(thread, NULL);
}

#if defined(__x86_64__)
/// What pushf saves of a single step must not come back by popf.
static void saves_its_flags(void)
{
    static volatile unsigned i; // below the stack's end would be where pushf writes
    for (i = 0; i < 3000000; i++)
        __asm__ volatile("pushfq; popfq" ::: "memory", "cc");
}

static volatile unsigned trapped;

static void count_trap(int signal)
{
    (void)signal;
    trapped++;
}

/// Its own traps are no single steps.
static void traps(void)
{
    (void)signal(SIGTRAP, count_trap);
    for (unsigned i = 0; i < 300000; i++)
        __asm__ volatile("int3");
    if (trapped != 300000) _exit(1);
}
#endif

// ---------------------------------------------------------------------------- watched

static const struct {
    const char *name;
    void (*work)(void);
    enum hd_stuck stuck;
} rows[] = {
    {"locks twice", locks_twice, HD_STUCK_LOCK},
    {"follows a cycle", follows_a_cycle, HD_STUCK_LOOP},
    {"turns back and forth", turns_back_and_forth, HD_STUCK_LOOP},
    {"waits for a flag", waits_for_a_flag, HD_STUCK_LOOP},
    {"counts", counts, HD_STUCK_NOT},
    {"watches the time", watches_the_time, HD_STUCK_NOT},
    {"watches the second", watches_the_second, HD_STUCK_NOT},
    {"asks the kernel", asks_the_kernel, HD_STUCK_NOT},
    {"sleeps", sleeps, HD_STUCK_NOT},
    {"waits for a lock until", waits_for_a_lock_until, HD_STUCK_NOT},
    {"waits for another thread", waits_for_another_thread, HD_STUCK_NOT},
    {"spins for another thread", spins_for_another_thread, HD_STUCK_NOT},
    {"waits for threads to begin", waits_for_threads_to_begin, HD_STUCK_NOT},
    {"spins for an alarm", spins_for_an_alarm, HD_STUCK_NOT},
#if defined(__x86_64__)
    {"saves its flags", saves_its_flags, HD_STUCK_NOT},
    {"traps", traps, HD_STUCK_NOT},
#endif
};

static bool loops_are_told(void)
{
    struct hd_pages pages;
    hd_pages_open_of(&pages, getpid());
    const bool told = hd_pages_can_list(&pages);
    hd_pages_close(&pages);
#if defined(__x86_64__) && !HD_IS_SANITIZED
    return told;
#else
    (void)told;
    return false;
#endif
}

/// What the child was told to be until it ended, or until it was told to be stuck.
static enum hd_stuck watch(pid_t child, int *wait_status)
{
    enum hd_stuck stuck = HD_STUCK_NOT;
    const struct timespec between = {.tv_nsec = 5000000};
    while (stuck == HD_STUCK_NOT && waitpid(child, wait_status, WNOHANG) == 0) {
        stuck = hd_stuck_look(child, INSTRUCTIONS, NS);
        (void)nanosleep(&between, NULL);
    }
    if (stuck == HD_STUCK_NOT) return stuck;
    (void)kill(child, SIGKILL);
    (void)waitpid(child, wait_status, 0);
    return stuck;
}

static void who_never_ends_is_told_and_who_does_is_not(void **state)
{
    (void)state;
    const bool told = loops_are_told();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].stuck == HD_STUCK_LOOP && !told) continue;
        const pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
            rows[i].work();
            _exit(0);
        }
        int wait_status = -1;
        const enum hd_stuck stuck = watch(child, &wait_status);
        if (stuck != rows[i].stuck) fail_msg("%s: %d", rows[i].name, (int)stuck);
        if (stuck == HD_STUCK_NOT && wait_status != 0)
            fail_msg("%s: ended by %#x", rows[i].name, (unsigned)wait_status);
    }
}

static void no_step_is_made_when_the_time_is_over(void **state)
{
    (void)state;
    if (!loops_are_told()) skip();
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        waits_for_a_flag();
    }
    assert_false(hd_goes_round(child, INSTRUCTIONS, 0));
    int wait_status;
    assert_int_equal(watch(child, &wait_status), HD_STUCK_LOOP);
}

static void one_that_has_ended_is_not_stuck_and_not_reaped(void **state)
{
    (void)state;
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) _exit(7);
    siginfo_t info;
    assert_int_equal(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
    assert_int_equal(hd_stuck_look(child, INSTRUCTIONS, NS), HD_STUCK_NOT);
    assert_false(hd_goes_round(child, INSTRUCTIONS, NS));
    int wait_status;
    assert_int_equal(waitpid(child, &wait_status, 0), child);
    assert_int_equal(WEXITSTATUS(wait_status), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_never_ends_is_told_and_who_does_is_not),
        cmocka_unit_test(no_step_is_made_when_the_time_is_over),
        cmocka_unit_test(one_that_has_ended_is_not_stuck_and_not_reaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
