// SPDX-License-Identifier: MIT
/// resident.h: how much memory this process has resident, as the kernel tells.
#ifndef HD_RESIDENT_H
#define HD_RESIDENT_H

#include <stddef.h>

/// Bytes. The kernel keeps the most up to date to some 64 pages a processor.
struct hd_resident {
    size_t anonymous;      // now
    size_t anonymous_peak; // the most since the process was forked, what files take (now) left out
    size_t peak;           // of all memory, the most since then
};

/// Reads /proc/self/status, without malloc. All 0 where that cannot be read.
struct hd_resident hd_resident_now(void);

/// The same from its text.
struct hd_resident hd_resident_parse(const char *status);

#endif
