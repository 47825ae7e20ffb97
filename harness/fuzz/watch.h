// SPDX-License-Identifier: MIT
/// watch.h: crashes and hangs inside a run of a fuzz target become findings.
#ifndef HD_WATCH_H
#define HD_WATCH_H

#include <stdbool.h>

/// The deadline for one input, 0: none; and whether to go on after a finding (hd_target_recovery).
/// Signal handlers are installed with the first run, after the engine's own, which then still get
/// each signal.
void hd_watch_start(unsigned deadline_s, bool goes_on);

/// The run under way is over, for what comes is not the allocator's doing. Does nothing where there
/// is none.
void hd_watch_drop(void);

#endif
