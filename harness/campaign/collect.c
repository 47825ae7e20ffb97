// SPDX-License-Identifier: MIT
/// collect.c: readdir, the comments in the traces, and their names.
#include "harness/campaign/collect.h"

#include "harness/base/clock.h"
#include "harness/campaign/folder.h"
#include "harness/campaign/log.h"
#include "oracles/oracle.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

// ---------------------------------------------------------------------------- whose it is

/// `[start, end)` into a text of `size` bytes, cut to fit.
static void copy(const char *start, const char *end, char *text, size_t size)
{
    const size_t length = (size_t)(end - start);
    const size_t fits = length < size ? length : size - 1;
    memcpy(text, start, fits);
    text[fits] = '\0';
}

const char *hd_collect_spec_of(const struct hd_campaign *campaign, const char *allocator)
{
    const struct hd_campaign_options *options = &campaign->options;
    char name[HD_FINDING_NAME_MAX];
    char other[HD_FINDING_NAME_MAX];
    if (strcmp(allocator, HD_FINDING_DIFFERENTIAL) == 0)
        return options->differential ? HD_FINDING_DIFFERENTIAL : NULL;
    hd_finding_name(allocator, name);
    for (size_t i = 0; i < options->spec_count; i++) {
        hd_finding_name(options->specs[i], other);
        if (strcmp(name, other) == 0) return options->specs[i];
    }
    return NULL;
}

bool hd_collect_is_ours(const struct hd_campaign *campaign,
                        const struct hd_campaign_finding *finding)
{
    return hd_collect_spec_of(campaign, finding->allocator) != NULL;
}

/// Sets the allocator of a finding whose signature is known, by the file's name.
static bool name_by_path(const struct hd_campaign *campaign, const char *path,
                         struct hd_campaign_finding *finding)
{
    char expected[PATH_MAX];
    for (size_t i = 0; i < campaign->target_count; i++) {
        const struct hd_fuzz_target *target = &campaign->targets[i];
        const char *spec = hd_fuzz_target_spec(target);
        hd_finding_path(campaign->options.out, spec, finding->signature, ".trace", expected);
        if (strcmp(expected, path) != 0) continue;
        (void)snprintf(finding->allocator, sizeof finding->allocator, "%s", spec);
        return true;
    }
    return false;
}

/// Sets the signature too, where an oracle and an operation of these names stand behind the
/// allocator's.
static bool is_signed(const struct hd_campaign *campaign, const char *path, const char *spec,
                      const char *oracle, const char *operation,
                      struct hd_campaign_finding *finding)
{
    char signature[HD_SIGNATURE_MAX];
    char expected[PATH_MAX];
    (void)snprintf(signature, sizeof signature, "%s/%s/", oracle, operation);
    hd_finding_path(campaign->options.out, spec, signature, "", expected);
    const size_t length = strlen(expected);
    if (strncmp(expected, path, length) != 0) return false;
    const size_t used = strlen(signature);
    memcpy(finding->signature, signature, used);
    copy(path + length, path + strlen(path) - strlen(".trace"), finding->signature + used,
         sizeof finding->signature - used);
    (void)snprintf(finding->allocator, sizeof finding->allocator, "%s", spec);
    return true;
}

static bool sign_by_path(const struct hd_campaign *campaign, const char *path,
                         struct hd_campaign_finding *finding)
{
    for (size_t i = 0; i < campaign->target_count; i++) {
        const struct hd_fuzz_target *target = &campaign->targets[i];
        const char *spec = hd_fuzz_target_spec(target);
        for (size_t kind = 0; kind < HD_OP_KINDS; kind++) {
            const char *operation = hd_op_infos[kind].text;
            for (size_t j = 0; j < HD_ORACLES; j++)
                if (is_signed(campaign, path, spec, hd_oracles[j]->name, operation, finding))
                    return true;
            if (is_signed(campaign, path, spec, HD_FINDING_DIFFERENTIAL, operation, finding))
                return true;
        }
    }
    return false;
}

// ---------------------------------------------------------------------------- comments

bool hd_collect_comment(const char *line, struct hd_campaign_finding *finding)
{
    if (strncmp(line, "# ", 2) != 0) return false;
    const char *name = line + 2;
    const char *at = strstr(name, " at step ");
    if (at == NULL) return false;
    const char *evidence = strstr(at, ": ");
    const char *signature = at;
    while (signature > name && signature[-1] != ' ')
        signature--;
    if (evidence == NULL || signature < name + 3 || strncmp(signature - 2, ": ", 2) != 0)
        return false;
    copy(name, signature - 2, finding->allocator, sizeof finding->allocator);
    copy(signature, at, finding->signature, sizeof finding->signature);
    copy(evidence + 2, evidence + strcspn(evidence, "\n"), finding->evidence,
         sizeof finding->evidence);
    return true;
}

bool hd_collect_small_comment(const char *line, struct hd_campaign_finding *finding)
{
    if (strncmp(line, "# ", 2) != 0) return false;
    const char *end = line + 2 + strcspn(line + 2, " \n");
    const size_t length = (size_t)(end - line - 2);
    if (strncmp(end, " at ", 4) != 0 || memchr(line + 2, '/', length) == NULL) return false;
    copy(line + 2, end, finding->signature, sizeof finding->signature);
    return true;
}

/// From the line that a fuzz target left at the end of the file.
static bool read_last_line(const char *path, struct hd_campaign_finding *finding)
{
    char text[HD_LOG_END_MAX];
    hd_log_end(path, text);
    const size_t length = strlen(text);
    if (length == 0 || text[length - 1] != '\n') return false;
    text[length - 1] = '\0';
    const char *last = strrchr(text, '\n');
    return hd_collect_comment(last != NULL ? last + 1 : text, finding);
}

/// From the one that was left above the operations when it was made small, where nobody knows of
/// that any more.
static bool read_first_lines(const char *path, struct hd_campaign_finding *finding)
{
    char text[HD_LOG_END_MAX];
    hd_log_begin(path, text);
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (hd_collect_small_comment(line, finding)) return true;
    }
    return false;
}

/// A trace without its comments is still known to the fuzz target by its name, which keeps no
/// other.
static bool read_all(const struct hd_campaign *campaign, const char *path,
                     struct hd_campaign_finding *finding)
{
    if (read_last_line(path, finding)) return true;
    if (read_first_lines(path, finding)) return name_by_path(campaign, path, finding);
    return sign_by_path(campaign, path, finding);
}

// ---------------------------------------------------------------------------- the folder

static bool ends_with(const char *name, const char *ending)
{
    const size_t length = strlen(name);
    return length > strlen(ending) && strcmp(name + length - strlen(ending), ending) == 0;
}

/// The one by which a finding is known.
static bool is_trace(const char *name)
{
    return ends_with(name, ".trace") && !ends_with(name, ".full.trace") &&
           !ends_with(name, ".lost.trace");
}

struct hd_campaign_finding *hd_collect_find(struct hd_campaign *campaign, const char *path)
{
    for (size_t i = 0; i < campaign->finding_count; i++)
        if (strcmp(campaign->findings[i].path, path) == 0) return &campaign->findings[i];
    return NULL;
}

static void collect_one(struct hd_campaign *campaign, const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0) return;
    struct hd_campaign_finding *known = hd_collect_find(campaign, path);
    if (known != NULL && known->set_aside) {
        known->set_aside = known->tried = false;
        return;
    }
    if (known != NULL) {
        const struct timespec *then = &known->seen_at;
        known->found = known->found || info.st_mtim.tv_sec != then->tv_sec ||
                       info.st_mtim.tv_nsec != then->tv_nsec;
        return;
    }
    static struct hd_campaign_finding finding;
    finding = (struct hd_campaign_finding){.found = true};
    if (!read_all(campaign, path, &finding) || !hd_collect_is_ours(campaign, &finding)) return;
    (void)snprintf(finding.allocator, sizeof finding.allocator, "%s",
                   hd_collect_spec_of(campaign, finding.allocator));
    hd_path(finding.path, "%s", path);
    hd_campaign_add(campaign, &finding);
    campaign->last_finding = hd_now_s();
}

void hd_collect(struct hd_campaign *campaign)
{
    DIR *folder = opendir(campaign->options.out);
    if (folder == NULL) return;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[PATH_MAX];
        if (!is_trace(entry->d_name)) continue;
        hd_path(path, "%s/%s", campaign->options.out, entry->d_name);
        collect_one(campaign, path);
    }
    (void)closedir(folder);
}
