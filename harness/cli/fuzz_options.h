// SPDX-License-Identifier: MIT
/// fuzz_options.h: the command line of `heapduel fuzz`.
#ifndef HD_FUZZ_OPTIONS_H
#define HD_FUZZ_OPTIONS_H

#include "harness/campaign/campaign.h"
#include "harness/cli/allocator_options.h"

struct hd_fuzz_arguments {
    struct hd_allocator_options allocators;
    struct hd_campaign_options campaign; // but for the allocators
    const char *policy;                  // a file; NULL: none
};

/// Its input is a struct hd_fuzz_arguments, holding the defaults.
extern const struct argp hd_fuzz_argp;

#endif
