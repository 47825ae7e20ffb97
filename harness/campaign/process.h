// SPDX-License-Identifier: MIT
/// process.h: an engine's process: started, watched, ended with all that it started.
#ifndef HD_CAMPAIGN_PROCESS_H
#define HD_CAMPAIGN_PROCESS_H

#include "allocators/status.h"
#include "harness/campaign/command.h"

#include <stdbool.h>
#include <sys/types.h>

/// `pid` 0: there is none.
struct hd_process {
    pid_t pid;
};

/// In a child of `parent` that was just forked: it has a process group of its own, so that what a
/// terminal sends goes to the parent alone, and is killed when the parent ends.
void hd_process_stand_apart(pid_t parent);

/// To be called once, before the first is started: whatever an engine's process leaves behind when
/// it ends becomes our child, for hd_process_sweep; and a nanosleep ends when a process does.
void hd_process_adopt(void);

/// Starts it in a process group of its own, so that a Ctrl-C at the terminal is ours to pass on;
/// the group ends when we do. What it writes goes to the file `log`, from its beginning.
/// HD_UNAVAILABLE: the log cannot be written, or no process started. That the program cannot be
/// executed stands in the log.
HD_MUST_USE enum hd_status hd_process_start(struct hd_process *process,
                                            const struct hd_fuzz_command *command, const char *log,
                                            struct hd_message *message);

/// True, and its wait status, when it has ended since; then there is none any more.
bool hd_process_ended(struct hd_process *process, int *wait_status);

/// Tells it to end, and its group. Waits for it at most `patience_ms`, then kills it.
void hd_process_tell(const struct hd_process *process, int signal_number);
void hd_process_await(struct hd_process *process, unsigned patience_ms);

/// Kills every child of this process, and what they started; for when none is ours any more.
void hd_process_sweep(void);

#endif
