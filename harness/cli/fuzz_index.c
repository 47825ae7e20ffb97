// SPDX-License-Identifier: MIT
/// fuzz_index.c: JSON in and out.
#include "harness/cli/fuzz_index.h"

#include "harness/campaign/aside.h"
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

/// One of which the trace is still there; the folder may have been moved.
static void add(struct hd_campaign *campaign, const json_t *object)
{
    static struct hd_campaign_finding finding;
    char path[PATH_MAX];
    finding = (struct hd_campaign_finding){.known = true, .tried = true};
    copy_text(object, "trace", path, sizeof path);
    const char *slash = strrchr(path, '/');
    hd_path(finding.path, "%s/%s", campaign->options.out, slash != NULL ? slash + 1 : path);
    if (access(finding.path, R_OK) != 0) return;
    copy_text(object, "allocator", finding.allocator, sizeof finding.allocator);
    copy_text(object, "signature", finding.signature, sizeof finding.signature);
    copy_text(object, "evidence", finding.evidence, sizeof finding.evidence);
    copy_text(object, "program", finding.program, sizeof finding.program);
    finding.operations = count_of(object, "operations");
    finding.operations_found = count_of(object, "operations_found");
    finding.seen = (unsigned)count_of(object, "seen");
    finding.runs = (unsigned)count_of(object, "runs");
    finding.minimal = json_is_true(json_object_get(object, "minimal"));
    finding.from_history = json_is_true(json_object_get(object, "from_history"));
    finding.replay = replay_of(object);
    hd_campaign_add(campaign, &finding);
}

enum hd_status hd_fuzz_index_read(struct hd_campaign *campaign, struct hd_message *message)
{
    char path[PATH_MAX];
    json_error_t error;
    name_index(campaign, path);
    if (access(path, F_OK) != 0) return HD_OK;
    json_t *document = json_load_file(path, 0, &error);
    const json_t *findings = json_object_get(document, "findings");
    if (!json_is_array(findings)) {
        json_decref(document);
        return hd_fail(message, HD_BAD_INPUT,
                       "%.300s is not what heapduel wrote: %.100s; move it away, or give another "
                       "--out",
                       path, document == NULL ? error.text : "it has no findings");
    }
    for (size_t i = 0; i < json_array_size(findings); i++)
        add(campaign, json_array_get(findings, i));
    json_decref(document);
    return HD_OK;
}
