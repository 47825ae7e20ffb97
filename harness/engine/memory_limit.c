// SPDX-License-Identifier: MIT
/// memory_limit.c: RLIMIT_DATA above what is mapped already.
#include "harness/engine/memory_limit.h"

#include "allocators/status.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

/// What RLIMIT_DATA counts: the sixth number of /proc/self/statm, in pages (proc(5)); 0 when it
/// cannot be read. It has the stack besides, a few pages.
static size_t mapped_bytes(void)
{
    char text[128];
    const int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    const ssize_t length = read(fd, text, sizeof text - 1);
    (void)close(fd);
    if (length <= 0) return 0;
    text[length] = '\0';
    size_t data = 0;
    if (sscanf(text, "%*u %*u %*u %*u %*u %zu", &data) != 1) return 0;
    return data * (size_t)sysconf(_SC_PAGESIZE);
}

/// Past `bytes` mapped in all; RLIM_INFINITY, or what the process was started with, lifts it.
static bool limit_data(rlim_t bytes)
{
    struct rlimit rlimit;
    if (getrlimit(RLIMIT_DATA, &rlimit) != 0) return false;
    rlimit.rlim_cur = bytes < rlimit.rlim_max ? bytes : rlimit.rlim_max;
    return setrlimit(RLIMIT_DATA, &rlimit) == 0;
}

struct hd_memory_limit hd_memory_limit_set(size_t bytes)
{
    const struct hd_memory_limit none = {0};
    const size_t base = mapped_bytes();
    if (bytes == 0 || base == 0 || !limit_data(base + bytes)) return none;
    return (struct hd_memory_limit){.bytes = bytes, .base_bytes = base};
}

void hd_memory_limit_lift(const struct hd_memory_limit *limit)
{
    if (limit->bytes != 0) HD_ASSERT(limit_data(RLIM_INFINITY));
}

void hd_memory_limit_restore(const struct hd_memory_limit *limit)
{
    if (limit->bytes != 0) HD_ASSERT(limit_data(limit->base_bytes + limit->bytes));
}

bool hd_memory_limit_reached(const struct hd_memory_limit *limit, size_t spare_bytes)
{
    return limit->bytes != 0 &&
           mapped_bytes() + spare_bytes > limit->base_bytes + limit->bytes;
}
