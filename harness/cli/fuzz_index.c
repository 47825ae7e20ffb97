// SPDX-License-Identifier: MIT
/// fuzz_index.c: JSON in and out.
#include "harness/cli/fuzz_index.h"

#include "harness/campaign/aside.h"
#include "harness/campaign/collect.h"
#include "harness/campaign/folder.h"
#include "harness/cli/json.h"
#include "harness/trace/output.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const replays[] = {[HD_REPLAY_NOT_YET] = "not yet",
                                      [HD_REPLAY_ALWAYS] = "always",
                                      [HD_REPLAY_SOMETIMES] = "sometimes",
                                      [HD_REPLAY_NEVER] = "never"};
#define REPLAYS (sizeof replays / sizeof replays[0])

// ---------------------------------------------------------------------------- writing

static json_t *text_or_null(const char *text)
{
    return *text != '\0' ? hd_json_text(text) : json_null();
}

json_t *hd_fuzz_finding_json(const struct hd_campaign_finding *finding)
{
    json_t *object =
        json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:s, s:i, s:i, s:b, s:b}", "allocator",
                  hd_json_text(finding->allocator), "signature", finding->signature, "evidence",
                  hd_json_text(finding->evidence), "trace", hd_json_text(finding->path), "program",
                  text_or_null(finding->program), "operations", hd_json_count(finding->operations),
                  "operations_found", hd_json_count(finding->operations_found), "reproduces",
                  replays[finding->replay], "seen", (int)finding->seen, "runs", (int)finding->runs,
                  "minimal", (int)finding->minimal, "from_history", (int)finding->from_history);
    HD_ASSERT(object != NULL);
    return object;
}

static json_t *index_json(const struct hd_campaign *campaign)
{
    json_t *findings = json_array();
    for (size_t i = 0; i < campaign->finding_count; i++)
        if (campaign->findings[i].known || hd_finding_is_settled(&campaign->findings[i]))
            (void)json_array_append_new(findings, hd_fuzz_finding_json(&campaign->findings[i]));
    json_t *document = json_pack("{s:s, s:o}", "heapduel", HEAPDUEL_VERSION, "findings", findings);
    HD_ASSERT(document != NULL);
    return document;
}

static void name_index(const struct hd_campaign *campaign, char path[static PATH_MAX])
{
    hd_path(path, "%s/findings.json", campaign->options.out);
}

enum hd_status hd_fuzz_index_write(const struct hd_campaign *campaign, struct hd_message *message)
{
    static struct hd_output output;
    char path[PATH_MAX];
    name_index(campaign, path);
    enum hd_status status = hd_output_open(&output, path, message);
    if (status != HD_OK) return status;
    json_t *document = index_json(campaign);
    if (json_dumpfd(document, output.fd, JSON_INDENT(2)) != 0 || write(output.fd, "\n", 1) != 1)
        status = hd_fail(message, HD_UNAVAILABLE, "%.400s: cannot be written", path);
    json_decref(document);
    return hd_output_finish(&output, status, message);
}

// ---------------------------------------------------------------------------- reading

static void copy_text(const json_t *object, const char *key, char *text, size_t size)
{
    const char *value = json_string_value(json_object_get(object, key));
    (void)snprintf(text, size, "%s", value != NULL ? value : "");
}

static enum hd_replay replay_of(const json_t *object)
{
    const char *word = json_string_value(json_object_get(object, "reproduces"));
    for (unsigned i = 0; word != NULL && i < REPLAYS; i++)
        if (strcmp(word, replays[i]) == 0) return (enum hd_replay)i;
    return HD_REPLAY_NOT_YET;
}

static uint64_t count_of(const json_t *object, const char *key)
{
    return (uint64_t)json_integer_value(json_object_get(object, key));
}

/// A file that the index names, where the folder is now; it may have been moved. False: none is
/// named, or no such name can be.
static bool path_of(const struct hd_campaign *campaign, const json_t *object, const char *key,
                    char path[static PATH_MAX])
{
    const char *named = json_string_value(json_object_get(object, key));
    const char *slash = named != NULL ? strrchr(named, '/') : NULL;
    const char *name = slash != NULL ? slash + 1 : named;
    if (name == NULL || *name == '\0' || strlen(name) > NAME_MAX) return false;
    hd_path(path, "%s/%s", campaign->options.out, name);
    return true;
}

/// One of which the trace is still there. False: this is no finding.
static bool add(struct hd_campaign *campaign, const json_t *object)
{
    static struct hd_campaign_finding finding;
    finding = (struct hd_campaign_finding){.known = true, .tried = true};
    copy_text(object, "allocator", finding.allocator, sizeof finding.allocator);
    copy_text(object, "signature", finding.signature, sizeof finding.signature);
    if (!path_of(campaign, object, "trace", finding.path)) return false;
    if (*finding.allocator == '\0' || *finding.signature == '\0') return false;
    if (access(finding.path, R_OK) != 0) return true;
    const char *spec = hd_collect_spec_of(campaign, finding.allocator);
    if (spec != NULL) (void)snprintf(finding.allocator, sizeof finding.allocator, "%s", spec);
    if (!path_of(campaign, object, "program", finding.program)) *finding.program = '\0';
    copy_text(object, "evidence", finding.evidence, sizeof finding.evidence);
    finding.operations = count_of(object, "operations");
    finding.operations_found = count_of(object, "operations_found");
    finding.seen = (unsigned)count_of(object, "seen");
    finding.runs = (unsigned)count_of(object, "runs");
    finding.minimal = json_is_true(json_object_get(object, "minimal"));
    finding.from_history = json_is_true(json_object_get(object, "from_history"));
    finding.replay = replay_of(object);
    hd_campaign_add(campaign, &finding);
    return true;
}

static enum hd_status read_findings(struct hd_campaign *campaign, const json_t *document,
                                    const char *path, const char *error,
                                    struct hd_message *message)
{
    const json_t *findings = json_object_get(document, "findings");
    bool whole = json_is_array(findings);
    if (document != NULL) error = whole ? "a finding is not whole" : "it has no findings";
    for (size_t i = 0; whole && i < json_array_size(findings); i++)
        whole = add(campaign, json_array_get(findings, i));
    if (whole) return HD_OK;
    return hd_fail(message, HD_BAD_INPUT,
                   "%.300s is not what heapduel wrote: %.100s; move it away, or give another --out",
                   path, error);
}

enum hd_status hd_fuzz_index_read(struct hd_campaign *campaign, struct hd_message *message)
{
    char path[PATH_MAX];
    json_error_t error;
    name_index(campaign, path);
    if (access(path, F_OK) != 0) return HD_OK;
    json_t *document = json_load_file(path, 0, &error);
    const enum hd_status status = read_findings(campaign, document, path, error.text, message);
    json_decref(document);
    return status;
}
