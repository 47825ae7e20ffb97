// SPDX-License-Identifier: MIT
/// stuck.c: what a child is doing, by /proc.
#include "harness/runner/stuck.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SYSCALL_TEXT_MAX 256

bool hd_has_one_thread(pid_t child)
{
    char path[32];
    (void)snprintf(path, sizeof path, "/proc/%d/task", (int)child);
    DIR *tasks = opendir(path);
    if (tasks == NULL) return false;
    unsigned count = 0;
    for (const struct dirent *entry; (entry = readdir(tasks)) != NULL;)
        count += entry->d_name[0] != '.';
    (void)closedir(tasks);
    return count == 1;
}

/// The line of /proc/PID/syscall (proc(5)): `running`, or a number and arguments; empty: not told.
static void read_syscall(pid_t child, char text[static SYSCALL_TEXT_MAX])
{
    char path[32];
    (void)snprintf(path, sizeof path, "/proc/%d/syscall", (int)child);
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    const ssize_t length = file >= 0 ? read(file, text, SYSCALL_TEXT_MAX - 1) : 0;
    if (file >= 0) (void)close(file);
    text[length > 0 ? length : 0] = '\0';
}

/// Whether the call is a futex(2) that only a thread of the same process could end: no time limit,
/// and no other process has it.
static bool waits_for_a_lock(const char *text)
{
    long number;
    unsigned long address, op, value, timeout;
    if (sscanf(text, "%ld %lx %lx %lx %lx", &number, &address, &op, &value, &timeout) != 5)
        return false;
    if (number != SYS_futex || timeout != 0 || (op & FUTEX_PRIVATE_FLAG) == 0) return false;
    const unsigned long command = op & (unsigned long)FUTEX_CMD_MASK;
    return command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET || command == FUTEX_LOCK_PI;
}

/// Waits for a lock, and did before a look at who else is there: who had it started a thread, and
/// waited for that, between two looks?
static bool waits_alone(pid_t child, const char *text)
{
    char again[SYSCALL_TEXT_MAX];
    if (!waits_for_a_lock(text) || !hd_has_one_thread(child)) return false;
    read_syscall(child, again);
    return strcmp(text, again) == 0;
}

/// Signals that come of an instruction, or of a call that it made.
#define OWN_SIGNALS                                                                                \
    (BIT(SIGSEGV) | BIT(SIGBUS) | BIT(SIGFPE) | BIT(SIGILL) | BIT(SIGTRAP) | BIT(SIGABRT) |        \
     BIT(SIGSYS))
#define BIT(signal) (UINT64_C(1) << ((signal)-1))

/// True where it has a handler for what may come at any time, an alarm or the end of a process that
/// it forked; or nobody knows.
static bool may_be_interrupted(pid_t child)
{
    char path[32];
    char line[128];
    (void)snprintf(path, sizeof path, "/proc/%d/status", (int)child);
    FILE *file = fopen(path, "re");
    uint64_t caught = UINT64_MAX;
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        (void)sscanf(line, "SigCgt: %" SCNx64, &caught);
    if (file != NULL) (void)fclose(file);
    return (caught & ~OWN_SIGNALS) != 0;
}

enum hd_stuck hd_stuck_look(pid_t child, size_t instructions_max, uint64_t ns_max)
{
    char text[SYSCALL_TEXT_MAX];
    if (!hd_has_one_thread(child) || may_be_interrupted(child)) return HD_STUCK_NOT;
    read_syscall(child, text);
    if (waits_alone(child, text)) return HD_STUCK_LOCK;
    if (strncmp(text, "running", strlen("running")) != 0) return HD_STUCK_NOT;
    return hd_goes_round(child, instructions_max, ns_max) ? HD_STUCK_LOOP : HD_STUCK_NOT;
}
