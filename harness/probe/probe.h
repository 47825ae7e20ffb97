// SPDX-License-Identifier: MIT
/// probe.h: an allocator's policy, found by trying.
///
/// Each question of questions.def is asked by calls in a child process, so that a crash, an abort
/// or a hang is the answer to one question and ends nothing else. Nothing is known beforehand of
/// any allocator.
#ifndef HD_PROBE_H
#define HD_PROBE_H

#include "allocators/allocator.h"
#include "allocators/status.h"
#include "harness/runner/runner.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum hd_question {
#define HD_SECTION(title)
#define HD_QUESTION(id, how, label) HD_QUESTION_##id,
#include "harness/probe/questions.def"
#undef HD_QUESTION
#undef HD_SECTION
    HD_QUESTIONS
};

/// Indexed by enum hd_question: its id in JSON; what a person reads.
extern const char *const hd_question_ids[HD_QUESTIONS];
extern const char *const hd_question_labels[HD_QUESTIONS];

/// The title of the section that a question stands in.
const char *hd_question_section(enum hd_question question);

/// What form an answer has.
enum hd_told_kind {
    HD_TOLD_NOTHING,     // the question needs what this machine or the tap does not show
    HD_TOLD_NOT_OFFERED, // the allocator has no such function
    HD_TOLD_WORDS,       // the same each time it was tried: `text`
    HD_TOLD_VARIES,      // not the same each time: `text` has each answer, and how often it came
    HD_TOLD_BYTES,       // `number`, and `text` where more is to be said
    HD_TOLD_TABLE,       // `row_count` rows of the probe, from `row_first` on
    HD_TOLD_ABORTS,      // the process ended by SIGABRT, SIGTRAP or exit: `text` is its last words
    HD_TOLD_CRASHES,     // by another signal: `text` names it
    HD_TOLD_HANGS,
    HD_TOLD_KINDS
};

/// Indexed by enum hd_told_kind: its word in JSON.
extern const char *const hd_told_kinds[HD_TOLD_KINDS];

#define HD_TOLD_TEXT_MAX 200

struct hd_told {
    uint8_t kind; // enum hd_told_kind
    bool later;   // it ended in ordinary calls after those that the question is about
    uint16_t row_first;
    uint16_t row_count;
    uint64_t number; // bytes
    char text[HD_TOLD_TEXT_MAX];
};

/// A row of a table: sizes from `from` to `to`, in bytes, both among them.
struct hd_told_row {
    uint64_t from;
    uint64_t to;
    uint64_t value; // of alignment: bytes. Of classes: the step between them; 0: `from` is the only
};

#define HD_TOLD_ROWS_MAX 512

/// What the allocator asked of the kernel over all of the questions.
struct hd_told_calls {
    bool seen;                  // false: by no tap, or not all of it
    uint32_t most[HD_SYSCALLS]; // of each in one operation, by enum hd_syscall_id
    uint32_t most_in_one;       // of all, in one operation
};

/// Plain data, so that it can lie in memory shared with the child that fills it in.
struct hd_probe {
    struct hd_told told[HD_QUESTIONS];
    struct hd_told_row rows[HD_TOLD_ROWS_MAX];
    uint16_t row_count;
    struct hd_told_calls calls;
    struct hd_choice_policy choices; // what it can be held to from now on; open where it varies
    uint32_t children;               // processes that it took
};

/// Asks all questions of the allocator that `spec` names, under the conditions given. HD_OK
/// whatever it answers. Fails as hd_runner_run does: it cannot be had.
HD_MUST_USE enum hd_status hd_probe_run(const char *spec, const struct hd_conditions *conditions,
                                        struct hd_probe *probe, struct hd_message *message);

/// The same for those questions alone that `choices` needs: what an engine holds it to.
HD_MUST_USE enum hd_status hd_probe_choices(const char *spec,
                                            const struct hd_conditions *conditions,
                                            struct hd_choice_policy *choices,
                                            struct hd_message *message);

/// The answer as a person reads it, on one line; cut to fit. Returns `text`.
const char *hd_told_text(const struct hd_probe *probe, enum hd_question question, char *text,
                         size_t size);

/// To be called first in main, beside hd_runner_serve: carries out what a probe's child is for.
void hd_probe_serve(char **argv);

#endif
