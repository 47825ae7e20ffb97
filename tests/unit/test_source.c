// SPDX-License-Identifier: MIT
/// test_source.c: bytes come in order, however the system hands them out.
#include "harness/trace/source.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define STREAM_SIZE 200000

static uint8_t window[HD_SOURCE_WINDOW];
static struct hd_message message;
static pid_t writer;

/// The byte at a place of the stream; its period is no multiple of a read's size.
static uint8_t byte_at(size_t place)
{
    return (uint8_t)(place % 251);
}

static void do_nothing(int number)
{
    (void)number;
}

/// A child that writes the stream in pieces of every size; returns where to read it.
static int start_writer(void)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    writer = fork();
    if (writer != 0) {
        assert_int_equal(close(ends[1]), 0);
        return ends[0];
    }
    uint8_t piece[1000];
    for (size_t done = 0, size = 0; done < STREAM_SIZE; done += size) {
        size = done % 997 + 1 < STREAM_SIZE - done ? done % 997 + 1 : STREAM_SIZE - done;
        for (size_t i = 0; i < size; i++)
            piece[i] = byte_at(done + i);
        if (write(ends[1], piece, size) != (ssize_t)size) _exit(1);
        if (done % 5 == 0) (void)usleep(500);
    }
    _exit(0);
}

static void pieces_and_signals_do_not_matter(void **state)
{
    (void)state;
    // No SA_RESTART: each tick ends a waiting read with EINTR.
    const struct sigaction action = {.sa_handler = do_nothing};
    const struct itimerval ticks = {.it_interval = {.tv_usec = 300}, .it_value = {.tv_usec = 300}};
    const int fd = start_writer();
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &ticks, NULL), 0);

    struct hd_source source;
    size_t place = 0;
    hd_source_from_file(&source, "pipe", fd, window);
    for (;;) {
        const size_t want = place % 1025 + 1;
        assert_int_equal(hd_source_peek(&source, want, &message), HD_OK);
        const size_t ready = hd_source_ready(&source);
        if (ready == 0) break;
        if (ready < want) assert_int_equal(place + ready, STREAM_SIZE);
        const size_t used = ready < want ? ready : want;
        for (size_t i = 0; i < used; i++)
            assert_int_equal(source.next[i], byte_at(place + i));
        source.next += used;
        place += used;
    }
    assert_int_equal(place, STREAM_SIZE);
    assert_int_equal(close(fd), 0);
}

/// Also after a failure: a writer left behind would hold the test's own output open.
static int stop_writer(void **state)
{
    (void)state;
    const struct itimerval none = {0};
    if (setitimer(ITIMER_REAL, &none, NULL) != 0) return -1;
    (void)kill(writer, SIGKILL);
    return waitpid(writer, NULL, 0) == writer ? 0 : -1;
}

static void memory_lies_ready_at_once(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {1, 2, 3};
    struct hd_source source;
    hd_source_from_memory(&source, "memory", bytes, sizeof bytes);
    assert_int_equal(hd_source_peek(&source, HD_SOURCE_WINDOW, &message), HD_OK);
    assert_int_equal(hd_source_ready(&source), 3);
    assert_ptr_equal(source.next, bytes);
    hd_source_from_memory(&source, "nothing", NULL, 0);
    assert_int_equal(hd_source_peek(&source, 1, &message), HD_OK);
    assert_int_equal(hd_source_ready(&source), 0);
}

static void read_errors_are_said(void **state)
{
    (void)state;
    struct hd_source source;
    hd_source_from_file(&source, "closed", -1, window);
    assert_int_equal(hd_source_peek(&source, 1, &message), HD_UNAVAILABLE);
    assert_string_equal(message.text, "cannot read closed: Bad file descriptor");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(pieces_and_signals_do_not_matter, stop_writer),
        cmocka_unit_test(memory_lies_ready_at_once),
        cmocka_unit_test(read_errors_are_said),
    };
    return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}
