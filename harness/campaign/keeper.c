// SPDX-License-Identifier: MIT
/// keeper.c: a socket of which the other end closes when we end, however we do.
#include "harness/campaign/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define GROUPS_MAX 1024 // more than there are workers

static pid_t keeper; // 0: there is none
static pid_t owner;  // whose it is: not that of a process which we fork
static int line;     // to it

static bool is_there(void)
{
    return keeper != 0 && owner == getpid();
}

// ---------------------------------------------------------------------------- in the keeper

static pid_t groups[GROUPS_MAX]; // 0: free

/// `group` is put in the place of `old`.
static void put(pid_t old, pid_t group)
{
    size_t i = 0;
    while (i < GROUPS_MAX && groups[i] != old)
        i++;
    if (i < GROUPS_MAX) groups[i] = group;
}

/// It holds nothing open that somebody may wait for the end of, and no lock.
static void let_go(int keep)
{
    const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; nothing >= 0 && fd <= STDERR_FILENO; fd++)
        (void)dup2(nothing, fd);
    (void)dup2(keep, STDIN_FILENO);
    (void)close_range(STDERR_FILENO + 1, ~0U, 0);
}

/// Takes numbers of groups, negative where one is over.
static _Noreturn void keep(int socket)
{
    static const int ignored[] = {SIGINT, SIGTERM, SIGHUP};
    pid_t word;
    (void)setpgid(0, 0);
    for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++)
        (void)signal(ignored[i], SIG_IGN);
    let_go(socket);
    for (ssize_t got; (got = recv(STDIN_FILENO, &word, sizeof word, 0)) != 0;) {
        if (got < 0 && errno != EINTR) break;
        if (got > 0) put(word > 0 ? 0 : -word, word > 0 ? word : 0);
    }
    for (size_t i = 0; i < GROUPS_MAX; i++)
        if (groups[i] != 0) (void)kill(-groups[i], SIGKILL);
    _exit(0);
}

// ---------------------------------------------------------------------------- in the campaign

static void start(void)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return;
    const pid_t child = fork();
    if (child == 0) keep(ends[1]);
    (void)close(ends[1]);
    keeper = child > 0 ? child : 0;
    owner = getpid();
    line = ends[0];
    if (keeper == 0) (void)close(line);
}

static void say(pid_t word)
{
    if (is_there()) (void)send(line, &word, sizeof word, MSG_NOSIGNAL);
}

void hd_keeper_note(pid_t group)
{
    if (!is_there()) start();
    say(group);
}

void hd_keeper_forget(pid_t group)
{
    say(-group);
}

void hd_keeper_end(void)
{
    if (!is_there()) return;
    (void)kill(keeper, SIGKILL);
    while (waitpid(keeper, NULL, 0) < 0 && errno == EINTR) {
    }
    (void)close(line);
    keeper = 0;
}
