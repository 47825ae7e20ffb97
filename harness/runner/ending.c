// SPDX-License-Identifier: MIT
/// ending.c: from a wait status to a finding.
#include "harness/runner/ending.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

void hd_ending_read_output(struct hd_ending *ending, int output)
{
    char text[200]; // fewer than fit `said`
    const off_t end = lseek(output, 0, SEEK_END);
    const off_t from = end > (off_t)sizeof text ? end - (off_t)sizeof text : 0;
    const ssize_t length = pread(output, text, sizeof text, from);
    size_t used = 0;
    for (ssize_t i = 0; i < length; i++) {
        const bool printable = text[i] > ' ' && text[i] <= '~';
        if (printable)
            ending->said[used++] = text[i];
        else if (used > 0 && ending->said[used - 1] != ' ')
            ending->said[used++] = ' ';
    }
    while (used > 0 && ending->said[used - 1] == ' ')
        used--;
    ending->said[used] = '\0';
}

static const char *signal_name(int wait_status)
{
    const char *name = sigabbrev_np(WTERMSIG(wait_status));
    return name != NULL ? name : "RT"; // a real-time signal has no name of its own
}

/// The end in one word, for signatures: a signal's name, `exit` or `hang`.
static void name_ending(const struct hd_ending *ending, char name[static 24])
{
    if (hd_ending_is_hang(ending))
        (void)snprintf(name, 24, "hang");
    else if (WIFSIGNALED(ending->wait_status))
        (void)snprintf(name, 24, "SIG%.16s", signal_name(ending->wait_status));
    else
        (void)snprintf(name, 24, "exit");
}

/// The end in a few words, for a person.
static void describe_ending(const struct hd_ending *ending, char text[static 64])
{
    if (ending->stuck == HD_STUCK_LOCK)
        (void)snprintf(text, 64, "waits for a lock that nobody is left to release");
    else if (ending->stuck == HD_STUCK_LOOP)
        (void)snprintf(text, 64, "goes round for ever: the same state came again");
    else if (ending->timed_out)
        (void)snprintf(text, 64, "still running at the deadline");
    else if (WIFSIGNALED(ending->wait_status))
        (void)snprintf(text, 64, "killed by SIG%.16s", signal_name(ending->wait_status));
    else
        (void)snprintf(text, 64, "ended the process with status %d",
                       WEXITSTATUS(ending->wait_status));
}

void hd_ending_add_finding(const struct hd_ending *ending, struct hd_run *run)
{
    char name[24];
    char how[64];
    char place[40];
    name_ending(ending, name);
    describe_ending(ending, how);
    (void)snprintf(place, sizeof place, "%s-%.12s", name, hd_run_phase_place(run));

    struct hd_finding finding;
    hd_run_begin_finding(run, &finding);
    const char *quote = *ending->said != '\0' ? "\"" : "";
    (void)hd_finding_set(&finding, place, "%s, %s%s%s%s%s", how, hd_run_phase_text(run),
                         *quote != '\0' ? "; it wrote " : "", quote, ending->said, quote);
    hd_run_add_finding(run, HD_ORACLE_progress, &finding);
}

enum hd_status hd_ending_while_loading(const struct hd_ending *ending, const char *spec,
                                       struct hd_message *message)
{
    char how[64];
    describe_ending(ending, how);
    return hd_fail(message, HD_UNAVAILABLE, "%.160s: %s while loading%s%s", spec, how,
                   *ending->said != '\0' ? "; it wrote: " : "", ending->said);
}
