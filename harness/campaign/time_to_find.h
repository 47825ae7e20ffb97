// SPDX-License-Identifier: MIT
/// time_to_find.h: what several hunts for one thing come to.
#ifndef HD_TIME_TO_FIND_H
#define HD_TIME_TO_FIND_H

#include "harness/campaign/hunt.h"

#include <stdbool.h>
#include <stddef.h>

/// The fuzz target with all that it has, and without one part of it each.
struct hd_hunt_setting {
    const char *name;
    const char *option; // of the fuzz target; NULL: none
};
#define HD_HUNT_SETTINGS 3
extern const struct hd_hunt_setting hd_hunt_settings[HD_HUNT_SETTINGS];

struct hd_time_to_find {
    unsigned rounds;
    unsigned found; // of them

    // Medians of all rounds, where a round that found nothing counts as longer than any:
    // INFINITY where that leaves none.
    double seconds;
    double inputs;

    char signature[HD_SIGNATURE_MAX]; // the most frequent one, of several the first; "": none
    unsigned same;                    // rounds that found that one
    unsigned by_oracle;               // rounds that were ended by the oracle asked for
};

#define HD_TIME_TO_FIND_ROUNDS_MAX 15

/// pre: 1 to HD_TIME_TO_FIND_ROUNDS_MAX results. `oracle` NULL: none is asked for.
void hd_time_to_find_of(const struct hd_hunt_result *results, unsigned count, const char *oracle,
                        struct hd_time_to_find *time_to_find);

/// Found in nine of ten rounds at least.
bool hd_time_to_find_reliable(const struct hd_time_to_find *time_to_find);

#endif
