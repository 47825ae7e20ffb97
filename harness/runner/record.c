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

bool hd_run_plausible(const struct hd_run *run)
{
    if (run->phase > HD_PHASE_DONE || !hd_op_well_formed(&run->op)) return false;
    if (run->finding_count > HD_RUN_FINDINGS_MAX || !hd_bool_plausible(&run->at_end)) return false;
    if (!hd_bool_plausible(&run->footprint.tapped)) return false;
    for (uint32_t i = 0; i < run->finding_count; i++)
        if (!finding_plausible(&run->findings[i])) return false;
    return true;
}

bool hd_outcomes_plausible(const struct hd_outcome *outcomes, size_t count)
{
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
        if (kind != HD_OP_FREE && kind != HD_OP_FREE_NULL && kind != HD_OP_MALLOC &&
            kind != HD_OP_THREAD_END)
            return false;
        if (!hd_bool_plausible(&steps[i].trims)) return false;
        if (i > 0 && steps[i].step <= steps[i - 1].step) return false;
    }
    return true;
}

/// Sorted, none empty, none past the addresses that there are: whoever walks them comes to an end.
static bool regions_plausible(const struct hd_snapshot *snapshot)
{
    uintptr_t end = 0;
    for (size_t i = 0; i < snapshot->region_count; i++) {
        const struct hd_region *region = &snapshot->regions[i];
        if (region->owner > HD_OWNER_FOREIGN || region->start < end) return false;
        if (region->start >= region->end || region->end > HD_ADDRESS_END) return false;
        end = region->end;
    }
    return true;
}

static bool blocks_plausible(const struct hd_snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->block_count; i++) {
        const struct hd_snapshot_block *block = &snapshot->blocks[i];
        if (block->address >= HD_ADDRESS_END || (i > 0 && block->address <= block[-1].address))
            return false;
    }
    return true;
}

static bool ours_plausible(const struct hd_snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->ours_count; i++)
        if (snapshot->ours[i].start >= snapshot->ours[i].end ||
            snapshot->ours[i].end > HD_ADDRESS_END)
            return false;
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
    return regions_plausible(snapshot) && blocks_plausible(snapshot) && ours_plausible(snapshot);
}

bool hd_moments_plausible(const struct hd_moment *moments, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct hd_moment *moment = &moments[i];
        if (!hd_bool_plausible(&moment->taken) || !hd_bool_plausible(&moment->looked))
            return false;
        if (moment->address >= HD_ADDRESS_END ||
            moment->usable > HD_ADDRESS_END - moment->address)
            return false;
    }
    return true;
}

bool hd_use_plausible(const struct hd_timeline_use *use)
{
    return use->mapped >= 0 && use->live >= 0; // and so neither is a NaN
}
