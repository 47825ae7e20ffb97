// SPDX-License-Identifier: MIT
/// memory_limit.c: what the tap lets be mapped, or RLIMIT_DATA above what is mapped already.
#include "harness/engine/memory_limit.h"

#include "allocators/status.h"
#include "harness/tap/tap.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

/// The number behind so many spaces, 0 when there is none. sscanf takes longer than the kernel.
static size_t number_behind(const char *text, unsigned spaces)
{
    for (; spaces > 0 && *text != '\0'; text++)
        spaces -= *text == ' ';
    size_t number = 0;
    for (; *text >= '0' && *text <= '9'; text++) number = number * 10 + (size_t)(*text - '0');
    return number;
}

/// What RLIMIT_DATA counts: the sixth number of /proc/self/statm, in pages (proc(5)); 0 when it
/// cannot be read. It has the stack besides, a few pages.
static size_t mapped_bytes(int statm)
{
    char text[128];
    const ssize_t length = pread(statm, text, sizeof text - 1, 0);
    if (length <= 0) return 0;
    text[length] = '\0';
    return number_behind(text, 5) * (size_t)sysconf(_SC_PAGESIZE);
}

/// RLIM_INFINITY is cut to what the process may have.
static bool limit_data(const struct hd_memory_limit *limit, rlim_t bytes)
{
    const struct rlimit rlimit = {.rlim_cur = bytes < limit->most_bytes ? bytes : limit->most_bytes,
                                  .rlim_max = limit->most_bytes};
    return setrlimit(RLIMIT_DATA, &rlimit) == 0;
}

struct hd_memory_limit hd_memory_limit_open(size_t bytes)
{
    struct rlimit rlimit = {0};
    if (getrlimit(RLIMIT_DATA, &rlimit) != 0) bytes = 0;
    return (struct hd_memory_limit){.bytes = bytes, .most_bytes = rlimit.rlim_max, .statm = -1};
}

/// `grown_bytes` of what is mapped count already.
static void begin_by_kernel(struct hd_memory_limit *limit, size_t grown_bytes)
{
    if (limit->statm < 0) limit->statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    limit->base_bytes = mapped_bytes(limit->statm);
    if (limit->base_bytes > grown_bytes) limit->base_bytes -= grown_bytes;
    if (limit->base_bytes == 0 || !limit_data(limit, limit->base_bytes + limit->bytes))
        limit->bytes = 0;
}

void hd_memory_limit_begin(struct hd_memory_limit *limit, bool by_tap)
{
    if (limit->bytes == 0) return;
    limit->by_tap = by_tap;
    const int64_t most = limit->bytes < INT64_MAX ? (int64_t)limit->bytes : INT64_MAX;
    if (by_tap)
        hd_tap_refusals()->memory_max = most;
    else
        begin_by_kernel(limit, 0);
}

void hd_memory_limit_lift(struct hd_memory_limit *limit)
{
    if (limit->bytes == 0 || limit->by_tap) return;
    const size_t mapped = mapped_bytes(limit->statm);
    limit->grown_bytes = mapped > limit->base_bytes ? mapped - limit->base_bytes : 0;
    HD_ASSERT(limit_data(limit, RLIM_INFINITY));
}

void hd_memory_limit_resume(struct hd_memory_limit *limit)
{
    if (limit->bytes == 0 || limit->by_tap) return;
    begin_by_kernel(limit, limit->grown_bytes);
}

void hd_memory_limit_leave_tap(struct hd_memory_limit *limit)
{
    if (limit->bytes == 0 || !limit->by_tap) return;
    const int64_t growth = hd_tap_refusals()->growth;
    hd_memory_limit_end(limit);
    begin_by_kernel(limit, growth > 0 ? (size_t)growth : 0);
}

void hd_memory_limit_end(struct hd_memory_limit *limit)
{
    if (limit->bytes == 0) return;
    if (limit->by_tap)
        hd_tap_refusals()->memory_max = INT64_MAX;
    else
        HD_ASSERT(limit_data(limit, RLIM_INFINITY));
    limit->by_tap = false;
}

bool hd_memory_limit_reached(const struct hd_memory_limit *limit, size_t spare_bytes)
{
    if (limit->bytes == 0) return false;
    if (limit->by_tap)
        return hd_tap_refusals()->growth > (int64_t)limit->bytes - (int64_t)spare_bytes;
    return mapped_bytes(limit->statm) + spare_bytes > limit->base_bytes + limit->bytes;
}
