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
static size_t mapped_bytes(int statm)
{
    char text[128];
    const ssize_t length = pread(statm, text, sizeof text - 1, 0);
    if (length <= 0) return 0;
    text[length] = '\0';
    size_t data = 0;
    if (sscanf(text, "%*u %*u %*u %*u %*u %zu", &data) != 1) return 0;
    return data * (size_t)sysconf(_SC_PAGESIZE);
}

/// RLIM_INFINITY is cut to what the process may have.
static bool limit_data(rlim_t bytes)
{
    struct rlimit rlimit;
    if (getrlimit(RLIMIT_DATA, &rlimit) != 0) return false;
    rlimit.rlim_cur = bytes < rlimit.rlim_max ? bytes : rlimit.rlim_max;
    return setrlimit(RLIMIT_DATA, &rlimit) == 0;
}

struct hd_memory_limit hd_memory_limit_open(size_t bytes)
{
    return (struct hd_memory_limit){.bytes = bytes, .statm = -1};
}

void hd_memory_limit_begin(struct hd_memory_limit *limit)
{
    if (limit->bytes == 0) return;
    if (limit->statm < 0) limit->statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    limit->base_bytes = mapped_bytes(limit->statm);
    if (limit->base_bytes == 0 || !limit_data(limit->base_bytes + limit->bytes)) limit->bytes = 0;
}

void hd_memory_limit_end(const struct hd_memory_limit *limit)
{
    if (limit->bytes != 0) HD_ASSERT(limit_data(RLIM_INFINITY));
}

bool hd_memory_limit_reached(const struct hd_memory_limit *limit, size_t spare_bytes)
{
    if (limit->bytes == 0) return false;
    return mapped_bytes(limit->statm) + spare_bytes > limit->base_bytes + limit->bytes;
}
