// SPDX-License-Identifier: MIT
/// finding_trace.c: written aside, and linked to its place.
#include "harness/fuzz/finding_trace.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

bool hd_finding_trace_is_known(const char *path)
{
    return utimensat(AT_FDCWD, path, NULL, 0) == 0;
}

/// 0, or an errno.
static int write_comment(const char *name, const struct hd_finding *finding, int fd)
{
    char text[2048];
    char signature[HD_SIGNATURE_MAX];
    hd_finding_signature(finding, signature);
    const int length = snprintf(text, sizeof text, "# %.1000s: %s at step %" PRIu64 ": %s\n", name,
                                signature, finding->step, finding->evidence);
    if (length <= 0 || (size_t)length >= sizeof text) return EOVERFLOW;
    const ssize_t written = write(fd, text, (size_t)length);
    if (written < 0) return errno;
    return written == length ? 0 : ENOSPC; // what is cut short says no reason
}

static int write_trace(const struct hd_trace *trace, const char *name,
                       const struct hd_finding *finding, int fd)
{
    struct hd_message message;
    errno = 0;
    if (hd_trace_write_text(trace, fd, &message) != HD_OK) return errno != 0 ? errno : ENOSPC;
    return write_comment(name, finding, fd);
}

int hd_finding_trace_keep(const char *path, const struct hd_trace *trace, const char *name,
                          const struct hd_finding *finding)
{
    static char aside[PATH_MAX]; // not on the stack: a signal handler's may be small
    (void)snprintf(aside, sizeof aside, "%s.%d", path, (int)getpid());
    const int fd = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return errno;
    int error = write_trace(trace, name, finding, fd);
    if (close(fd) != 0 && error == 0) error = errno;
    if (error == 0 && link(aside, path) != 0) error = errno;
    (void)unlink(aside);
    return error;
}
