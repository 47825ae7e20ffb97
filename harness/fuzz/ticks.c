// SPDX-License-Identifier: MIT
/// ticks.c: a timer of the kernel's, and schedstat.
#include "harness/fuzz/ticks.h"

#include "allocators/status.h"
#include "harness/base/run_delay.h"
#include "harness/base/uninstrumented.h"
#include "harness/engine/crew.h"
#include "harness/tap/raw.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <gnu/lib-names.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static pid_t runner; // the thread that ticks come to
static void (*on_tick)(uint64_t own_ns);

/// Of one thread of this process. No function of libc, and no call that the tap would see.
HD_UNINSTRUMENTED static struct hd_run_times times_of(pid_t thread)
{
    static const char before[] = "/proc/self/task/";
    static const char behind[] = "/schedstat";
    char path[sizeof before + sizeof behind + 10];
    char text[64];
    size_t at = 0;
    for (const char *from = before; *from != '\0'; from++)
        path[at++] = *from;
    pid_t unit = 1;
    while (thread / unit >= 10)
        unit *= 10;
    for (; unit > 0; unit /= 10)
        path[at++] = (char)('0' + thread / unit % 10);
    for (size_t i = 0; i < sizeof behind; i++)
        path[at++] = behind[i];
    const int64_t file = HD_RAW4(SYS_openat, (uint64_t)AT_FDCWD, (uint64_t)path, O_RDONLY, 0);
    const int64_t length = HD_RAW4(SYS_read, (uint64_t)file, (uint64_t)text, sizeof text - 1, 0);
    if (file >= 0) (void)HD_RAW1(SYS_close, (uint64_t)file);
    text[length > 0 ? length : 0] = '\0';
    return hd_run_times_in(text);
}

HD_UNINSTRUMENTED static void handle(int signal_number)
{
    static pid_t last;
    static struct hd_run_times before;
    (void)signal_number;
    const pid_t worker = hd_crew_at_work();
    const pid_t thread = worker != 0 ? worker : runner;
    if (thread != last) before = (struct hd_run_times){0};
    last = thread;
    on_tick(hd_run_own_ns(HD_TICK_NS, &before, times_of(thread)));
}

/// libc's own sigaction. ThreadSanitizer's calls the handler when the program next calls something
/// that it intercepts: a run that hangs never does.
static int sigaction_of_libc(int signal_number, const struct sigaction *action)
{
    int (*function)(int, const struct sigaction *, struct sigaction *);
    void *libc = dlopen(LIBC_SO, RTLD_NOW | RTLD_NOLOAD);
    HD_ASSERT(libc != NULL);
    void *address = dlsym(libc, "sigaction");
    HD_ASSERT(address != NULL);
    memcpy(&function, &address, sizeof address); // C will not convert it
    return function(signal_number, action, NULL);
}

void hd_ticks_start(void (*tick)(uint64_t own_ns))
{
    runner = gettid();
    on_tick = tick;
    const struct sigaction action = {.sa_handler = handle, .sa_flags = SA_ONSTACK | SA_RESTART};
    HD_ASSERT(sigaction_of_libc(SIGRTMIN, &action) == 0);
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGRTMIN};
    event._sigev_un._tid = runner;
    timer_t timer;
    const struct itimerspec every_second = {.it_interval = {.tv_sec = 1},
                                            .it_value = {.tv_sec = 1}};
    HD_ASSERT(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
    HD_ASSERT(timer_settime(timer, 0, &every_second, NULL) == 0);
}
