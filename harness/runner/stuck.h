// SPDX-License-Identifier: MIT
/// stuck.h: whether a process that is watched can be shown never to end, before its deadline.
///
/// Nothing is guessed: who is only slow is never told to be stuck. A process that waits for
/// something else than a lock, that has several threads, or whose endless work never comes to the
/// same state again cannot be told, and is left to the deadline.
#ifndef HD_STUCK_H
#define HD_STUCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum hd_stuck {
    HD_STUCK_NOT,  // or it cannot be told
    HD_STUCK_LOCK, // it waits without end for a lock of its own, and has no thread to release it
    HD_STUCK_LOOP, // it came to the same registers and the same memory again, asking nothing of the
                   // kernel in between, nor of a clock: so it will for ever
};

/// Looks at a child of this process, which goes on afterwards as if nobody had. Meanwhile at most
/// `instructions_max` of its instructions are carried out one by one, some 5 µs each where the
/// machine is not busy, and for `ns_max` at most. Not considered are memory that it shares with
/// another process, and signals without a handler: who watches sends none.
enum hd_stuck hd_stuck_look(pid_t child, size_t instructions_max, uint64_t ns_max);

/// Whether the process has one thread, now; false also where nobody knows.
bool hd_has_one_thread(pid_t child);

/// HD_STUCK_LOOP's part: false also where it cannot be told (no ptrace, no list of pages before
/// Linux 6.7, another processor than x86-64, a build with a sanitizer).
bool hd_goes_round(pid_t child, size_t instructions_max, uint64_t ns_max);

#endif
