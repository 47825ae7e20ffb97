// SPDX-License-Identifier: MIT
/// launch.c: a program carried out with its calls written down.
#include "harness/record/launch.h"

#include "harness/record/events.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum hd_status hd_launch_folder(char folder[static PATH_MAX], struct hd_message *message)
{
    const char *parent = getenv("TMPDIR");
    if (parent == NULL || *parent != '/') parent = "/tmp"; // the program may go elsewhere
    if (snprintf(folder, PATH_MAX, "%s/heapduel-record-XXXXXX", parent) < PATH_MAX &&
        mkdtemp(folder) != NULL)
        return HD_OK;
    return hd_fail(message, HD_UNAVAILABLE, "cannot make a folder in %.400s: %m", parent);
}

void hd_launch_clear(const char *folder)
{
    DIR *files = opendir(folder);
    if (files == NULL) return;
    for (const struct dirent *file; (file = readdir(files)) != NULL;)
        (void)unlinkat(dirfd(files), file->d_name, 0); // not `.' and `..'
    (void)closedir(files);
    (void)rmdir(folder);
}

/// The library lies beside the command, as built or as installed.
static enum hd_status find_library(char library[static PATH_MAX], struct hd_message *message)
{
    static const char *const places[] = {"../lib", "../lib/heapduel", HEAPDUEL_LIBRARY_FOLDER};
    char own[PATH_MAX] = "";
    char path[PATH_MAX];
    const ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
    char *slash = length > 0 ? strrchr(own, '/') : NULL;
    if (slash != NULL) *slash = '\0';
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        const int used = snprintf(path, sizeof path, "%s/%s/libheapduel_record.so", own, places[i]);
        if (used < (int)sizeof path && realpath(path, library) != NULL) return HD_OK;
    }
    return hd_fail(message, HD_UNAVAILABLE, "no libheapduel_record.so in %.400s/../lib", own);
}

static void put_before(const char *library)
{
    const char *before = getenv("LD_PRELOAD");
    char list[2 * PATH_MAX];
    const bool more = before != NULL && *before != '\0';
    (void)snprintf(list, sizeof list, "%s%s%s", library, more ? ":" : "", more ? before : "");
    (void)setenv("LD_PRELOAD", list, 1);
}

/// In the child. Why it cannot be executed goes to `report`, which exec closes.
static _Noreturn void execute(char **command, const char *library, const char *folder, int report)
{
    (void)signal(SIGINT, SIG_DFL);
    (void)signal(SIGQUIT, SIG_DFL);
    (void)signal(SIGPIPE, SIG_DFL); // the command ignores it
    put_before(library);
    (void)setenv(HD_EVENTS_VARIABLE, folder, 1);
    (void)execvp(command[0], command);
    const int error = errno;
    (void)!write(report, &error, sizeof error);
    _exit(127);
}

static enum hd_status await(pid_t pid, int *wait_status, struct hd_message *message)
{
    while (waitpid(pid, wait_status, 0) != pid)
        if (errno != EINTR) return hd_fail(message, HD_UNAVAILABLE, "cannot wait: %m");
    return HD_OK;
}

enum hd_status hd_launch(char **command, const char *folder, int *wait_status,
                         struct hd_message *message)
{
    char library[PATH_MAX];
    int report[2];
    int error = 0;
    enum hd_status status = find_library(library, message);
    if (status != HD_OK) return status;
    if (pipe2(report, O_CLOEXEC) != 0) return hd_fail(message, HD_UNAVAILABLE, "no pipe: %m");
    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGQUIT, SIG_IGN);
    const pid_t pid = fork();
    if (pid == 0) execute(command, library, folder, report[1]);
    (void)close(report[1]);
    if (pid > 0) {
        const ssize_t told = read(report[0], &error, sizeof error);
        if (told != sizeof error) error = 0;
        status = await(pid, wait_status, message);
    } else {
        status = hd_fail(message, HD_UNAVAILABLE, "cannot fork: %m");
    }
    (void)close(report[0]);
    (void)signal(SIGINT, SIG_DFL);
    (void)signal(SIGQUIT, SIG_DFL);
    if (error == 0) return status;
    return hd_fail(message, error == ENOENT ? HD_BAD_INPUT : HD_UNAVAILABLE,
                   "cannot execute %.400s: %s", command[0], strerror(error));
}
