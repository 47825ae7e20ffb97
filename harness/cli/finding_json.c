// SPDX-License-Identifier: MIT
/// finding_json.c: findings as JSON values.
#include "harness/cli/finding_json.h"

#include "harness/cli/json.h"

json_t *hd_finding_json(const struct hd_finding *finding)
{
    char signature[HD_SIGNATURE_MAX];
    hd_finding_signature(finding, signature);
    json_t *object = json_object();
    json_object_set_new(object, "signature", json_string(signature));
    json_object_set_new(object, "oracle", json_string(finding->oracle));
    json_object_set_new(object, "step", hd_json_count(finding->step));
    json_object_set_new(object, "at_end", json_boolean(finding->at_end));
    json_object_set_new(object, "operation", json_string(finding->operation));
    json_object_set_new(object, "evidence", hd_json_text(finding->evidence));
    json_object_set_new(object, "repeats", hd_json_count(finding->repeats));
    return object;
}

json_t *hd_findings_json(const struct hd_run *run)
{
    json_t *findings = json_array();
    for (uint32_t i = 0; i < run->finding_count; i++)
        json_array_append_new(findings, hd_finding_json(&run->findings[i]));
    return findings;
}
