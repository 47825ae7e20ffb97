// SPDX-License-Identifier: MIT
/// fuzz_report.h: what `heapduel fuzz` says.
#ifndef HD_FUZZ_REPORT_H
#define HD_FUZZ_REPORT_H

#include "harness/campaign/campaign.h"

/// What is needed to say how fast it goes. All zero at first.
struct hd_fuzz_report {
    double said; // when
    uint64_t inputs;
    double rate;
};

/// How it goes, on stderr: on a terminal one line over and over, else one now and then. May be
/// called often.
void hd_fuzz_report_progress(struct hd_fuzz_report *report, const struct hd_campaign *campaign);

/// As text on standard output: what is begun; a finding; the end.
void hd_fuzz_report_begin(const struct hd_campaign *campaign);
void hd_fuzz_report_finding(const struct hd_campaign *campaign,
                            const struct hd_campaign_finding *finding);
void hd_fuzz_report_end(const struct hd_campaign *campaign, bool interrupted);

/// All of it as one JSON document.
void hd_fuzz_report_json(const struct hd_campaign *campaign, bool interrupted);

#endif
