// SPDX-License-Identifier: MIT
/// streams.c: descriptors 0 to 2 are taken, SIGPIPE is an error like others, the end is checked.
#include "harness/cli/streams.h"

#include "allocators/status.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool hd_stream_flush(FILE *stream)
{
    errno = 0;
    const bool failed_before = ferror(stream) != 0;
    clearerr(stream);
    if (failed_before) (void)fputc('\n', stream); // one more, to learn why
    return fflush(stream) == 0 && !failed_before;
}

static void check_stdout(void)
{
    if (hd_stream_flush(stdout)) return;
    (void)fprintf(stderr, "heapduel: cannot write standard output: %s\n",
                  errno != 0 ? strerror(errno) : "an earlier write failed");
    (void)fflush(stderr);
    _exit(HD_UNAVAILABLE);
}

void hd_streams_open(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) >= 0) continue;
        // The wrong direction, so that using it fails as using a closed one does.
        const int opened = open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        if (opened < 0) _exit(HD_UNAVAILABLE);
    }
    (void)signal(SIGPIPE, SIG_IGN);
    HD_ASSERT(atexit(check_stdout) == 0);
}
