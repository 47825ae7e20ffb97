// SPDX-License-Identifier: MIT
/// compare.h: what `heapduel compare` adds up and writes, beside what a tally has.
#ifndef HD_COMPARE_COMMAND_H
#define HD_COMPARE_COMMAND_H

#include "harness/cli/report.h"

/// What the allocators needed for the same work: over those traces alone in which nothing was found
/// on any of them, and the tap saw all of them.
struct hd_compared {
    size_t steps;    // operations of all traces
    size_t traces;   // that are added up
    size_t left_out; // the others
    struct {
        uint64_t operations;           // carried out
        struct hd_footprint footprint; // sums; of calls_max the largest
    } of[HD_CONTESTANTS_MAX];          // by index in the roster
};

void hd_compared_add(struct hd_compared *compared, const struct hd_trace_results *trace);

/// One page for a person; one document for a program. One session a process.
extern const struct hd_reporter hd_reporter_compare_text;
extern const struct hd_reporter hd_reporter_compare_json;

#endif
