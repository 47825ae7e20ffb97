// SPDX-License-Identifier: MIT
/// test_loading.c: a subject says whether the tap sees it, whichever was loaded before; and calls
/// its own functions.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "allocators/startup.h"
#include "harness/engine/kernel_side.h"
#include "harness/engine/loading.h"

/// Exit statuses of a child: the subject is seen or unseen, by engine and loader alike, or not
/// there; a block is of its heap, or is not.
enum { SEEN = 10, UNSEEN, ABSENT, AT_ODDS, ITS_OWN, OF_ANOTHER };

static int look(const char *spec, enum hd_tap_way way)
{
    static struct hd_kernel_side side;
    struct hd_subject subject = {0};
    struct hd_message message;
    if (hd_loading_open(spec, way, &subject, &message) != HD_OK) return ABSENT;
    hd_kernel_side_open(&side, &subject);
    if (side.tapped == subject.unseen) return AT_ODDS;
    return side.tapped ? SEEN : UNSEEN;
}

static int exit_status_of(pid_t child)
{
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/// `spec` in a new process, after `first` was loaded there; NULL: nothing was. A process has one
/// tap.
static int look_in_child(const char *first, const char *spec, enum hd_tap_way way)
{
    const pid_t child = fork();
    if (child == 0) {
        if (first != NULL && look(first, way) == ABSENT) _exit(ABSENT);
        _exit(look(spec, way));
    }
    return exit_status_of(child);
}

static void what_cannot_be_patched_is_unseen(void **state)
{
    (void)state;
    assert_int_equal(look_in_child(NULL, "glibc", HD_TAP_GOT), UNSEEN);
    assert_int_equal(look_in_child(NULL, FIXTURES "bump.so", HD_TAP_GOT), UNSEEN);
}

static void a_library_is_seen_and_what_comes_after_it_is_not(void **state)
{
    (void)state;
    const int patched = look_in_child(NULL, "jemalloc", HD_TAP_GOT);
    if (patched == ABSENT) skip();
    assert_int_equal(patched, SEEN);
    assert_int_equal(look_in_child("glibc", "jemalloc", HD_TAP_GOT), SEEN);
    assert_int_equal(look_in_child("jemalloc", "glibc", HD_TAP_GOT), UNSEEN);
    assert_int_equal(look_in_child("jemalloc", "jemalloc", HD_TAP_GOT), SEEN); // loaded already
}

static void the_kernel_hands_over_the_calls_of_all(void **state)
{
    (void)state;
    const int seen = look_in_child(NULL, "glibc", HD_TAP_DISPATCH);
    if (seen == ABSENT) skip(); // not with this kernel
    assert_int_equal(seen, SEEN);
    assert_int_equal(look_in_child(NULL, "brkmap", HD_TAP_DISPATCH), SEEN);
    assert_int_equal(look_in_child(NULL, FIXTURES "bump.so", HD_TAP_DISPATCH), SEEN);
}

static void without_a_tap_none_is_seen(void **state)
{
    (void)state;
    assert_int_equal(look_in_child(NULL, "glibc", HD_TAP_OFF), UNSEEN);
    assert_int_equal(look_in_child(NULL, "brkmap", HD_TAP_OFF), UNSEEN);
}

/// What it asks of the kernel is written down, and refused.
static int call_lender(enum hd_tap_way way)
{
    if (look("brkmap", way) != SEEN) return UNSEEN;
    struct hd_subject subject;
    struct hd_message message;
    if (hd_loading_open("brkmap", way, &subject, &message) != HD_OK) return ABSENT;
    hd_tap_refusals()->pending[HD_SYSCALL_mmap] = 1;
    hd_tap_arm();
    void *refused = subject.allocator.allocate(subject.heap, (size_t)1 << 30);
    void *block = subject.allocator.allocate(subject.heap, (size_t)1 << 30);
    subject.allocator.release(subject.heap, block);
    hd_tap_disarm();
    if (refused != NULL || block == NULL) return AT_ODDS;
    const struct hd_tap_log *log = hd_tap_log();
    return log->count > 2 && log->calls[log->count - 1].number == SYS_munmap &&
                   log->calls[log->count - 2].number == SYS_mmap
               ? SEEN
               : UNSEEN;
}

static int call_lender_in_child(enum hd_tap_way way)
{
    const pid_t child = fork();
    if (child == 0) _exit(call_lender(way));
    return exit_status_of(child);
}

static void one_that_is_compiled_in_is_seen_by_all_ways(void **state)
{
    (void)state;
    assert_int_equal(call_lender_in_child(HD_TAP_GOT), SEEN);
    assert_int_equal(call_lender_in_child(HD_TAP_AUTO), SEEN);
    assert_int_equal(look_in_child("jemalloc", "brkmap", HD_TAP_GOT), SEEN);
    assert_int_equal(look_in_child("brkmap", "glibc", HD_TAP_GOT), UNSEEN);
}

/// Whose malloc the library's calloc calls.
static int call_through(const struct hd_subject *subject)
{
    void *block = subject->allocator.allocate_zeroed(subject->heap, 3, 30);
    return subject->allocator.usable_size(subject->heap, block) == 90 ? ITS_OWN : OF_ANOTHER;
}

static void note_another(int number)
{
    (void)number;
    _exit(OF_ANOTHER);
}

/// Whose block a constructor of the library took: it aborts when it gives back another's.
static int give_back(const struct hd_subject *subject)
{
    (void)signal(SIGABRT, note_another);
    subject->allocator.release(subject->heap, NULL);
    return ITS_OWN;
}

static int try_in_child(const char *file, enum hd_tap_way way,
                        int (*try)(const struct hd_subject *subject))
{
    const pid_t child = fork();
    if (child == 0) {
        struct hd_subject subject = {0};
        struct hd_message message;
        _exit(hd_loading_open(file, way, &subject, &message) == HD_OK ? try(&subject) : ABSENT);
    }
    return exit_status_of(child);
}

static const enum hd_tap_way ways[] = {HD_TAP_OFF, HD_TAP_GOT, HD_TAP_AUTO};

static void a_library_calls_its_own_functions(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        static const char *const files[] = {FIXTURES "calls_itself.so",
                                            FIXTURES "calls_itself_nostart.so"};
        for (size_t j = 0; j < sizeof files / sizeof files[0]; j++)
            assert_int_equal(try_in_child(files[j], ways[i], call_through), ITS_OWN);
    }
}

static void and_so_do_its_constructors(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        assert_int_equal(try_in_child(FIXTURES "allocates_at_load.so", ways[i], give_back),
                         ITS_OWN);
        assert_int_equal(try_in_child(FIXTURES "takes_libcs_at_load.so", ways[i], give_back),
                         OF_ANOTHER);
    }
}

int main(int argc, char **argv)
{
    (void)argc;
    hd_startup(argv); // jemalloc needs its room for thread-local storage
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_patched_is_unseen),
        cmocka_unit_test(a_library_is_seen_and_what_comes_after_it_is_not),
        cmocka_unit_test(the_kernel_hands_over_the_calls_of_all),
        cmocka_unit_test(without_a_tap_none_is_seen),
        cmocka_unit_test(one_that_is_compiled_in_is_seen_by_all_ways),
        cmocka_unit_test(a_library_calls_its_own_functions),
        cmocka_unit_test(and_so_do_its_constructors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
