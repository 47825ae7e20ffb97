// SPDX-License-Identifier: MIT
/// run_json.c: the report for a program: one document, written at the end.
#include "harness/cli/finding_json.h"
#include "harness/cli/json.h"
#include "harness/cli/reporter.h"

#include <stdio.h>

static json_t *document;
static json_t *traces; // the document's

static enum hd_status begin(const struct hd_roster *roster, const struct hd_conditions *conditions,
                            struct hd_message *message)
{
    (void)conditions;
    (void)message;
    traces = json_array();
    document = json_object();
    json_object_set_new(document, "heapduel", json_string(HEAPDUEL_VERSION));
    json_object_set_new(document, "allocators", hd_json_all_names(roster));
    json_object_set_new(document, "traces", traces);
    return HD_OK;
}

static json_t *run_json(const char *name, const struct hd_run *run)
{
    json_t *object = json_object();
    json_object_set_new(object, "name", hd_json_text(name));
    json_object_set_new(object, "verdict",
                        json_string(run->finding_count == 0 ? "holds" : "broken"));
    json_object_set_new(object, "carried_out", hd_json_count(run->operations));
    json_object_set_new(object, "skipped", hd_json_count(run->skipped));
    json_object_set_new(object, "not_offered", hd_json_count(run->not_offered));
    json_object_set_new(object, "threads", hd_json_count(run->threads));
    json_object_set_new(object, "misplaced", hd_json_count(run->misplaced));
    if (run->footprint.tapped)
        json_object_set_new(object, "footprint", hd_footprint_json(&run->footprint));
    json_object_set_new(object, "findings", hd_findings_json(run));
    json_object_set_new(object, "findings_dropped", hd_json_count(run->findings_dropped));
    return object;
}

static json_t *side_json(const struct hd_difference *difference, uint32_t side,
                         const struct hd_roster *roster)
{
    char answer[HD_OUTCOME_TEXT_MAX];
    hd_outcome_format(&difference->answers[__builtin_ctz(side)], answer);
    json_t *object = json_object();
    json_object_set_new(object, "answer", json_string(answer));
    json_object_set_new(object, "allocators", hd_json_names(roster, side));
    return object;
}

static json_t *difference_json(const struct hd_difference *difference,
                               const struct hd_roster *roster)
{
    json_t *sides = json_array();
    uint32_t left = hd_difference_answered(difference);
    uint32_t side;
    while ((side = hd_difference_next_side(difference, &left)) != 0)
        json_array_append_new(sides, side_json(difference, side, roster));
    json_t *object = hd_finding_json(&difference->finding);
    json_object_set_new(object, "sides", sides);
    return object;
}

static void add_trace(const struct hd_trace_results *trace, bool verbose)
{
    (void)verbose; // a program is shown everything
    const struct hd_comparison *comparison = trace->comparison;
    json_t *runs = json_array();
    json_t *differences = json_array();
    for (size_t i = 0; i < trace->roster->count; i++)
        json_array_append_new(runs, run_json(trace->roster->names[i], trace->results[i].run));
    for (uint32_t i = 0; i < comparison->difference_count; i++)
        json_array_append_new(differences,
                              difference_json(&comparison->differences[i], trace->roster));
    json_t *object = json_object();
    json_object_set_new(object, "path", hd_json_text(trace->input->path));
    json_object_set_new(object, "operations", hd_json_count(trace->input->trace.count));
    json_object_set_new(object, "allocators", runs);
    json_object_set_new(object, "differences", differences);
    json_object_set_new(object, "differences_dropped",
                        hd_json_count(comparison->differences_dropped));
    json_array_append_new(traces, object);
}

static void end(const struct hd_tally *tally, const struct hd_footprint_book *book, bool verbose)
{
    (void)verbose;
    hd_tally_json(tally, document);
    json_t *growths = hd_footprint_growths_json(book);
    if (growths != NULL) json_object_set_new(document, "footprint", growths);
    (void)json_dumpf(document, stdout, JSON_INDENT(2));
    (void)putchar('\n');
    json_decref(document);
    document = NULL;
}

const struct hd_reporter hd_reporter_json = {.begin = begin, .trace = add_trace, .end = end};
