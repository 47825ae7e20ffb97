// SPDX-License-Identifier: MIT
/// fuzzer.h: an engine, as a campaign drives it. One file an engine.
#ifndef HD_CAMPAIGN_FUZZER_H
#define HD_CAMPAIGN_FUZZER_H

#include "harness/campaign/campaign.h"

struct hd_fuzzer {
    const char *name;   // of --engine
    const char *title;  // for a person
    const char *prefix; // its fuzz targets are PREFIX_allocator, PREFIX_differential
    const char *preset; // that builds them
    int stop_signal;    // on which it ends in order
    bool wants_folder;  // of its own for each worker: OUT/engine/WORKER.tmp

    /// Puts together how a worker's process is started.
    void (*start)(const struct hd_campaign *campaign, const struct hd_fuzz_target *target,
                  const struct hd_worker *worker, struct hd_fuzz_command *command);

    /// Reads what it says of itself; leaves `reading` alone when it says nothing new.
    void (*read)(const struct hd_campaign *campaign, const struct hd_fuzz_target *target,
                 const struct hd_worker *worker, struct hd_reading *reading);

    /// Puts what its workers keep elsewhere into the target's corpus. NULL: they keep it there.
    enum hd_status (*gather)(const struct hd_campaign *campaign,
                             const struct hd_fuzz_target *target, struct hd_message *message);

    /// Puts together how the corpus is reduced, into the empty folder `into`; the folder
    /// `temporary` is for what is needed meanwhile.
    void (*merge)(const struct hd_campaign *campaign, const struct hd_fuzz_target *target,
                  const char *into, const char *temporary, struct hd_fuzz_command *command);
};

extern const struct hd_fuzzer hd_fuzzer_libfuzzer;
extern const struct hd_fuzzer hd_fuzzer_afl;

/// By its name; NULL: there is none of that name.
const struct hd_fuzzer *hd_fuzzer_find(const char *name);

#define HD_FUZZ_INPUT_BYTES_MAX HD_STATS_INPUT_BYTES_MAX

/// The program that a target is fuzzed by.
const char *hd_fuzzer_program(const struct hd_campaign *campaign,
                              const struct hd_fuzz_target *target);

/// The fuzz target's own options, for both engines.
void hd_fuzzer_add_options(const struct hd_campaign *campaign, const struct hd_fuzz_target *target,
                           const struct hd_worker *worker, struct hd_fuzz_command *command);

/// The words given for the engine.
void hd_fuzzer_add_words(const struct hd_campaign *campaign, struct hd_fuzz_command *command);

#endif
