// SPDX-License-Identifier: MIT
/// stats.h: what a fuzz target has done so far, in a file that it maps and others read meanwhile.
///
/// A target that is started again on the same file counts on, so that one file tells of one place
/// in a campaign over all its processes. The file lies in the address space of the allocator under
/// test, which may write over it. A campaign goes by it: whether a process ended for nothing,
/// whether a finding could be kept, which came first and when, what a process died of. Numbers that
/// are wrong may end a campaign, with a message, or have an input replayed that shows nothing; but no
/// finding rests on them.
#ifndef HD_STATS_H
#define HD_STATS_H

#include "harness/fuzz/counters.h"
#include "oracles/finding.h"

#include <stdint.h>

#define HD_STATS_MAGIC UINT64_C(0x6864737461747335) // the format: change it with a member
#define HD_STATS_FRESH 16

/// An input; what is longer is cut.
#define HD_STATS_INPUT_BYTES_MAX 4096
struct hd_stats_input {
    uint64_t size;
    uint8_t bytes[HD_STATS_INPUT_BYTES_MAX];
};

struct hd_stats {
    uint64_t magic;
    uint64_t inputs;
    uint64_t operations;
    uint64_t findings;                      // repeats of known ones too
    uint64_t first_inputs;                  // as many as there were at the first finding,
    uint64_t first_ns;                      // when: CLOCK_MONOTONIC,
    char first_signature[HD_SIGNATURE_MAX]; // and which
    uint64_t unkept;                        // findings whose trace could not be written,
    uint64_t error;                         // and the errno of the last
    char fresh[HD_STATS_FRESH];             // how heaps are made fresh, by name; "": not at all
    uint8_t behaviours[HD_COUNTERS];        // 1: a counter of behaviour.h that was ever hit

    // What ends a process at once, by _exit() or SIGKILL, leaves it no time to report anything.
    uint64_t in_run;             // the process that is in a run; 0: none
    struct hd_stats_input input; // of it, or of the last run
    uint64_t deaths;             // of processes in a run
    struct hd_stats_input died;  // what the last of them ran
};

/// Counts a finding, and keeps what is kept of the first.
void hd_stats_count_finding(struct hd_stats *stats, const char *signature);

/// The process that is in a run has died: counts that, and keeps what it ran.
void hd_stats_count_death(struct hd_stats *stats);

#endif
