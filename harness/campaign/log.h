// SPDX-License-Identifier: MIT
/// log.h: what engines write down about themselves.
#ifndef HD_CAMPAIGN_LOG_H
#define HD_CAMPAIGN_LOG_H

#include "harness/campaign/campaign.h"

#define HD_LOG_END_MAX 8192

/// The end of a file, or its beginning, zero-terminated; "" when there is none.
void hd_log_end(const char *path, char text[static HD_LOG_END_MAX]);
void hd_log_begin(const char *path, char text[static HD_LOG_END_MAX]);

/// From libFuzzer's output: of the last line with `cov: N ... corp: N/...`. Changes nothing where
/// there is no such line.
void hd_log_libfuzzer(const char *text, struct hd_reading *reading);

/// From AFL++'s fuzzer_stats: edges_found, corpus_count, stability. Changes nothing where one of
/// them is missing.
void hd_log_afl(const char *text, struct hd_reading *reading);

#endif
