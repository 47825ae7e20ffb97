// SPDX-License-Identifier: MIT
/// run_delay.c: /proc/PID/task/TID/schedstat.
#include "harness/base/run_delay.h"

#include "harness/base/uninstrumented.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

HD_UNINSTRUMENTED static const char *skip_number(const char *text, uint64_t *number)
{
    for (*number = 0; *text >= '0' && *text <= '9'; text++)
        *number = *number * 10 + (uint64_t)(*text - '0');
    return text;
}

HD_UNINSTRUMENTED uint64_t hd_run_delay_in(const char *schedstat)
{
    uint64_t ran, delay;
    const char *rest = skip_number(schedstat, &ran);
    if (rest == schedstat || *rest != ' ') return 0;
    (void)skip_number(rest + 1, &delay);
    return delay;
}

static uint64_t delay_of(int tasks, const char *thread)
{
    char path[64];
    char text[64];
    (void)snprintf(path, sizeof path, "%.32s/schedstat", thread);
    const int file = openat(tasks, path, O_RDONLY | O_CLOEXEC);
    const ssize_t length = file >= 0 ? read(file, text, sizeof text - 1) : 0;
    if (file >= 0) (void)close(file);
    text[length > 0 ? length : 0] = '\0';
    return hd_run_delay_in(text);
}

uint64_t hd_run_delay_ns(pid_t process)
{
    char path[32];
    (void)snprintf(path, sizeof path, "/proc/%d/task", (int)process);
    DIR *tasks = opendir(path);
    if (tasks == NULL) return 0;
    uint64_t delay = 0;
    for (const struct dirent *entry; (entry = readdir(tasks)) != NULL;)
        if (entry->d_name[0] != '.') delay += delay_of(dirfd(tasks), entry->d_name);
    (void)closedir(tasks);
    return delay;
}
