// SPDX-License-Identifier: MIT
/// startup.h: a process that can load every allocator.
#ifndef HD_STARTUP_H
#define HD_STARTUP_H

/// To be called first in main. Executes the program anew, once, with what must be settled before a
/// process starts: room for the thread-local storage of libraries loaded later (jemalloc and scudo
/// need more than glibc keeps by default), and, so that a run repeats, no address randomisation and
/// no setting by which an allocator would do something when time has passed.
/// Where the system does not let it, it returns and the run goes on without.
void hd_startup(char **argv);

#endif
