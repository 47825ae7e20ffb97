// SPDX-License-Identifier: MIT
/// probe.h: what the report of `heapduel probe` is made from.
#ifndef HD_CLI_PROBE_H
#define HD_CLI_PROBE_H

#include "harness/cli/roster.h"
#include "harness/probe/probe.h"

/// The allocators of a roster, and what was found of each.
struct hd_probes {
    struct hd_roster roster;
    struct hd_probe of[HD_CONTESTANTS_MAX];
};

void hd_probes_text(const struct hd_probes *probes);
void hd_probes_json(const struct hd_probes *probes);

#endif
