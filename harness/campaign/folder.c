// SPDX-License-Identifier: MIT
/// folder.c: mkdir -p, rm -r, and files named by a hash of what is in them.
#include "harness/campaign/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

void hd_path(char path[static PATH_MAX], const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const int length = vsnprintf(path, PATH_MAX, format, args);
    va_end(args);
    HD_ASSERT(length >= 0 && length < PATH_MAX);
}

int hd_write_all(int fd, const void *bytes, size_t size)
{
    const ssize_t written = write(fd, bytes, size);
    if (written < 0) return errno;
    return (size_t)written == size ? 0 : ENOSPC;
}

static enum hd_status try_writing(const char *path, struct hd_message *message)
{
    char file[PATH_MAX];
    hd_path(file, "%s/.heapduel.%d", path, (int)getpid());
    const int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) return hd_fail(message, HD_UNAVAILABLE, "%.400s: %s", path, strerror(errno));
    const int error = hd_write_all(fd, "\n", 1); // a full disk lets a file be made
    (void)close(fd);
    (void)unlink(file);
    if (error == 0) return HD_OK;
    return hd_fail(message, HD_UNAVAILABLE, "%.400s: %s", path, strerror(error));
}

enum hd_status hd_folder_make(const char *path, struct hd_message *message)
{
    char part[PATH_MAX];
    if (strlen(path) >= sizeof part / 2) // file names come behind it
        return hd_fail(message, HD_BAD_INPUT, "%.60s...: the path is too long", path);
    for (const char *end = path; end != NULL;) {
        end = strchr(end + 1, '/');
        const size_t length = end != NULL ? (size_t)(end - path) : strlen(path);
        hd_path(part, "%.*s", (int)length, path);
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            return hd_fail(message, HD_UNAVAILABLE, "%.400s: %s", part, strerror(errno));
    }
    return try_writing(path, message);
}

enum hd_status hd_folder_lock(const char *path, int *lock, struct hd_message *message)
{
    *lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*lock < 0) return hd_fail(message, HD_UNAVAILABLE, "%.400s: %s", path, strerror(errno));
    if (flock(*lock, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return HD_OK;
    (void)close(*lock);
    *lock = -1;
    return hd_fail(message, HD_UNAVAILABLE,
                   "%.400s: another campaign runs there; wait for its end, or give a folder of its "
                   "own",
                   path);
}

/// Not every file system says in its entries what they are.
uint64_t hd_folder_count(const char *path)
{
    DIR *folder = opendir(path);
    if (folder == NULL) return 0;
    uint64_t count = 0;
    struct stat info;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
        count += fstatat(dirfd(folder), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
                 S_ISREG(info.st_mode);
    (void)closedir(folder);
    return count;
}

void hd_folder_remove(const char *path)
{
    char *const roots[] = {(char *)path, NULL};
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    if (tree == NULL) return;
    for (const FTSENT *entry; (entry = fts_read(tree)) != NULL;)
        if (entry->fts_info != FTS_D) (void)remove(entry->fts_accpath);
    (void)fts_close(tree);
}

/// FNV-1a: enough to tell inputs apart.
static uint64_t hash(const uint8_t *bytes, size_t size)
{
    uint64_t value = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < size; i++)
        value = (value ^ bytes[i]) * UINT64_C(0x100000001b3);
    return value;
}

void hd_folder_name(const uint8_t *bytes, size_t size, char name[static HD_CONTENT_NAME_MAX])
{
    (void)snprintf(name, HD_CONTENT_NAME_MAX, "%016" PRIx64, hash(bytes, size));
}

enum hd_status hd_folder_put(const char *folder, const char *prefix, const uint8_t *bytes,
                             size_t size, struct hd_message *message)
{
    char path[PATH_MAX];
    char name[HD_CONTENT_NAME_MAX];
    hd_folder_name(bytes, size, name);
    hd_path(path, "%s/%s%s", folder, prefix, name);
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0 && errno == EEXIST) return HD_OK;
    const int error = fd < 0 ? errno : hd_write_all(fd, bytes, size);
    if (fd >= 0) (void)close(fd);
    if (error == 0) return HD_OK;
    if (fd >= 0) (void)unlink(path);
    return hd_fail(message, HD_UNAVAILABLE, "%.400s: %s", path, strerror(error));
}
