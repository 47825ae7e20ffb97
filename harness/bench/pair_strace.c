// SPDX-License-Identifier: MIT
/// pair_strace.c: this program, executed anew under strace to make pairs.
#include "harness/bench/pair.h"
#include "harness/bench/pair_cost.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGUMENT "heapduel-pair" // the executed program's first; the second is how many pairs
#define PAIRS    2000u

void hd_pair_serve(char **argv)
{
    if (argv[0] == NULL || argv[1] == NULL || strcmp(argv[1], ARGUMENT) != 0) return;
    const unsigned long count = argv[2] != NULL ? strtoul(argv[2], NULL, 10) : 0;
    for (unsigned long i = 0; i < count; i++)
        if (!hd_pair_make()) _exit(1);
    _exit(0);
}

static _Noreturn void become_strace(const char *self, const char *count)
{
    char *const argv[] = {
        (char *)"strace",        (char *)"-f", (char *)"-e",        (char *)"trace=memory",
        (char *)"--seccomp-bpf", (char *)"-o", (char *)"/dev/null", (char *)self,
        (char *)ARGUMENT,        (char *)count, NULL};
    const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nothing >= 0 && dup2(nothing, STDOUT_FILENO) >= 0 && dup2(nothing, STDERR_FILENO) >= 0)
        (void)execvp(argv[0], argv);
    _exit(1);
}

static uint64_t ns_of(const struct timeval *time)
{
    return (uint64_t)time->tv_sec * UINT64_C(1000000000) + (uint64_t)time->tv_usec * 1000;
}

/// Processor time of strace and of what it traced and waited for. 0: it could not be done.
static uint64_t run(const char *self, unsigned pairs)
{
    char count[16];
    (void)snprintf(count, sizeof count, "%u", pairs);
    const pid_t child = fork();
    if (child == 0) become_strace(self, count);
    int wait_status;
    struct rusage used;
    if (child < 0) return 0;
    while (wait4(child, &wait_status, 0, &used) < 0)
        HD_ASSERT(errno == EINTR);
    if (!WIFEXITED(wait_status) || WEXITSTATUS(wait_status) != 0) return 0;
    return ns_of(&used.ru_utime) + ns_of(&used.ru_stime);
}

double hd_pair_under_strace(void)
{
    char self[4096];
    const ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length < 0) return 0;
    self[length] = '\0';
    const uint64_t without = run(self, 0); // what starting both costs
    if (without == 0) return 0;
    const uint64_t with = run(self, PAIRS);
    return with > without ? (double)(with - without) / PAIRS : 0;
}
