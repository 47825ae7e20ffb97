// SPDX-License-Identifier: MIT
/// tally.h: what came of all traces together.
#ifndef HD_TALLY_H
#define HD_TALLY_H

#include "harness/cli/inputs.h"
#include "harness/cli/roster.h"
#include "harness/compare/compare.h"
#include "harness/runner/runner.h"

/// One trace, run on every allocator of the roster.
struct hd_trace_results {
    const struct hd_input *input;
    const struct hd_roster *roster;
    const struct hd_result *results; // one for each allocator
    const struct hd_comparison *comparison;
};

/// The same bug in any number of traces: one allocator and one signature, or one set of deviators
/// and the signature of a difference.
struct hd_tally_line {
    uint32_t allocators; // set, by index in the roster
    char signature[HD_SIGNATURE_MAX];
    size_t traces;
    const char *first;         // path
    struct hd_finding finding; // there
};

struct hd_tally_list {
    struct hd_tally_line *lines; // in the order found
    size_t count;
    size_t capacity;
};

struct hd_tally {
    const struct hd_roster *roster;
    size_t traces;
    uint64_t verdicts[HD_ORACLES][HD_VERDICTS];
    struct hd_choice choices[HD_CHOICES];
    const char *choice_paths[HD_CHOICES]; // of the trace that the row's step is of
    struct hd_op choice_ops[HD_CHOICES];  // at that step
    struct hd_tally_list findings;
    struct hd_tally_list differences;
    size_t growths; // of footprints, against a baseline (footprint.h)
};

/// Adds one trace. The paths of its input must outlive the tally.
void hd_tally_add(struct hd_tally *tally, const struct hd_trace_results *trace);

void hd_tally_close(struct hd_tally *tally);

/// True when the trace has a finding on any allocator, or a difference between them.
bool hd_trace_results_found(const struct hd_trace_results *trace);

/// As the end of a report: tables, lists, summary. `all_choices`: also the rows in which the
/// allocators do not differ.
void hd_tally_print(const struct hd_tally *tally, bool all_choices);

/// Names of a set of allocators, and a line that counts what came of all.
void hd_tally_print_names(const struct hd_roster *roster, uint32_t set);
void hd_tally_print_summary(const struct hd_tally *tally);

/// Adds the same to a JSON object.
struct json_t;
void hd_tally_json(const struct hd_tally *tally, struct json_t *document);

#endif
