// SPDX-License-Identifier: MIT
/// test_tap_flows.c: the tap where control does not go straight: forks, threads, signals, jumps.
#include "tests/unit/tapped.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>

#define PAGE       ((size_t)4096)
#define READ_WRITE (PROT_READ | PROT_WRITE)

/// How many calls of this number are in the log.
static unsigned seen(long number)
{
    unsigned count = 0;
    for (uint32_t i = 0; i < hd_tap_log()->count; i++)
        count += hd_tap_log()->calls[i].number == number;
    return count;
}

/// Makes a call, armed, and checks that it is seen: the tap works still.
static void still_tapped(void)
{
    hd_tap_clear();
    hd_tap_refusals()->pending[HD_SYSCALL_munmap] = 1;
    hd_tap_arm();
    const long parent = syscall(SYS_getppid);
    const long refused = syscall(SYS_munmap, 0, 4096);
    hd_tap_disarm();
    CHECK(parent == syscall(SYS_getppid) && refused == -1);
    CHECK(hd_tap_log()->count == 2 && seen(SYS_getppid) == 1 && hd_tap_log()->calls[1].refused);
}

// ---------------------------------------------------------------------------- forks

static void wait_for(pid_t child)
{
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void forking(void)
{
    hd_tap_refusals()->all = true;
    const pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        CHECK(hd_tap_refusals()->all); // as its parent's were
        hd_tap_refuse_nothing();
        still_tapped();
        const pid_t grandchild = fork();
        CHECK(grandchild >= 0);
        still_tapped();
        if (grandchild > 0) wait_for(grandchild);
        _exit(0);
    }
    wait_for(child);
    CHECK(hd_tap_log()->count == 0);
    hd_tap_refuse_nothing();
    still_tapped();
}

static void a_forked_child_is_tapped(void **state)
{
    (void)state;
    tapped(forking);
}

static void forking_while_armed(void)
{
    hd_tap_arm();
    const pid_t child = fork();
    const bool lost = hd_tap_log()->lost > 0;
    hd_tap_disarm();
    CHECK(child >= 0);
    CHECK(lost || hd_tap_way() != HD_TAP_DISPATCH);
    still_tapped();
    if (child == 0) _exit(0);
    wait_for(child);
}

static void a_fork_while_armed_ends_well(void **state)
{
    (void)state;
    tapped(forking_while_armed);
}

// ---------------------------------------------------------------------------- threads

static atomic_int thread_step;

static void *work_unseen(void *data)
{
    (void)data;
    bool right = true;
    for (unsigned i = 0; i < 1000; i++) {
        void *memory = mmap(NULL, PAGE, READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        right = right && memory != MAP_FAILED && munmap(memory, PAGE) == 0;
    }
    hd_tap_refusals()->all = true;
    hd_tap_arm(); // as a driver does that knows of no threads
    void *memory = mmap(NULL, PAGE, READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    hd_tap_disarm();
    right = right && memory != MAP_FAILED;
    right = right && hd_tap_log()->count == 0 && hd_tap_log()->lost == 0;
    atomic_store(&thread_step, right ? 2 : 3);
    return NULL;
}

static void with_a_second_thread(void)
{
    pthread_t thread;
    atomic_store(&thread_step, 0);
    CHECK(pthread_create(&thread, NULL, work_unseen, NULL) == 0);
    hd_tap_clear();
    hd_tap_arm();
    while (atomic_load(&thread_step) == 0) {} // makes no call itself
    hd_tap_disarm();
    CHECK(atomic_load(&thread_step) == 2);
    CHECK(hd_tap_log()->count == 0 && hd_tap_log()->lost == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    still_tapped();
}

static void a_second_thread_is_not_seen_and_works(void **state)
{
    (void)state;
    tapped(with_a_second_thread);
}

static void *note_that_it_ran(void *data)
{
    atomic_store((atomic_int *)data, 1);
    return NULL;
}

static void making_a_thread_while_armed(void)
{
    pthread_t thread;
    atomic_int ran = 0;
    hd_tap_arm();
    const int error = pthread_create(&thread, NULL, note_that_it_ran, &ran);
    const bool lost = hd_tap_log()->lost > 0;
    hd_tap_disarm();
    CHECK(error == 0 && pthread_join(thread, NULL) == 0);
    CHECK(atomic_load(&ran) == 1);
    CHECK(seen(SYS_mmap) >= 1); // its stack
    CHECK(lost || hd_tap_way() != HD_TAP_DISPATCH);
    still_tapped();
}

static void a_thread_can_be_made_while_armed(void **state)
{
    (void)state;
    tapped(making_a_thread_while_armed);
}

// ---------------------------------------------------------------------------- handlers

static volatile sig_atomic_t handled;

static void count_signal(int number)
{
    (void)number;
    handled++;
    (void)syscall(SYS_getuid); // a call of the handler's own
}

static void handle_with(int number, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_flags = flags};
    action.sa_handler = handler;
    CHECK(sigemptyset(&action.sa_mask) == 0);
    CHECK(sigaction(number, &action, NULL) == 0);
    hd_tap_let_handlers_through(); // needed where a sanitizer blocks all signals in a handler
}

static void raising(void)
{
    handle_with(SIGUSR1, count_signal, 0);
    hd_tap_arm();
    const int result = raise(SIGUSR1);
    const int times = handled;
    const long parent = syscall(SYS_getppid);
    hd_tap_disarm();
    CHECK(result == 0 && times == 1 && parent == getppid());
    CHECK(seen(SYS_tgkill) == 1 && seen(SYS_getuid) == 1 && seen(SYS_getppid) == 1);
    still_tapped();
}

static void a_handler_returns_into_an_armed_region(void **state)
{
    (void)state;
    tapped(raising);
}

static void with_all_signals_blocked(void)
{
    struct sigaction action = {.sa_flags = 0};
    action.sa_handler = count_signal;
    CHECK(sigfillset(&action.sa_mask) == 0);
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    hd_tap_let_handlers_through();
    hd_tap_arm();
    const int result = raise(SIGUSR1);
    const int times = handled;
    hd_tap_disarm();
    CHECK(result == 0 && times == 1 && seen(SYS_getuid) == 1);
    CHECK(sigaction(SIGUSR1, NULL, &action) == 0 && action.sa_handler == count_signal);
    CHECK(sigismember(&action.sa_mask, SIGTERM) == 1);
    still_tapped();
}

static void a_handler_that_blocks_all_signals_can_be_let_through(void **state)
{
    (void)state;
    tapped(with_all_signals_blocked);
}

/// Signals that come at any instruction, of the tap's own handler as well.
static void interrupting(void)
{
    handle_with(SIGALRM, count_signal, SA_RESTART);
    const struct itimerval often = {{0, 500}, {0, 500}}; // each 0.5 ms
    const struct itimerval never = {{0, 0}, {0, 0}};
    const long parent = syscall(SYS_getppid);
    const int wanted = handled + 200;
    bool right = true;
    CHECK(setitimer(ITIMER_REAL, &often, NULL) == 0);
    while (handled < wanted && right) {
        hd_tap_clear();
        hd_tap_arm();
        for (unsigned i = 0; i < 50; i++)
            right = right && syscall(SYS_getppid) == parent;
        hd_tap_disarm();
        right = right && seen(SYS_getppid) == 50;
        (void)usleep(1); // where ThreadSanitizer, which keeps signals back, lets them in
    }
    CHECK(setitimer(ITIMER_REAL, &never, NULL) == 0);
    CHECK(right);
    still_tapped();
}

static void signals_at_any_instruction_change_nothing(void **state)
{
    (void)state;
    tapped(interrupting);
}

// ---------------------------------------------------------------------------- masks

static bool same_mask(const sigset_t *a, const sigset_t *b)
{
    for (int number = 1; number < 32; number++)
        if (sigismember(a, number) != sigismember(b, number)) return false;
    return true;
}

static void blocking(void)
{
    sigset_t all;
    sigset_t before;
    sigset_t blocked;
    sigset_t after;
    sigset_t one;
    handle_with(SIGUSR1, count_signal, 0);
    CHECK(sigfillset(&all) == 0 && sigemptyset(&one) == 0 && sigaddset(&one, SIGUSR2) == 0);
    CHECK(sigprocmask(SIG_BLOCK, &one, NULL) == 0); // so that there is one to be kept
    CHECK(sigprocmask(SIG_BLOCK, NULL, &before) == 0);
    const int handled_before = handled;

    hd_tap_arm();
    const int results[3] = {sigprocmask(SIG_BLOCK, &all, &after),
                            sigprocmask(SIG_BLOCK, NULL, &blocked),
                            raise(SIGUSR1)};
    const int handled_blocked = handled;
    const long parent = syscall(SYS_getppid); // would kill, with SIGSYS blocked
    const int restored = sigprocmask(SIG_SETMASK, &after, NULL);
    const int handled_restored = handled;
    hd_tap_disarm();

    CHECK(results[0] == 0 && results[1] == 0 && results[2] == 0 && restored == 0);
    CHECK(parent == getppid());
    CHECK(same_mask(&before, &after)); // what was in force, by the call that changed it
    CHECK(sigismember(&blocked, SIGUSR1) == 1 && sigismember(&blocked, SIGTERM) == 1);
    CHECK(handled_blocked == handled_before && handled_restored == handled_before + 1);
    CHECK(sigprocmask(SIG_BLOCK, NULL, &after) == 0);
    CHECK(same_mask(&before, &after) && sigismember(&after, SIGUSR2) == 1);
    CHECK(seen(SYS_rt_sigprocmask) >= 3); // a sanitizer may make more, through libc
    still_tapped();
}

static void signals_can_be_blocked_while_armed(void **state)
{
    (void)state;
    tapped(blocking);
}

static void wrong_masks(void)
{
    sigset_t before;
    sigset_t after;
    CHECK(sigprocmask(SIG_BLOCK, NULL, &before) == 0);
    hd_tap_arm();
    const long how = syscall(SYS_rt_sigprocmask, 77, &before, NULL, 8);
    const int how_error = errno;
    const long size = syscall(SYS_rt_sigprocmask, SIG_BLOCK, &before, NULL, 5);
    const int size_error = errno;
    const long place = syscall(SYS_rt_sigprocmask, SIG_BLOCK, (void *)8, NULL, 8);
    const int place_error = errno;
    hd_tap_disarm();
    CHECK(how == -1 && how_error == EINVAL && size == -1 && size_error == EINVAL);
    CHECK(place == -1 && place_error == EFAULT);
    CHECK(sigprocmask(SIG_BLOCK, NULL, &after) == 0);
    CHECK(same_mask(&before, &after));
}

static void a_wrong_mask_fails_as_ever(void **state)
{
    (void)state;
    tapped(wrong_masks);
}

// ---------------------------------------------------------------------------- jumps

static sigjmp_buf way_out;

static void jump_out(int number)
{
    (void)number;
    siglongjmp(way_out, 1);
}

static void falling(void)
{
    handle_with(SIGSEGV, jump_out, 0);
    volatile char *page = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    sigset_t before;
    sigset_t after;
    CHECK(sigprocmask(SIG_BLOCK, NULL, &before) == 0);
    for (volatile unsigned i = 0; i < 100; i++) {
        hd_tap_clear();
        if (sigsetjmp(way_out, 1) == 0) {
            hd_tap_arm();
            (void)syscall(SYS_getppid);
            page[i] = 1;
            hd_check_failed("written to", __FILE__, __LINE__);
        }
        (void)syscall(SYS_getppid); // armed still
        hd_tap_disarm();
        CHECK(seen(SYS_getppid) == 2);
    }
    CHECK(sigprocmask(SIG_BLOCK, NULL, &after) == 0);
    CHECK(same_mask(&before, &after));
    still_tapped();
}

static void a_fall_can_be_jumped_out_of(void **state)
{
    (void)state;
    tapped(falling);
}

/// A kernel that cannot read or write where a call says answers EFAULT, as without a tap.
static void bad_addresses(void)
{
    hd_tap_arm();
    const long result = syscall(SYS_pipe2, (void *)8, 0);
    const int error = errno;
    hd_tap_disarm();
    CHECK(result == -1 && error == EFAULT);
    still_tapped();
}

static void a_bad_address_fails_as_ever(void **state)
{
    (void)state;
    tapped(bad_addresses);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_forked_child_is_tapped),
        cmocka_unit_test(a_fork_while_armed_ends_well),
        cmocka_unit_test(a_second_thread_is_not_seen_and_works),
        cmocka_unit_test(a_thread_can_be_made_while_armed),
        cmocka_unit_test(a_handler_returns_into_an_armed_region),
        cmocka_unit_test(a_handler_that_blocks_all_signals_can_be_let_through),
        cmocka_unit_test(signals_at_any_instruction_change_nothing),
        cmocka_unit_test(signals_can_be_blocked_while_armed),
        cmocka_unit_test(a_wrong_mask_fails_as_ever),
        cmocka_unit_test(a_fall_can_be_jumped_out_of),
        cmocka_unit_test(a_bad_address_fails_as_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
