// SPDX-License-Identifier: MIT
/// watch.h: crashes and hangs inside a run of a fuzz target become findings.
#ifndef HD_WATCH_H
#define HD_WATCH_H

/// The deadline for one input; 0: none. Signal handlers are installed with the first run, after the
/// engine's own, which then still get each signal.
void hd_watch_start(unsigned deadline_s);

#endif
