// SPDX-License-Identifier: MIT
/// watched.c: fork, execute, poll, reap.
#include "harness/runner/watched.h"

#include "harness/base/arena.h"
#include "harness/base/clock.h"
#include "harness/base/run_delay.h"
#include "harness/base/temporary.h"

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

// Whether it is stuck is looked at first after so long, then each time after twice as long, but
// after so much more at most.
#define FIRST_LOOK_MS  20
#define LOOKS_APART_MS 60000
// A look takes a twentieth of the time that the child has run, at most: by instructions, and on a
// busy machine by the clock.
#define INSTRUCTIONS_PER_MS 10
#define LOOK_NS_PER_MS      50000
#define TELLS_APART_MS      200 // between two calls of hd_watch's tell

/// What is to come, in milliseconds that the child ran; UINT64_MAX: never.
struct agenda {
    uint64_t past_ns; // that it ran, or could have: nobody had stopped it or had the processor
    uint64_t seen_ns; // when that was so, of the monotonic clock
    struct hd_run_times times;
    uint64_t deadline;
    uint64_t stuck; // it is looked at, whether it is
    uint64_t tell;
};

/// How long it has run by now, in milliseconds.
static uint64_t past_by_now(struct agenda *agenda, pid_t child)
{
    const uint64_t now = hd_now_ns();
    agenda->past_ns += hd_run_own_ns(now - agenda->seen_ns, &agenda->times, hd_run_times_of(child));
    agenda->seen_ns = now;
    return agenda->past_ns / 1000000;
}

static uint64_t next_of(const struct agenda *agenda)
{
    uint64_t next = agenda->deadline;
    if (agenda->stuck < next) next = agenda->stuck;
    return agenda->tell < next ? agenda->tell : next;
}

/// The time that it takes is not the child's.
static enum hd_stuck look_at(pid_t child, struct agenda *agenda)
{
    const enum hd_stuck stuck =
        hd_stuck_look(child, agenda->stuck * INSTRUCTIONS_PER_MS, agenda->stuck * LOOK_NS_PER_MS);
    agenda->seen_ns = hd_now_ns();
    agenda->times = hd_run_times_of(child);
    agenda->stuck += agenda->stuck < LOOKS_APART_MS ? agenda->stuck : LOOKS_APART_MS;
    return stuck;
}

/// Does what is to be done by now.
static void go_through(const struct hd_watch *watch, pid_t child, struct agenda *agenda,
                       struct hd_ending *ending)
{
    const uint64_t past = past_by_now(agenda, child);
    ending->timed_out = past >= agenda->deadline;
    if (!ending->timed_out && past >= agenda->stuck) ending->stuck = look_at(child, agenda);
    if (past >= agenda->tell) {
        watch->tell(watch->context);
        agenda->tell = past + TELLS_APART_MS;
    }
}

/// Looks on until the child ends, is stuck, or comes to the deadline: as poll(2) returns.
static int watch_child(const struct hd_watch *watch, pid_t child, int handle,
                       struct hd_ending *ending)
{
    struct agenda agenda = {
        .seen_ns = hd_now_ns(),
        .deadline = watch->deadline_ms != 0 ? watch->deadline_ms : UINT64_MAX,
        .stuck = FIRST_LOOK_MS,
        .tell = watch->tell != NULL ? TELLS_APART_MS : UINT64_MAX,
    };
    while (!hd_ending_is_hang(ending)) {
        struct pollfd wait_for = {.fd = handle, .events = POLLIN};
        const uint64_t past = agenda.past_ns / 1000000;
        const uint64_t next = next_of(&agenda);
        const int ready = poll(&wait_for, 1, next > past ? (int)(next - past) : 0);
        if (ready > 0 || (ready < 0 && errno != EINTR)) return ready;
        go_through(watch, child, &agenda, ending);
    }
    return 0;
}

/// Waits for the child, and kills it where it hangs.
static enum hd_status await(const struct hd_watch *watch, pid_t child, struct hd_ending *ending,
                            struct hd_message *message)
{
    const int handle = pidfd_open(child, 0);
    const int ready = handle >= 0 ? watch_child(watch, child, handle, ending) : -1;
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

/// Becomes this program anew, with the files at hand. Never returns.
static _Noreturn void become_child(const struct hd_watch *watch, int output)
{
    char numbers[HD_WATCHED_FILES_MAX][16];
    char *argv[HD_WATCHED_FILES_MAX + 2] = {(char *)watch->name};
    (void)setpgid(0, 0); // so that what the allocator forks ends with it
    bool ready = dup2(output, STDOUT_FILENO) >= 0 && dup2(output, STDERR_FILENO) >= 0;
    for (size_t i = 0; i < watch->file_count; i++) {
        (void)snprintf(numbers[i], sizeof numbers[i], "%d", watch->files[i]);
        argv[i + 1] = numbers[i];
        ready = ready && fcntl(watch->files[i], F_SETFD, 0) == 0;
    }
    if (ready) (void)execv("/proc/self/exe", argv);
    (void)dprintf(output, "cannot execute /proc/self/exe for a child: %s", strerror(errno));
    _exit(HD_UNAVAILABLE);
}

enum hd_status hd_watched_run(const struct hd_watch *watch, struct hd_ending *ending,
                              struct hd_message *message)
{
    const int output = memfd_create("heapduel-output", MFD_CLOEXEC);
    if (output < 0)
        return hd_fail(message, HD_UNAVAILABLE, "cannot make a file in memory: %s",
                       strerror(errno));
    (void)fflush(NULL); // what is buffered is ours to write, not the child's
    const pid_t child = fork();
    if (child == 0) become_child(watch, output);
    enum hd_status status =
        child > 0 ? await(watch, child, ending, message)
                  : hd_fail(message, HD_UNAVAILABLE, "cannot fork: %s", strerror(errno));
    if (status == HD_OK) hd_ending_read_output(ending, output);
    (void)close(output);
    return status;
}

// ---------------------------------------------------------------------------- the files

static void *map(int file, size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, file, 0);
    return memory != MAP_FAILED ? memory : NULL;
}

/// Maps a file just made, if it was and has room; else closes it. `error`: why there is no room.
static enum hd_status map_made(int *file, int error, size_t bytes, void **memory,
                               struct hd_message *message)
{
    *memory = NULL;
    if (*file >= 0 && error == 0) {
        *memory = map(*file, bytes);
        if (*memory != NULL) return HD_OK;
        error = errno;
    }
    if (*file >= 0) (void)close(*file);
    *file = -1;
    return hd_fail(message, HD_UNAVAILABLE, "no memory for a trace of %zu bytes: %s", bytes,
                   strerror(error));
}

enum hd_status hd_watched_map(size_t bytes, int *file, void **memory, struct hd_message *message)
{
    *file = memfd_create("heapduel-job", MFD_CLOEXEC);
    const bool made = *file >= 0 && ftruncate(*file, (off_t)bytes) == 0;
    return map_made(file, made ? 0 : errno, bytes, memory, message);
}

#define IN_MEMORY ((size_t)1 << 20)

enum hd_status hd_watched_map_filled(size_t bytes, int *file, void **memory,
                                     struct hd_message *message)
{
    if (bytes <= IN_MEMORY) return hd_watched_map(bytes, file, memory, message);
    *file = hd_temporary_space("heapduel-job");
    const int error = *file >= 0 ? posix_fallocate(*file, 0, (off_t)bytes) : errno;
    return map_made(file, error, bytes, memory, message);
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
