// SPDX-License-Identifier: MIT
/// record.c: checking each field that the watching process relies on.
#include "harness/runner/record.h"

#include <string.h>

bool hd_bool_plausible(const bool *flag)
{
    uint8_t byte;
    memcpy(&byte, flag, sizeof byte);
    return byte <= 1;
}

#define TEXT_PLAUSIBLE(text) (memchr((text), '\0', sizeof(text)) != NULL)

static bool finding_plausible(const struct hd_finding *finding)
{
    return finding->kind < HD_OP_KINDS && hd_bool_plausible(&finding->at_end) &&
           TEXT_PLAUSIBLE(finding->oracle) && TEXT_PLAUSIBLE(finding->place) &&
           TEXT_PLAUSIBLE(finding->operation) && TEXT_PLAUSIBLE(finding->evidence);
}

static bool outcome_plausible(const struct hd_outcome *outcome)
{
    return outcome->kind <= HD_OUTCOME_LOST && hd_bool_plausible(&outcome->broken) &&
           hd_bool_plausible(&outcome->held);
}

bool hd_record_plausible(const struct hd_run *run, const struct hd_outcome *outcomes, size_t count)
{
    if (run->phase > HD_PHASE_DONE || !hd_op_well_formed(&run->op)) return false;
    if (run->finding_count > HD_RUN_FINDINGS_MAX || !hd_bool_plausible(&run->at_end)) return false;
    if (!hd_bool_plausible(&run->footprint.tapped)) return false;
    for (uint32_t i = 0; i < run->finding_count; i++)
        if (!finding_plausible(&run->findings[i])) return false;
    for (size_t i = 0; i < count; i++)
        if (!outcome_plausible(&outcomes[i])) return false;
    return true;
}

bool hd_calls_plausible(const struct hd_call_record *calls, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!hd_bool_plausible(&calls[i].call.refused)) return false;
        if (i > 0 && calls[i].step < calls[i - 1].step) return false;
    }
    return true;
}

bool hd_end_steps_plausible(const struct hd_end_record *steps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const uint8_t kind = steps[i].op.kind;
        if (kind != HD_OP_FREE && kind != HD_OP_FREE_NULL && kind != HD_OP_MALLOC) return false;
        if (!hd_bool_plausible(&steps[i].trims)) return false;
        if (i > 0 && steps[i].step <= steps[i - 1].step) return false;
    }
    return true;
}

bool hd_snapshot_plausible(const struct hd_snapshot *snapshot)
{
    if (!hd_bool_plausible(&snapshot->complete)) return false;
    if (!snapshot->complete) return true;
    if (snapshot->region_count > HD_SNAPSHOT_REGIONS_MAX ||
        snapshot->block_count > HD_SNAPSHOT_BLOCKS_MAX ||
        snapshot->ours_count > HD_SNAPSHOT_OURS_MAX || snapshot->maps_size > HD_SNAPSHOT_MAPS_MAX)
        return false;
    for (size_t i = 0; i < snapshot->region_count; i++)
        if (snapshot->regions[i].owner > HD_OWNER_FOREIGN) return false;
    return true;
}
