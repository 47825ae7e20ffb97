// SPDX-License-Identifier: MIT
/// session.c: all traces on all allocators, reported, added up, compared with another time.
#include "harness/cli/session.h"

#include "harness/cli/command.h"
#include "harness/cli/grow.h"
#include "harness/cli/inputs.h"
#include "harness/cli/policies.h"
#include "harness/cli/progress.h"
#include "harness/cli/usage.h"

#include <stdlib.h>

/// What one `heapduel run`, or `compare`, works with.
struct session {
    const struct hd_run_request *request;
    const struct hd_inputs *inputs;
    const struct hd_reporter *reporter;
    struct hd_roster roster;
    struct hd_policies policies;
    struct hd_footprint_book book;
    struct hd_tally tally;
};

/// Releases the results of the first `count` allocators.
static void release(struct hd_result results[HD_CONTESTANTS_MAX], size_t count)
{
    for (size_t i = 0; i < count; i++)
        hd_result_release(&results[i]);
}

static void compare(const struct hd_input *input, const struct hd_roster *roster,
                    const struct hd_result results[HD_CONTESTANTS_MAX],
                    struct hd_comparison *comparison)
{
    struct hd_contestant contestants[HD_CONTESTANTS_MAX];
    for (size_t i = 0; i < roster->count; i++)
        contestants[i] = (struct hd_contestant){
            .name = roster->names[i], .policy = results[i].policy, .outcomes = results[i].outcomes};
    hd_compare(&input->trace, contestants, roster->count, comparison);
}

/// Runs one trace on one allocator of the roster.
static enum hd_status run_on(struct session *session, size_t which, size_t allocator,
                             struct hd_result *result, struct hd_message *message)
{
    const struct hd_input *input = &session->inputs->items[which];
    const char *name = session->roster.names[allocator];
    struct hd_conditions conditions = session->request->conditions;
    conditions.held = hd_policies_of(&session->policies, allocator);
    conditions.tell = hd_progress_steps;
    hd_progress_show(which + 1, session->inputs->count, input->path, name);
    const enum hd_status status =
        hd_runner_run(name, &input->trace, &conditions, result, message);
    if (status == HD_OK) hd_footprint_add(&session->book, input->path, name, result->run);
    return status;
}

/// Runs one trace on all allocators, reports it and adds it to the tally.
static enum hd_status run_trace(struct session *session, size_t which, struct hd_message *message)
{
    static struct hd_comparison comparison;
    const struct hd_input *input = &session->inputs->items[which];
    const struct hd_roster *roster = &session->roster;
    struct hd_result results[HD_CONTESTANTS_MAX];
    for (size_t i = 0; i < roster->count; i++) {
        const enum hd_status status = run_on(session, which, i, &results[i], message);
        if (status == HD_OK) continue;
        release(results, i);
        hd_progress_clear();
        return status;
    }
    compare(input, roster, results, &comparison);
    const struct hd_trace_results trace = {
        .input = input, .roster = roster, .results = results, .comparison = &comparison};
    hd_tally_add(&session->tally, &trace);
    hd_progress_clear();
    session->reporter->trace(&trace, session->request->verbose);
    release(results, roster->count);
    return HD_OK;
}

/// All traces, then the end of the report.
static enum hd_status run_traces(struct session *session, struct hd_message *message)
{
    enum hd_status status =
        session->reporter->begin(&session->roster, &session->request->conditions, message);
    for (size_t i = 0; status == HD_OK && i < session->inputs->count; i++)
        status = run_trace(session, i, message);
    if (status != HD_OK) return status;
    status = hd_footprint_finish(&session->book, message);
    session->tally.growths = session->book.growth_count;
    session->reporter->end(&session->tally, &session->book, session->request->verbose);
    return status;
}

static bool found_something(const struct hd_tally *tally)
{
    return tally->findings.count != 0 || tally->differences.count != 0 || tally->growths != 0;
}

/// Roster and policies, which try every library that is given.
static enum hd_status prepare(struct session *session, struct hd_message *message)
{
    const struct hd_run_request *request = session->request;
    enum hd_status status = hd_roster_select(&request->allocators, &session->roster, message);
    if (status == HD_OK)
        status = hd_policies_find(request->policy, &session->roster, &request->conditions,
                                  &session->policies, message);
    if (status == HD_OK && request->verbose && !request->allocators.json)
        hd_policies_print(&session->policies, &session->roster);
    return status;
}

/// All that follows when the traces are read.
static int work(const struct hd_run_request *request, const struct hd_inputs *inputs)
{
    static struct session session;
    struct hd_message message;
    session.request = request;
    session.inputs = inputs;
    session.reporter = request->reporter;
    session.tally.roster = &session.roster;
    enum hd_status status = hd_footprint_open(&session.book, &request->footprint, &message);
    if (status == HD_OK) status = prepare(&session, &message);
    if (status == HD_OK) status = run_traces(&session, &message);
    const bool found = found_something(&session.tally);
    hd_tally_close(&session.tally);
    status = hd_footprint_close(&session.book, status, &message);
    if (status != HD_OK) return hd_complain(status, &message);
    return found ? HD_EXIT_FINDING : HD_OK;
}

void hd_run_request_add(struct hd_run_request *request, char *path)
{
    request->paths = hd_grow(request->paths, request->path_count, &request->path_capacity,
                             sizeof *request->paths);
    request->paths[request->path_count++] = path;
}

static enum hd_status check_lengths(const struct hd_run_request *request,
                                    const struct hd_inputs *inputs, struct hd_message *message)
{
    for (size_t i = 0; i < inputs->count && request->operations_max != 0; i++)
        if (inputs->items[i].trace.count > request->operations_max)
            return hd_fail(message, HD_BAD_INPUT,
                           "%.300s has %zu operations, of %zu at most; `heapduel convert --slice' "
                           "cuts it into windows",
                           inputs->items[i].path, inputs->items[i].trace.count,
                           request->operations_max);
    return HD_OK;
}

int hd_session_run(struct hd_run_request *request)
{
    struct hd_inputs inputs;
    struct hd_message message;
    bool located;
    int exit_status;
    enum hd_status status =
        hd_inputs_read(&inputs, request->paths, request->path_count, &located, &message);
    if (status == HD_OK) status = check_lengths(request, &inputs, &message);
    if (status == HD_OK)
        exit_status = work(request, &inputs);
    else
        exit_status =
            located ? hd_complain_located(status, &message) : hd_complain(status, &message);
    hd_inputs_close(&inputs);
    free(request->paths);
    return exit_status;
}
