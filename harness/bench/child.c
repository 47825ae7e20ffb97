// SPDX-License-Identifier: MIT
/// child.c: fork, and a page that both see.
#include "harness/bench/child.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static enum hd_status run(hd_child_work *work, const void *context, const char *what,
                          struct hd_child *shared, struct hd_message *message)
{
    (void)fflush(stdout); // or what waits there may come twice
    const pid_t child = fork();
    if (child == 0) {
        work(context, shared);
        _exit(0);
    }
    if (child < 0) return hd_fail(message, HD_UNAVAILABLE, "cannot fork: %s", strerror(errno));
    while (waitpid(child, NULL, 0) < 0)
        HD_ASSERT(errno == EINTR);
    if (shared->status != HD_OK) {
        *message = shared->message;
        return shared->status;
    }
    if (shared->elapsed_ns == 0 && !shared->left_out)
        return hd_fail(message, HD_UNAVAILABLE,
                       "%.200s: the measured run did not end; try `heapduel run` on it", what);
    return HD_OK;
}

enum hd_status hd_child_run(hd_child_work *work, const void *context, const char *what,
                            struct hd_child *result, struct hd_message *message)
{
    struct hd_child *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
                                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return hd_fail(message, HD_UNAVAILABLE, "no memory to share: %s", strerror(errno));
    const enum hd_status status = run(work, context, what, shared, message);
    *result = *shared;
    (void)munmap(shared, sizeof *shared);
    return status;
}
