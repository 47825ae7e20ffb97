// SPDX-License-Identifier: MIT
/// run_delay.h: how long others had the processor. No deadline is to count that: on a busy machine
/// who does not get one would be told to hang.
#ifndef HD_RUN_DELAY_H
#define HD_RUN_DELAY_H

#include <stdint.h>
#include <sys/types.h>

/// The second number of a schedstat file (proc(5)): nanoseconds for which a thread was ready to run
/// and waited for a processor. 0: the text is none. To be called in a signal handler,
/// also inside a sanitizer's runtime.
uint64_t hd_run_delay_in(const char *schedstat);

/// The same, of all threads that the process has now, added up; 0 where the kernel does not tell.
uint64_t hd_run_delay_ns(pid_t process);

#endif
