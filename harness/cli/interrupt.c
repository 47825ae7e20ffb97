// SPDX-License-Identifier: MIT
/// interrupt.c: a flag.
#include "harness/cli/interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

void hd_interrupt_watch(void)
{
    const struct sigaction action = {.sa_handler = interrupt, .sa_flags = (int)SA_RESETHAND};
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);

    // A terminal that goes away says so more than once: the kernel does, and the shell. Somebody
    // who has it ignored, as nohup does, wants to go on.
    const struct sigaction patient = {.sa_handler = interrupt};
    struct sigaction before;
    if (sigaction(SIGHUP, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        (void)sigaction(SIGHUP, &patient, NULL);
}

bool hd_interrupted(void)
{
    return interrupted != 0;
}
