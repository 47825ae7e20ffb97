// SPDX-License-Identifier: MIT
/// compare.h: what `heapduel compare` adds up and writes, beside what a tally has.
#ifndef HD_COMPARE_COMMAND_H
#define HD_COMPARE_COMMAND_H

#include "harness/cli/reporter.h"
#include "harness/cli/sides.h"
#include "harness/probe/probe.h"

/// What a probe of each finds; and what they needed for the same work: over those traces alone in
/// which nothing was found on any of them, and the tap saw all of them.
struct hd_compared {
    struct hd_probe probes[HD_CONTESTANTS_MAX]; // by index in the roster
    size_t steps;                               // operations of all traces
    size_t traces;                              // that are added up
    size_t left_out;                            // the others
    bool times;                                 // asked for, before the session begins
    size_t timed;                               // of the traces added up
    struct {
        uint64_t operations;           // carried out
        struct hd_footprint footprint; // sums; of calls_max the largest
        struct hd_timeline_use use;    // sums
        uint64_t bare_ns;              // processor time of the same calls, with nothing checked
        uint64_t bare_operations;      // in that time
        bool not_timed;                // a bare run did not end
    } of[HD_CONTESTANTS_MAX];          // by index in the roster
};

/// Large, and one a process: a reporter is told of one session.
extern struct hd_compared hd_compared;

/// As members of struct hd_reporter: probes the allocators, adds a trace up. The first fails as
/// hd_probe_run does.
HD_MUST_USE enum hd_status hd_compared_begin(const struct hd_roster *roster,
                                             const struct hd_conditions *conditions,
                                             struct hd_message *message);
void hd_compared_add(const struct hd_trace_results *trace, bool verbose);

/// What the probes of the first `count` allocators answer to a question.
void hd_compared_answers(size_t count, enum hd_question question,
                         struct hd_side sides[HD_CONTESTANTS_MAX]);

/// One page for a person; one document for a program.
extern const struct hd_reporter hd_reporter_compare_text;
extern const struct hd_reporter hd_reporter_compare_json;

#endif
