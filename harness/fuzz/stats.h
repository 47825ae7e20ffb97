// SPDX-License-Identifier: MIT
/// stats.h: what a fuzz target has done so far, in a file that it maps and others read meanwhile.
///
/// A target that is started again on the same file counts on, so that one file tells of one place
/// in a campaign over all its processes. The file lies in the address space of the allocator under
/// test, which may write over it: it is for people to look at, and no number decides anything but
/// what is shown.
#ifndef HD_STATS_H
#define HD_STATS_H

#include "harness/fuzz/counters.h"

#include <stdint.h>

#define HD_STATS_MAGIC UINT64_C(0x6864737461747334) // the format: change it with a member
#define HD_STATS_FRESH 16

struct hd_stats {
    uint64_t magic;
    uint64_t inputs;
    uint64_t operations;
    uint64_t findings;               // repeats of known ones too
    uint64_t first_inputs;           // as many as there were at the first finding,
    uint64_t first_ns;               // and when: CLOCK_MONOTONIC
    uint64_t unkept;                 // findings whose trace could not be written,
    uint64_t error;                  // and the errno of the last
    char fresh[HD_STATS_FRESH];      // how heaps are made fresh, by name; "": not at all
    uint8_t behaviours[HD_COUNTERS]; // 1: a counter of behaviour.h that was ever hit
};

#endif
