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

HD_UNINSTRUMENTED struct hd_run_times hd_run_times_in(const char *schedstat)
{
    struct hd_run_times times;
    const char *rest = skip_number(schedstat, &times.ran);
    if (rest == schedstat || *rest != ' ') return (struct hd_run_times){0};
    (void)skip_number(rest + 1, &times.delayed);
    return times;
}

/// What was counted since; nothing where threads that ended took theirs along.
HD_UNINSTRUMENTED static uint64_t since(uint64_t before, uint64_t now)
{
    return now > before ? now - before : 0;
}

HD_UNINSTRUMENTED uint64_t hd_run_own_ns(uint64_t passed, struct hd_run_times *before,
                                         struct hd_run_times now)
{
    const uint64_t ran = since(before->ran, now.ran);
    const uint64_t delayed = since(before->delayed, now.delayed);
    *before = now;
    const uint64_t lacking = ran < passed ? passed - ran : 0;
    return passed - (delayed < lacking ? delayed : lacking);
}

static struct hd_run_times times_of(int tasks, const char *thread)
{
    char path[64];
    char text[64];
    (void)snprintf(path, sizeof path, "%.32s/schedstat", thread);
    const int file = openat(tasks, path, O_RDONLY | O_CLOEXEC);
    const ssize_t length = file >= 0 ? read(file, text, sizeof text - 1) : 0;
    if (file >= 0) (void)close(file);
    text[length > 0 ? length : 0] = '\0';
    return hd_run_times_in(text);
}

struct hd_run_times hd_run_times_of(pid_t process)
{
    char path[32];
    struct hd_run_times sum = {0};
    (void)snprintf(path, sizeof path, "/proc/%d/task", (int)process);
    DIR *tasks = opendir(path);
    if (tasks == NULL) return sum;
    for (const struct dirent *entry; (entry = readdir(tasks)) != NULL;) {
        if (entry->d_name[0] == '.') continue;
        const struct hd_run_times one = times_of(dirfd(tasks), entry->d_name);
        sum.ran += one.ran;
        sum.delayed += one.delayed;
    }
    (void)closedir(tasks);
    return sum;
}
