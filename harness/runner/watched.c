// SPDX-License-Identifier: MIT
/// watched.c: fork, execute, poll, reap.
#include "harness/runner/watched.h"

#include "harness/base/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIRST_LOOK_MS       20    // whether it is stuck; then each time after twice as long,
#define LOOKS_APART_MS      60000 // but so much more at most
#define INSTRUCTIONS_PER_MS 10    // that it ran: a look makes it slower by one twentieth at most

static uint64_t look_after(uint64_t look_ms)
{
    return look_ms + (look_ms < LOOKS_APART_MS ? look_ms : LOOKS_APART_MS);
}

/// Waits until the child ends, is stuck, or comes to the deadline (0: none). Negative: it cannot be
/// waited for.
static int await_end(pid_t child, int handle, uint64_t deadline_ms, struct hd_ending *ending)
{
    struct pollfd wait_for = {.fd = handle, .events = POLLIN};
    uint64_t waited_ms = 0;
    for (uint64_t look_ms = FIRST_LOOK_MS;; look_ms = look_after(look_ms)) {
        const bool is_last = deadline_ms != 0 && deadline_ms <= look_ms;
        const uint64_t until_ms = is_last ? deadline_ms : look_ms;
        int ready;
        do
            ready = poll(&wait_for, 1, (int)(until_ms - waited_ms));
        while (ready < 0 && errno == EINTR);
        if (ready != 0) return ready;
        waited_ms = until_ms;
        ending->timed_out = is_last;
        if (!is_last) ending->stuck = hd_stuck_look(child, waited_ms * INSTRUCTIONS_PER_MS);
        if (hd_ending_is_hang(ending)) return 0;
    }
}

/// Waits for the child, and kills it where it hangs.
static enum hd_status await(pid_t child, uint32_t deadline_ms, struct hd_ending *ending,
                            struct hd_message *message)
{
    const int handle = pidfd_open(child, 0);
    const int ready = handle >= 0 ? await_end(child, handle, deadline_ms, ending) : -1;
    if (ready < 0) {
        const int error = errno;
        if (handle >= 0) (void)close(handle);
        (void)kill(child, SIGKILL);
        (void)waitpid(child, NULL, 0);
        return hd_fail(message, HD_UNAVAILABLE, "cannot watch a child process: %s",
                       strerror(error));
    }
    (void)close(handle);
    if (hd_ending_is_hang(ending)) (void)kill(child, SIGKILL);
    (void)kill(-child, SIGKILL); // what it forked may hold the job still; until it is reaped the
                                 // group cannot be another's
    while (waitpid(child, &ending->wait_status, 0) < 0)
        HD_ASSERT(errno == EINTR);
    return HD_OK;
}

/// Becomes this program anew, with the file at hand. Never returns.
static _Noreturn void become_child(const char *name, int file, int output)
{
    char number[16];
    (void)setpgid(0, 0); // so that what the allocator forks ends with it
    (void)snprintf(number, sizeof number, "%d", file);
    char *const argv[] = {(char *)name, number, NULL};
    if (dup2(output, STDOUT_FILENO) >= 0 && dup2(output, STDERR_FILENO) >= 0 &&
        fcntl(file, F_SETFD, 0) == 0)
        (void)execv("/proc/self/exe", argv);
    (void)dprintf(output, "cannot execute /proc/self/exe for a child: %s", strerror(errno));
    _exit(HD_UNAVAILABLE);
}

enum hd_status hd_watched_run(const char *name, int file, uint32_t deadline_ms,
                              struct hd_ending *ending, struct hd_message *message)
{
    const int output = memfd_create("heapduel-output", MFD_CLOEXEC);
    if (output < 0)
        return hd_fail(message, HD_UNAVAILABLE, "cannot make a file in memory: %s",
                       strerror(errno));
    (void)fflush(NULL); // what is buffered is ours to write, not the child's
    const pid_t child = fork();
    if (child == 0) become_child(name, file, output);
    enum hd_status status =
        child > 0 ? await(child, deadline_ms, ending, message)
                  : hd_fail(message, HD_UNAVAILABLE, "cannot fork: %s", strerror(errno));
    if (status == HD_OK) hd_ending_read_output(ending, output);
    (void)close(output);
    return status;
}

// ---------------------------------------------------------------------------- the file

static void *map(int file, size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, file, 0);
    return memory != MAP_FAILED ? memory : NULL;
}

enum hd_status hd_watched_map(size_t bytes, int *file, void **memory, struct hd_message *message)
{
    *memory = NULL;
    *file = memfd_create("heapduel-job", MFD_CLOEXEC);
    if (*file >= 0 && ftruncate(*file, (off_t)bytes) == 0) *memory = map(*file, bytes);
    if (*memory != NULL) return HD_OK;
    const int error = errno;
    if (*file >= 0) (void)close(*file);
    return hd_fail(message, HD_UNAVAILABLE, "no memory for a trace of %zu bytes: %s", bytes,
                   strerror(error));
}

// ---------------------------------------------------------------------------- in the child

void *hd_watched_take(const char *text)
{
    const int file = atoi(text);
    struct stat info;
    if (fstat(file, &info) != 0) _exit(HD_UNAVAILABLE);
    void *memory = map(file, (size_t)info.st_size);
    if (memory == NULL) _exit(HD_UNAVAILABLE);
    hd_arena_note(memory, (size_t)info.st_size);
    (void)close(file);
    return memory;
}

void hd_watched_begin(pid_t parent)
{
    static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(HD_UNAVAILABLE); // it died before we asked
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        (void)signal(signals[i], SIG_DFL); // a sanitizer's handler would hide the signal
}
