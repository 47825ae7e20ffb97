// SPDX-License-Identifier: MIT
/// event_log.h: the file of events of this process, for the preloaded library alone.
///
/// Nothing here allocates, locks or waits, so that it can be used in a signal handler, before main
/// and between fork and exec.
#ifndef HD_EVENT_LOG_H
#define HD_EVENT_LOG_H

#include "harness/record/events.h"

/// Writes down one event of the calling thread. Opens the file first, in the process's first call
/// and in a forked child's. Does nothing when it cannot. Keeps errno.
void hd_event_log_put(unsigned kind, uint64_t address, uint64_t size, uint64_t extra);

#endif
