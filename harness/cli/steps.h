// SPDX-License-Identifier: MIT
/// steps.h: what a run recorded, step by step: loading, the operations of the trace, the end.
#ifndef HD_STEPS_H
#define HD_STEPS_H

#include "harness/notation/names.h"
#include "harness/runner/runner.h"

#include <stdbool.h>

enum hd_stage { HD_STAGE_LOADING, HD_STAGE_TRACE, HD_STAGE_END };

/// One step with its calls.
struct hd_stage_step {
    enum hd_stage stage;
    uint64_t number;                  // 0 while loading; 1 for the trace's first operation
    struct hd_op op;                  // zero while loading
    bool trims;                       // as in struct hd_end_record
    const struct hd_outcome *outcome; // of the trace's operations; NULL else
    const struct hd_call_record *calls;
    size_t call_count;
};

/// Goes through a result; zero but for the first two members at the start.
struct hd_stage_cursor {
    const struct hd_result *result;
    const struct hd_trace *trace;
    uint64_t next;
    size_t calls_used;
    size_t ends_used;
};

/// The next step, false after the last. The stage of loading is the first, also without calls.
bool hd_stage_next(struct hd_stage_cursor *cursor, struct hd_stage_step *step);

#define HD_STAGE_TITLE_MAX (HD_OP_TEXT_MAX + 64)

/// The step's operation as a line of text, marked where it is not one of the trace, and with what
/// it was answered where that is no block.
void hd_stage_title(const struct hd_stage_step *step, char title[HD_STAGE_TITLE_MAX]);

/// What became of an operation that did not give a block or do its work, in a few words; NULL: it
/// did.
const char *hd_stage_failure(const struct hd_outcome *outcome);

/// The steps of a result as lines of text.
struct hd_told_step {
    struct hd_stage_step step;
    char *title;
    char **lines;  // a call each
    uint64_t rank; // the same in another run for the counterpart: past the trace, frees are made
                   // in the order of addresses
};

struct hd_told {
    struct hd_told_step *steps;
    size_t count;
    size_t capacity;
};

/// `relative`: addresses as offsets into regions named in the order in which they come up.
void hd_told_open(struct hd_told *told, const struct hd_result *result,
                  const struct hd_trace *trace, bool relative);
void hd_told_close(struct hd_told *told);

#endif
