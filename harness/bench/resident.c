// SPDX-License-Identifier: MIT
/// resident.c: lines of /proc/self/status, `VmHWM:      1234 kB`.
#include "harness/bench/resident.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STATUS_MAX 8192

/// Bytes; 0: there is no such line.
static size_t value_of(const char *status, const char *name)
{
    const char *line = strstr(status, name);
    if (line == NULL) return 0;
    return (size_t)strtoull(line + strlen(name), NULL, 10) * 1024;
}

struct hd_resident hd_resident_parse(const char *status)
{
    const size_t others = value_of(status, "\nRssFile:") + value_of(status, "\nRssShmem:");
    const size_t peak = value_of(status, "\nVmHWM:");
    return (struct hd_resident){.anonymous = value_of(status, "\nRssAnon:"),
                                .anonymous_peak = peak > others ? peak - others : 0,
                                .peak = peak};
}

struct hd_resident hd_resident_now(void)
{
    char status[STATUS_MAX];
    size_t length = 0;
    const int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    if (fd < 0) return (struct hd_resident){0};
    ssize_t got;
    while ((got = read(fd, status + length, sizeof status - 1 - length)) > 0)
        length += (size_t)got;
    (void)close(fd);
    status[length] = '\0';
    return hd_resident_parse(status);
}
