// SPDX-License-Identifier: MIT
/// programs.h: where the engines' programs are.
#ifndef HD_CAMPAIGN_PROGRAMS_H
#define HD_CAMPAIGN_PROGRAMS_H

#include "allocators/status.h"

#include <limits.h>
#include <stdbool.h>

struct hd_fuzzer;

struct hd_programs {
    char allocator[PATH_MAX];    // the fuzz target for one allocator
    char differential[PATH_MAX]; // for all
    char mutator[PATH_MAX];      // what AFL++ loads; "": not found
};

/// Looks in $HEAPDUEL_ENGINES, then beside this program, in ../libexec/heapduel of its folder, and
/// in a source tree's build folder of the engine. HD_UNAVAILABLE: in none of them, or the engine
/// itself is not installed; the message says what to run.
HD_MUST_USE enum hd_status hd_programs_find(const struct hd_fuzzer *fuzzer,
                                            struct hd_programs *programs,
                                            struct hd_message *message);

/// The folder of the program that is running; "" when nobody knows.
void hd_programs_own_folder(char folder[static PATH_MAX]);

#endif
