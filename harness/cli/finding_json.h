// SPDX-License-Identifier: MIT
/// finding_json.h: findings as JSON values.
#ifndef HD_FINDING_JSON_H
#define HD_FINDING_JSON_H

#include "harness/engine/run.h"

#include <jansson.h>

json_t *hd_finding_json(const struct hd_finding *finding);

/// An array of those of a run.
json_t *hd_findings_json(const struct hd_run *run);

#endif
