// SPDX-License-Identifier: MIT
/// death.c: an input, run anew.
#include "harness/campaign/death.h"

#include "harness/campaign/folder.h"
#include "harness/campaign/triage.h"
#include "harness/fuzz/finding_trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ARENA_BYTES ((size_t)1 << 24) // of address space

static enum hd_status keep(const struct hd_campaign *campaign, const char *spec,
                           const struct hd_trace *trace, const struct hd_finding *finding,
                           struct hd_message *message)
{
    char signature[HD_SIGNATURE_MAX];
    char path[PATH_MAX];
    hd_finding_signature(finding, signature);
    hd_finding_path(campaign->options.out, spec, signature, ".trace", path);
    if (hd_finding_trace_is_known(path)) return HD_OK;
    const int error = hd_finding_trace_keep(path, trace, spec, finding);
    if (error == 0 || error == EEXIST) return HD_OK;
    return hd_fail(message, HD_UNAVAILABLE, "%.400s: %s", path, strerror(error));
}

static enum hd_status keep_all(const struct hd_campaign *campaign, const char *spec,
                               const struct hd_trace *trace, const struct hd_run *run,
                               struct hd_stats *stats, struct hd_message *message)
{
    enum hd_status status = HD_OK;
    for (uint32_t i = 0; status == HD_OK && i < run->finding_count; i++) {
        char signature[HD_SIGNATURE_MAX];
        hd_finding_signature(&run->findings[i], signature);
        hd_stats_count_finding(stats, signature);
        status = keep(campaign, spec, trace, &run->findings[i], message);
    }
    return status;
}

static enum hd_status run_on_all(const struct hd_campaign *campaign, struct hd_kept *kept,
                                 const struct hd_trace *trace, struct hd_stats *stats, bool *shown,
                                 struct hd_message *message)
{
    enum hd_status status = HD_OK;
    for (size_t i = 0; status == HD_OK && i < kept->count; i++) {
        struct hd_result result;
        struct hd_message why_not;
        kept->conditions.held = kept->held[i];
        if (hd_runner_run(kept->specs[i], trace, &kept->conditions, &result, &why_not) != HD_OK)
            continue; // it shows nothing
        *shown = *shown || result.run->finding_count > 0;
        status = keep_all(campaign, kept->specs[i], trace, result.run, stats, message);
        hd_result_release(&result);
    }
    return status;
}

static void name_input(const struct hd_campaign *campaign, const struct hd_fuzz_target *target,
                       char path[static PATH_MAX])
{
    hd_path(path, "%s/engine/%s.died.bin", campaign->options.out, target->name);
}

/// For whoever wants to look; there is nothing to be done where it cannot be written.
static void keep_input(const struct hd_campaign *campaign, const struct hd_fuzz_target *target,
                       const uint8_t *bytes, size_t size)
{
    char path[PATH_MAX];
    name_input(campaign, target, path);
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return;
    (void)!write(fd, bytes, size);
    (void)close(fd);
}

enum hd_status hd_death_look_into(const struct hd_campaign *campaign,
                                  const struct hd_fuzz_target *target, struct hd_stats *stats,
                                  bool *shown, struct hd_message *message)
{
    static struct hd_campaign_finding whose;
    static struct hd_kept kept;
    struct hd_arena arena;
    struct hd_trace trace;
    const uint64_t size = stats->died.size;
    const size_t fits = size < HD_STATS_INPUT_BYTES_MAX ? size : HD_STATS_INPUT_BYTES_MAX;
    *shown = false;
    whose = (struct hd_campaign_finding){0};
    (void)snprintf(whose.allocator, sizeof whose.allocator, "%s", hd_fuzz_target_spec(target));
    hd_triage_choose(&campaign->options, &whose, &kept);
    hd_arena_open(&arena, ARENA_BYTES);
    hd_trace_decode_input(stats->died.bytes, fits, &arena, &trace);
    const enum hd_status status = run_on_all(campaign, &kept, &trace, stats, shown, message);
    hd_arena_close(&arena);
    if (!*shown) keep_input(campaign, target, stats->died.bytes, fits);
    return status;
}

enum hd_status hd_death_complain(const struct hd_campaign *campaign,
                                 const struct hd_fuzz_target *target, struct hd_message *message)
{
    char path[PATH_MAX];
    name_input(campaign, target, path);
    return hd_fail(message, HD_UNAVAILABLE,
                   "%.100s: a process ended in the middle of a run, and what it ran shows nothing "
                   "by itself; it is kept as %.250s",
                   target->name, path);
}
