// SPDX-License-Identifier: MIT
/// crew.h: threads to carry operations out on, one at a time: work is handed over, and who handed
/// it over waits until it is done.
///
/// A thread's stack, with the thread-local storage of all libraries at the end of it, is memory of
/// the harness. Starting it and waiting for it is done with the tap closed, so that what libc asks
/// of the kernel for that is not the allocator's.
#ifndef HD_CREW_H
#define HD_CREW_H

#include "harness/trace/op.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct hd_worker;

/// All zero is one without threads. Number 0 is the calling thread, always the same one.
struct hd_crew {
    struct hd_worker *workers[HD_THREAD_MAX + 1]; // NULL: not started
    unsigned started;
};

/// Whether the thread is there to be given work.
static inline bool hd_crew_has(const struct hd_crew *crew, uint8_t thread)
{
    return thread == 0 || crew->workers[thread] != NULL;
}

/// Starts a thread, which is seen by the tap as the calling one is. False: the machine gives none.
bool hd_crew_start(struct hd_crew *crew, uint8_t thread);

/// Has the thread do the work. pre: it is there.
void hd_crew_do(const struct hd_crew *crew, uint8_t thread, void (*work)(void *context),
                void *context);

/// Has a thread that was started do the work and end, and waits for that. What the destructors of
/// thread-local data ask of the kernel is in the calling thread's log.
void hd_crew_end(struct hd_crew *crew, uint8_t thread, void (*work)(void *context), void *context);

/// Who is at work: the thread's number in the kernel; 0: the first of all crews. May be called in a
/// signal handler.
pid_t hd_crew_at_work(void);

#endif
