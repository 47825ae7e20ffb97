// SPDX-License-Identifier: MIT
/// reporter.h: what a session writes of its traces: one reporter a command and format.
#ifndef HD_REPORTER_H
#define HD_REPORTER_H

#include "harness/cli/footprint.h"
#include "harness/cli/tally.h"

struct hd_reporter {
    // Before the first trace. Fails as what it does there does.
    enum hd_status (*begin)(const struct hd_roster *roster, const struct hd_conditions *conditions,
                            struct hd_message *message);
    void (*trace)(const struct hd_trace_results *trace, bool verbose); // after each
    void (*end)(const struct hd_tally *tally, const struct hd_footprint_book *book, bool verbose);
};

extern const struct hd_reporter hd_reporter_text;
extern const struct hd_reporter hd_reporter_json;

#endif
