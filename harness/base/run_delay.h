// SPDX-License-Identifier: MIT
/// run_delay.h: how long others had the processor. No deadline is to count that: on a busy machine
/// who does not get one would be told to hang.
#ifndef HD_RUN_DELAY_H
#define HD_RUN_DELAY_H

#include <stdint.h>
#include <sys/types.h>

/// Of one thread, or of all that a process has now, added up. Nanoseconds.
struct hd_run_times {
    uint64_t ran;     // on a processor
    uint64_t delayed; // ready to run, and waiting for a processor
};

/// The numbers of a schedstat file (proc(5)); all zero: the text is none. To be called in a signal
/// handler, also inside a sanitizer's runtime.
struct hd_run_times hd_run_times_in(const char *schedstat);

/// All zero where the kernel does not tell.
struct hd_run_times hd_run_times_of(pid_t process);

/// How much of the last `passed` nanoseconds the process had, or could have had: less what it was
/// delayed, but never less than it ran. `before` is as of their beginning, and then as of now.
uint64_t hd_run_own_ns(uint64_t passed, struct hd_run_times *before, struct hd_run_times now);

#endif
