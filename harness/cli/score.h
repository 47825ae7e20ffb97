// SPDX-License-Identifier: MIT
/// score.h: `heapduel score`: which oracle finds what, by replaying traces and by fuzzing.
#ifndef HD_SCORE_H
#define HD_SCORE_H

#include "harness/campaign/time_to_find.h"
#include "harness/cli/inputs.h"
#include "harness/cli/suspects.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct hd_score_options {
    bool replays;
    bool fuzzes;

    // Of fuzzing.
    double time;     // of a campaign, at most; seconds
    uint64_t inputs; // of a campaign, about at most; 0: any number
    unsigned rounds;
    unsigned jobs;
    bool settings[HD_HUNT_SETTINGS]; // which of them
};

/// What all traces show of one library.
struct hd_replayed {
    size_t traces;             // carried out: all, or those up to the first on which it hung
    size_t found[HD_ORACLES];  // on how many of them each oracle found something
    bool any;                  // one of them did
    bool by_oracle;            // the one that should
    const char *trace;         // the first on which it did; else the first on which any did
    struct hd_finding finding; // on that
    double seconds;            // until then
};

/// One library, and what came of it.
struct hd_score_row {
    struct hd_suspect suspect;
    struct hd_replayed replayed;
    struct hd_hunt_result *results; // rounds of each setting that is asked for, one after the other
    size_t awaited;                 // of them, that have not come yet
    struct hd_time_to_find found[HD_HUNT_SETTINGS];
};

struct hd_score {
    struct hd_score_options options;
    const struct hd_inputs *inputs; // the traces
    struct hd_arena arena;
    struct hd_score_row *rows;
    size_t count;
    bool json; // nothing but the document is written
};

/// Replays all traces on each row. HD_UNAVAILABLE also where a signal ended it. Fails as
/// hd_runner_run.
HD_MUST_USE enum hd_status hd_score_replay(struct hd_score *score, struct hd_message *message);

/// Fuzzes each row. Fails as hd_hunts_run.
HD_MUST_USE enum hd_status hd_score_fuzz(struct hd_score *score, struct hd_message *message);

/// What a setting found of all that is not correct.
struct hd_score_sum {
    size_t faults;
    size_t reliable;  // found in nine of ten rounds
    double inputs;    // the geometric mean of the medians, of those below; NAN: of none
    size_t inputs_of; // faults of which each setting has a median
};
void hd_score_sum(const struct hd_score *score, size_t setting, struct hd_score_sum *sum);

// ---------------------------------------------------------------------------- what is written

/// The tables, line by line as they come.
void hd_score_text_replay_head(const struct hd_score *score);
void hd_score_text_replay_row(const struct hd_score_row *row);
void hd_score_text_replay_end(const struct hd_score *score);
void hd_score_text_fuzz_head(const struct hd_score *score);
void hd_score_text_fuzz_row(const struct hd_score *score, const struct hd_score_row *row);
void hd_score_text_fuzz_end(const struct hd_score *score);

json_t *hd_score_json(const struct hd_score *score);

#endif
