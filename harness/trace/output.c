// SPDX-License-Identifier: MIT
/// output.c: a file that is written whole or not at all.
#include "harness/trace/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum hd_status cannot_write(const char *name, int error, struct hd_message *message)
{
    errno = error;
    return hd_fail(message, HD_UNAVAILABLE, "cannot write %.400s: %m", name);
}

/// Writes the path that `path` leads to, symbolic links followed, into `resolved`. The kernel
/// knows it; realpath(3) may call malloc. A path with nothing behind it yet stays as it is.
static bool resolve(const char *path, char resolved[PATH_MAX])
{
    const size_t length = strlen(path);
    if (length >= PATH_MAX) return false;
    memcpy(resolved, path, length + 1);

    const int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0) return true;
    char link[64];
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    char target[PATH_MAX];
    const ssize_t size = readlink(link, target, sizeof target - 1);
    (void)close(fd);
    if (size <= 0) return true; // no /proc: a link is replaced by a file
    memcpy(resolved, target, (size_t)size);
    resolved[size] = '\0';
    return true;
}

/// Creates a file of a name not taken beside output->path. Returns 0 or an error number.
static int create_temporary(struct hd_output *output)
{
    const char *slash = strrchr(output->path, '/');
    const int folder_length = slash != NULL ? (int)(slash + 1 - output->path) : 0;
    for (unsigned attempt = 0; attempt < 1000; attempt++) {
        const int length =
            snprintf(output->temporary, sizeof output->temporary, "%.*s.heapduel-%ld-%u.tmp",
                     folder_length, output->path, (long)getpid(), attempt);
        if (length >= (int)sizeof output->temporary) return ENAMETOOLONG;
        output->fd = open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (output->fd >= 0) return 0;
        if (errno != EEXIST) return errno;
    }
    return EEXIST;
}

enum hd_status hd_output_open(struct hd_output *output, const char *path,
                              struct hd_message *message)
{
    output->name = path;
    output->temporary[0] = '\0';
    output->standard = strcmp(path, "-") == 0;
    if (output->standard) {
        output->name = "standard output";
        output->fd = STDOUT_FILENO;
        return HD_OK;
    }
    struct stat old;
    const bool exists = stat(path, &old) == 0;
    if (exists && S_ISDIR(old.st_mode)) return cannot_write(path, EISDIR, message);
    if (exists && !S_ISREG(old.st_mode)) {
        output->fd = open(path, O_WRONLY | O_CLOEXEC);
        return output->fd >= 0 ? HD_OK : cannot_write(path, errno, message);
    }
    if (!resolve(path, output->path)) return cannot_write(path, ENAMETOOLONG, message);
    const int error = create_temporary(output);
    if (error != 0) return cannot_write(path, error, message);
    if (exists) (void)fchmod(output->fd, old.st_mode & 0777); // a courtesy: the trace is the same
    return HD_OK;
}

enum hd_status hd_output_finish(struct hd_output *output, enum hd_status status,
                                struct hd_message *message)
{
    if (output->standard) return status;

    // Some file systems tell only at close that there was no room.
    if (close(output->fd) != 0 && status == HD_OK)
        status = cannot_write(output->name, errno, message);
    if (output->temporary[0] == '\0') return status;

    if (status == HD_OK && rename(output->temporary, output->path) != 0)
        status = cannot_write(output->name, errno, message);
    if (status != HD_OK) (void)unlink(output->temporary);
    return status;
}
