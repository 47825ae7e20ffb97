// SPDX-License-Identifier: MIT
/// tap.c: choosing a way, and the state of the thread that is tapped.
#include "harness/tap/tap.h"

#include "harness/base/arena.h"
#include "harness/base/page.h"
#include "harness/tap/owner.h"
#include "harness/tap/raw.h"
#include "harness/tap/way.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

const char *const hd_tap_names[HD_TAP_WAYS] = {
#define HD_TAP_WAY(id, name, summary) [HD_TAP_##id] = (name),
#include "harness/tap/ways.def"
#undef HD_TAP_WAY
};

const char *const hd_tap_summaries[HD_TAP_WAYS] = {
#define HD_TAP_WAY(id, name, summary) [HD_TAP_##id] = (summary),
#include "harness/tap/ways.def"
#undef HD_TAP_WAY
};

static const struct hd_way *const ways[HD_TAP_WAYS] = {
    [HD_TAP_OFF] = &hd_way_off,
    [HD_TAP_DISPATCH] = &hd_way_dispatch,
    [HD_TAP_SECCOMP] = &hd_way_seccomp,
    [HD_TAP_GOT] = &hd_way_got,
};

static struct hd_tap_log no_calls; // of a thread that is not tapped
static enum hd_tap_way opened = HD_TAP_OFF;
static unsigned threads_at_open;
static unsigned joined; // threads that are there now; one thread at a time is at work
static bool library_seen; // the last that was loaded

_Thread_local struct hd_tap_thread hd_tap_thread = {.log = &no_calls};
struct hd_tap_refusals hd_tap_refused = {.growth_max = INT64_MAX, .memory_max = INT64_MAX};

enum hd_status hd_tap_find(const char *name, enum hd_tap_way *way, struct hd_message *message)
{
    for (*way = HD_TAP_OFF; *way < HD_TAP_WAYS; (*way)++)
        if (strcmp(name, hd_tap_names[*way]) == 0) return HD_OK;
    if (strcmp(name, "auto") == 0) return HD_OK; // HD_TAP_AUTO, the last
    return hd_fail(message, HD_BAD_INPUT,
                   "the tap is auto, off, dispatch, seccomp or got, not '%.100s'", name);
}

enum hd_tap_way hd_tap_way(void) { return opened; }

void hd_tap_refuse_nothing(void)
{
    const struct hd_tap_refusals *now = &hd_tap_refused;
    hd_tap_refused = (struct hd_tap_refusals){.growth_max = INT64_MAX,
                                              .memory_max = now->memory_max,
                                              .growth = now->growth,
                                              .account = now->account};
}

bool hd_tap_refuses_something(void)
{
    const struct hd_tap_refusals *now = &hd_tap_refused;
    bool some = now->all || now->growth_max != INT64_MAX;
    for (unsigned id = 0; id < HD_REFUSABLES; id++)
        some |= now->pending[id] != 0;
    return some;
}

// ---------------------------------------------------------------------------- off

static enum hd_status open_off(struct hd_message *message)
{
    (void)message;
    return HD_OK;
}

const struct hd_way hd_way_off = {.open = open_off};

// ---------------------------------------------------------------------------- opening

static void in_child(void)
{
    if (ways[opened]->open_thread != NULL) ways[opened]->open_thread();
}

/// valgrind runs the program itself and dies of the prctl; it preloads a part of its own.
static bool under_valgrind(void)
{
    const char *preloaded = getenv("LD_PRELOAD");
    return preloaded != NULL && strstr(preloaded, "vgpreload") != NULL;
}

static enum hd_status open_way(enum hd_tap_way way, struct hd_message *message)
{
    if (way != HD_TAP_OFF && under_valgrind())
        return hd_fail(message, HD_UNAVAILABLE,
                       "under valgrind system calls cannot be tapped; leave --tap away");
    const enum hd_status status = ways[way]->open(message);
    if (status == HD_OK) opened = way;
    return status;
}

/// In memory of its own: the log is written in a signal handler.
static struct hd_tap_log *make_log(void)
{
    void *memory = mmap(NULL, sizeof(struct hd_tap_log), PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return NULL;
    hd_arena_note(memory, sizeof(struct hd_tap_log));
    return memory;
}

enum hd_status hd_tap_open(enum hd_tap_way way, struct hd_message *message)
{
    HD_ASSERT(opened == HD_TAP_OFF);
    if (way == HD_TAP_OFF) return HD_OK;
    hd_tap_thread.log = make_log();
    if (hd_tap_thread.log == NULL) {
        hd_tap_thread.log = &no_calls;
        return hd_fail(message, HD_UNAVAILABLE, "no memory to write system calls down");
    }
    hd_owner_open();
    enum hd_status status = HD_UNAVAILABLE;
    if (way != HD_TAP_AUTO) {
        status = open_way(way, message);
    } else {
        for (way = HD_TAP_OFF + 1; way < HD_TAP_WAYS && status != HD_OK; way++)
            status = open_way(way, message);
        status = HD_OK;
    }
    if (status == HD_OK && opened != HD_TAP_OFF) {
        hd_tap_thread.tapped = true;
        threads_at_open = hd_tap_thread_count();
        hd_tap_let_handlers_through();
        (void)pthread_atfork(NULL, NULL, in_child);
    }
    return status;
}

void hd_tap_library_loaded(void *handle)
{
    library_seen = opened != HD_TAP_OFF;
    if (ways[opened]->library_loaded != NULL)
        library_seen = handle != NULL && ways[opened]->library_loaded(handle);
}

bool hd_tap_sees_library(void) { return library_seen; }

bool hd_tap_sees_all(void) { return ways[opened]->sees_all; }

bool hd_tap_sees_threads(void) { return ways[opened]->sees_clone; }

unsigned hd_tap_threads_at_open(void) { return threads_at_open; }

unsigned hd_tap_thread_count(void)
{
    struct stat tasks; // a folder for each thread, and the two that every folder has
    if (opened == HD_TAP_OFF || ways[opened]->sees_clone) return 0;
    return stat("/proc/self/task", &tasks) == 0 ? (unsigned)tasks.st_nlink - joined : 0;
}

// ---------------------------------------------------------------------------- several threads

void hd_tap_join(const struct hd_tap_thread *other)
{
    joined++;
    hd_tap_thread.tapped = other->tapped;
    hd_tap_thread.log = other->log;
    hd_tap_thread.keeper = other->keeper;
    if (ways[opened]->open_thread != NULL) ways[opened]->open_thread();
}

void hd_tap_leave(void)
{
    hd_tap_thread.ends = true;
    hd_tap_arm();
}

/// pthread_join returns when the thread runs no more code; a little later it is counted no more.
void hd_tap_left(pid_t thread)
{
    while (HD_RAW4(SYS_tgkill, (uint64_t)getpid(), (uint64_t)thread, 0, 0) == 0)
        (void)sched_yield();
    joined--;
}

// ---------------------------------------------------------------------------- trying

/// A call of libc's, made by this program, must be seen, refused where it should be, and not be
/// seen when not armed.
static bool sees_and_refuses(void)
{
    hd_tap_clear();
    hd_tap_refusals()->pending[HD_SYSCALL_munmap] = 1;
    hd_tap_arm();
    const long refused = syscall(SYS_munmap, 0, HD_PAGE);
    const int error = errno;
    const long parent = syscall(SYS_getppid);
    hd_tap_disarm();
    (void)syscall(SYS_getppid);
    const struct hd_tap_log *log = hd_tap_log();
    return refused == -1 && error == hd_syscall_refusal(HD_SYSCALL_munmap) && parent > 0 &&
           log->count == 2 && log->calls[0].refused && log->calls[1].number == SYS_getppid;
}

/// Never returns: 0 works, 1 does not, 2 cannot be opened.
static _Noreturn void try_in_child(enum hd_tap_way way, int channel)
{
    struct hd_message message = {""};
    if (hd_tap_open(way, &message) != HD_OK) {
        (void)!write(channel, message.text, strlen(message.text));
        _exit(2);
    }
    hd_tap_library_loaded(dlopen(NULL, RTLD_NOW)); // where ways patch, this program is patched
    _exit(way == HD_TAP_OFF || sees_and_refuses() ? 0 : 1);
}

enum hd_status hd_tap_try(enum hd_tap_way way, struct hd_message *message)
{
    int channel[2];
    if (pipe(channel) != 0)
        return hd_fail(message, HD_UNAVAILABLE, "cannot make a pipe: %s", strerror(errno));
    const pid_t child = fork();
    if (child == 0) try_in_child(way, channel[1]);
    (void)close(channel[1]);
    char why[sizeof message->text] = "";
    const ssize_t length = read(channel[0], why, sizeof why - 1);
    (void)close(channel[0]);
    int wait_status = 0;
    if (child < 0 || waitpid(child, &wait_status, 0) < 0)
        return hd_fail(message, HD_UNAVAILABLE, "cannot fork: %s", strerror(errno));
    if (WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0) return HD_OK;
    return hd_fail(message, HD_UNAVAILABLE, "%s",
                   length > 0 ? why : "system calls are not handed over here");
}
