// SPDX-License-Identifier: MIT
/// process.c: fork, exec, wait, kill.
#include "harness/campaign/process.h"

#include "harness/campaign/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void wake(int signal_number)
{
    (void)signal_number;
}

void hd_process_adopt(void)
{
    const struct sigaction action = {.sa_handler = wake, .sa_flags = SA_RESTART};
    (void)prctl(PR_SET_CHILD_SUBREAPER, 1);
    (void)sigaction(SIGCHLD, &action, NULL);
}

void hd_process_stand_apart(pid_t parent)
{
    (void)setpgid(0, 0);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(HD_UNAVAILABLE); // it died before we asked
}

static _Noreturn void become(const struct hd_fuzz_command *command, int log, pid_t parent)
{
    hd_process_stand_apart(parent);
    (void)signal(SIGPIPE, SIG_DFL);
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (nothing >= 0) (void)dup2(nothing, STDIN_FILENO);
    (void)dup2(log, STDOUT_FILENO);
    (void)dup2(log, STDERR_FILENO);
    for (size_t i = 0; i < command->setting_count; i++)
        (void)putenv((char *)command->settings[i]);
    (void)execvp(command->words[0], (char *const *)command->words);
    (void)dprintf(log, "heapduel: cannot execute %s: %s\n", command->words[0], strerror(errno));
    _exit(127);
}

enum hd_status hd_process_start(struct hd_process *process, const struct hd_fuzz_command *command,
                                const char *log, struct hd_message *message)
{
    const int fd = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
    if (fd < 0) return hd_fail(message, HD_UNAVAILABLE, "%.400s: %s", log, strerror(errno));
    const pid_t parent = getpid();
    (void)fflush(NULL); // what is buffered is ours to write, not the child's
    process->pid = fork();
    if (process->pid == 0) become(command, fd, parent);
    const int error = errno;
    (void)close(fd);
    if (process->pid > 0) {
        (void)setpgid(process->pid, process->pid); // whoever of us comes first
        hd_keeper_note(process->pid);
        return HD_OK;
    }
    process->pid = 0;
    return hd_fail(message, HD_UNAVAILABLE, "cannot start %.200s: %s", command->words[0],
                   strerror(error));
}

bool hd_process_ended(struct hd_process *process, int *wait_status)
{
    siginfo_t info = {0};
    if (process->pid == 0) return false;
    const int answer = waitid(P_PID, (id_t)process->pid, &info, WEXITED | WNOHANG | WNOWAIT);
    if (answer != 0 || info.si_pid == 0) return false;
    (void)kill(-process->pid, SIGKILL); // what it left; until it is reaped the group is no other's
    hd_keeper_forget(process->pid);
    (void)waitpid(process->pid, wait_status, 0);
    process->pid = 0;
    return true;
}

void hd_process_tell(const struct hd_process *process, int signal_number)
{
    if (process->pid != 0) (void)kill(-process->pid, signal_number);
}

void hd_process_await(struct hd_process *process, unsigned patience_ms)
{
    const struct timespec moment = {.tv_nsec = 10 * 1000 * 1000};
    int wait_status;
    for (unsigned waited = 0; process->pid != 0 && waited < patience_ms; waited += 10) {
        if (hd_process_ended(process, &wait_status)) return;
        (void)nanosleep(&moment, NULL);
    }
    if (process->pid == 0) return;
    (void)kill(-process->pid, SIGKILL);
    hd_keeper_forget(process->pid);
    while (waitpid(process->pid, &wait_status, 0) < 0 && errno == EINTR) {
    }
    process->pid = 0;
}

/// Ends those that are our children now; returns how many.
static size_t sweep_once(const char *path)
{
    FILE *file = fopen(path, "re");
    if (file == NULL) return 0; // a kernel without it: the engines end their own as they end
    size_t count = 0;
    int child;
    for (; fscanf(file, "%d", &child) == 1; count++) {
        (void)kill(child, SIGKILL);
        (void)waitpid(child, NULL, 0);
    }
    (void)fclose(file);
    return count;
}

/// Children of those become ours only as they end.
void hd_process_sweep(void)
{
    char path[64];
    hd_keeper_end();
    (void)snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    while (sweep_once(path) > 0) {
    }
}
