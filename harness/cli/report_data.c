// SPDX-License-Identifier: MIT
/// report_data.c: what a page is told of each trace and of all, piece by piece.
#include "harness/cli/report_data.h"

#include "harness/cli/compare.h"
#include "harness/cli/finding_json.h"
#include "harness/cli/json.h"
#include "harness/cli/report_columns.h"
#include "harness/report/page.h"

struct hd_report_page hd_report_page;

// ---------------------------------------------------------------------------- JSON in HTML

/// A `<` stands in strings alone; as it is it could end the element that the text is in, or begin
/// a comment.
static int put_escaped(const char *bytes, size_t size, void *file)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i] == '<')
            (void)fputs("\\u003c", file);
        else
            (void)fputc(bytes[i], file);
    return 0;
}

/// Writes the value, and gives it back.
static void put_json(json_t *value)
{
    (void)json_dump_callback(value, put_escaped, hd_report_page.file,
                             JSON_COMPACT | JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
    json_decref(value);
}

static void put_text(const char *text)
{
    (void)fputs(text, hd_report_page.file);
}

static void put_member(const char *name, json_t *value)
{
    (void)fprintf(hd_report_page.file, ",\n\"%s\":", name);
    put_json(value);
}

// ---------------------------------------------------------------------------- a trace

static void put_allocator(const struct hd_trace_results *trace, size_t i)
{
    const struct hd_result *result = &trace->results[i];
    const struct hd_timeline_use use = hd_timeline_use(result->moments, result->count);
    put_text(i == 0 ? "{\"name\":" : ",{\"name\":");
    put_json(hd_json_text(trace->roster->names[i]));
    put_member("reached", hd_json_count(hd_result_reached(result)));
    put_member("ended", json_boolean(result->run->phase == HD_PHASE_DONE));
    put_member("seen", json_boolean(result->tap != HD_TAP_OFF));
    put_member("tapped", json_boolean(result->run->footprint.tapped));
    put_member("calls_dropped", hd_json_count(result->calls_dropped));
    put_member("footprint", hd_footprint_json(&result->run->footprint));
    put_member("resident_peak", hd_json_count(use.resident_peak));
    put_member("mapped_to_live", hd_json_ratio(use.mapped, use.live));
    put_member("findings", hd_findings_json(result->run));
    put_member("findings_dropped", hd_json_count(result->run->findings_dropped));
    hd_report_columns_of_run(hd_report_page.file, &trace->input->trace, result);
    put_text("}");
}

static json_t *difference_json(const struct hd_roster *roster,
                               const struct hd_difference *difference)
{
    json_t *object = hd_finding_json(&difference->finding);
    json_object_set_new(object, "allocators", hd_json_names(roster, difference->deviators));
    return object;
}

static void put_trace(const struct hd_trace_results *trace, bool verbose)
{
    (void)verbose;
    put_text("<script type=\"application/json\" class=\"trace\">{\"path\":");
    put_json(hd_json_text(trace->input->path));
    put_member("operations", hd_json_count(trace->input->trace.count));
    json_t *differences = json_array();
    for (uint32_t i = 0; i < trace->comparison->difference_count; i++)
        json_array_append_new(differences,
                              difference_json(trace->roster, &trace->comparison->differences[i]));
    put_member("differences", differences);
    hd_report_columns_of_trace(hd_report_page.file, &trace->input->trace);
    put_text(",\n\"allocators\":[");
    for (size_t i = 0; i < trace->roster->count; i++)
        put_allocator(trace, i);
    put_text("]}</script>\n");
}

// ---------------------------------------------------------------------------- all

static enum hd_status begin(const struct hd_roster *roster, const struct hd_conditions *conditions,
                            struct hd_message *message)
{
    const enum hd_status status = hd_compared_begin(roster, conditions, message);
    if (status == HD_OK) hd_page_begin(hd_report_page.file);
    return status;
}

static json_t *kinds_json(void)
{
    json_t *kinds = json_array();
    for (size_t kind = 0; kind < HD_OP_KINDS; kind++) {
        const unsigned operands = hd_op_infos[kind].operands;
        json_t *object = json_object();
        json_object_set_new(object, "text", json_string(hd_op_infos[kind].text));
        json_object_set_new(object, "result", json_boolean(operands & HD_RESULT));
        json_object_set_new(object, "slot", json_boolean(operands & HD_SLOT));
        json_object_set_new(object, "count", json_boolean(operands & HD_COUNT));
        json_object_set_new(object, "alignment", json_boolean(operands & HD_ALIGNMENT));
        json_object_set_new(object, "size", json_boolean(operands & HD_SIZE));
        json_array_append_new(kinds, object);
    }
    return kinds;
}

static json_t *calls_json(void)
{
    json_t *names = json_array();
    for (size_t id = 0; id < HD_SYSCALLS; id++)
        json_array_append_new(names, json_string(hd_syscall_names[id]));
    return names;
}

static json_t *policies_json(const struct hd_roster *roster)
{
    static struct hd_side sides[HD_CONTESTANTS_MAX];
    json_t *rows = json_array();
    for (enum hd_question question = 0; question < HD_QUESTIONS; question++) {
        hd_compared_answers(roster->count, question, sides);
        json_t *answers = json_array();
        for (size_t i = 0; i < roster->count; i++)
            json_array_append_new(answers, hd_json_text(sides[i].text));
        json_t *row = json_object();
        json_object_set_new(row, "section", json_string(hd_question_section(question)));
        json_object_set_new(row, "question", json_string(hd_question_labels[question]));
        json_object_set_new(row, "differs",
                            json_boolean(hd_sides_agree(sides, roster->count) == NULL));
        json_object_set_new(row, "answers", answers);
        json_array_append_new(rows, row);
    }
    return rows;
}

static void end(const struct hd_tally *tally, const struct hd_footprint_book *book, bool verbose)
{
    (void)book;
    (void)verbose;
    put_text("<script type=\"application/json\" id=\"all\">{\"heapduel\":");
    put_json(json_string(HEAPDUEL_VERSION));
    put_member("allocators", hd_json_all_names(tally->roster));
    put_member("kinds", kinds_json());
    put_member("calls", calls_json());
    put_member("policies", policies_json(tally->roster));
    put_text("}</script>");
    hd_page_end(hd_report_page.file);
    if (hd_report_page.tells) hd_tally_print_summary(tally);
}

const struct hd_reporter hd_reporter_page = {.begin = begin, .trace = put_trace, .end = end};
