// SPDX-License-Identifier: MIT
/// fuzz_json.c: what `heapduel fuzz` did, for a program.
#include "harness/campaign/fuzzer.h"
#include "harness/cli/fuzz_index.h"
#include "harness/cli/fuzz_report.h"
#include "harness/cli/json.h"
#include "harness/fuzz/families.h"

#include <stdio.h>

/// How much of each family of behaviours was seen.
static json_t *families_json(const struct hd_fuzz_target *target)
{
    json_t *object = json_object();
    for (enum hd_behaviour_id id = 0; id < HD_BEHAVIOURS; id++) {
        const struct hd_behaviour_family family = hd_behaviour_family(id, target->seen);
        (void)json_object_set_new(object, family.name, hd_json_count(family.seen));
    }
    return object;
}

static json_t *target_json(const struct hd_fuzz_target *target)
{
    json_t *object = json_pack(
        "{s:o, s:f, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "allocator",
        hd_json_text(hd_fuzz_target_spec(target)), "seconds", target->ran,
        "fresh", *target->fresh != '\0' ? target->fresh : "none", "inputs",
        hd_json_count(target->inputs), "operations", hd_json_count(target->operations),
        "coverage", hd_json_count(target->coverage), "behaviours",
        hd_json_count(target->behaviours), "families", families_json(target), "corpus",
        hd_json_count(target->corpus_count), "stability",
        target->stability > 0 ? json_real(target->stability) : json_null());
    HD_ASSERT(object != NULL);
    return object;
}

static json_t *finding_json(const struct hd_campaign_finding *finding)
{
    json_t *object = hd_fuzz_finding_json(finding);
    (void)json_object_set_new(object, "known", json_boolean(finding->known));
    return object;
}

void hd_fuzz_report_json(const struct hd_campaign *campaign, bool interrupted)
{
    json_t *targets = json_array();
    json_t *findings = json_array();
    for (size_t i = 0; i < campaign->target_count; i++)
        (void)json_array_append_new(targets, target_json(&campaign->targets[i]));
    for (size_t i = 0; i < campaign->finding_count; i++)
        if (campaign->findings[i].found)
            (void)json_array_append_new(findings, finding_json(&campaign->findings[i]));
    json_t *document =
        json_pack("{s:s, s:s, s:i, s:b, s:o, s:o}", "heapduel", HEAPDUEL_VERSION, "engine",
                  campaign->options.fuzzer->name, "jobs", (int)campaign->options.jobs,
                  "interrupted", (int)interrupted, "targets", targets, "findings", findings);
    HD_ASSERT(document != NULL);
    (void)json_dumpf(document, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    (void)printf("\n");
    json_decref(document);
}
