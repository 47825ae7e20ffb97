// SPDX-License-Identifier: MIT
/// report.c: `heapduel report`: traces on allocators, as a page to look at in a browser.
#include "harness/cli/allocator_options.h"
#include "harness/cli/command.h"
#include "harness/cli/condition_options.h"
#include "harness/cli/report_data.h"
#include "harness/cli/session.h"
#include "harness/cli/streams.h"
#include "harness/cli/usage.h"

#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// What a browser still draws at once.
#define OPERATIONS_MAX 1000000

struct arguments {
    struct hd_run_request request;
    const char *out; // "-": standard output
};

static const struct argp_option options[] = {
    {"output", 'o', "FILE", 0, "Where the page goes, - for standard output", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct arguments *into = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        hd_condition_inputs(state, &into->request.allocators, &into->request.conditions);
        return 0;
    case 'o': into->out = argument; return 0;
    case ARGP_KEY_ARG: hd_run_request_add(&into->request, argument); return 0;
    case ARGP_KEY_NO_ARGS: argp_error(state, "which trace?"); return 0;
    case ARGP_KEY_END:
        if (into->out == NULL) argp_error(state, "where does the page go? -o FILE");
        if (into->request.allocators.json) argp_error(state, "the page is HTML");
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .children = hd_condition_children,
    .args_doc = "TRACE...",
    .doc = "Carries traces out on allocators, and writes an HTML page that shows what came of it: "
           "for each allocator a map of its heap, address over operations, what it had mapped, "
           "live and resident, and its system calls; what was found, marked on the map; and what a "
           "probe of each finds. The page is one file that needs no network. TRACE is a file of "
           "any form, a folder, or `-' for standard input.\v"
           "Exit status: 0 nothing found, 1 a finding, 2 wrong usage or a malformed trace, 3 the "
           "machine cannot do it. The page is written in the first two cases.\n\n"
           "Example:\n\n"
           "  heapduel report -o report.html -a glibc -a ./libmine.so my-program.trace\n",
};

static enum hd_status cannot_write(const struct hd_output *output, struct hd_message *message)
{
    return hd_fail(message, HD_UNAVAILABLE, "cannot write %.400s: %s", output->name,
                   strerror(errno));
}

/// Begins the page. The stream has a descriptor of its own.
static enum hd_status open_page(const char *path, struct hd_output *output,
                                struct hd_message *message)
{
    enum hd_status status = hd_output_open(output, path, message);
    if (status != HD_OK) return status;
    const int fd = dup(output->fd);
    hd_report_page.file = fd >= 0 ? fdopen(fd, "w") : NULL;
    hd_report_page.tells = !output->standard;
    if (hd_report_page.file != NULL) return HD_OK;
    status = cannot_write(output, message);
    if (fd >= 0) (void)close(fd);
    return hd_output_finish(output, status, message);
}

static enum hd_status close_stream(const struct hd_output *output, struct hd_message *message)
{
    const bool written = hd_stream_flush(hd_report_page.file);
    const int why = errno != 0 ? errno : EIO; // it is gone meanwhile
    if (fclose(hd_report_page.file) == 0 && written) return HD_OK;
    if (!written) errno = why;
    return cannot_write(output, message);
}

/// Ends the page: puts it in its place where the session's exit status says that it is whole.
static int close_page(struct hd_output *output, int exit_status)
{
    struct hd_message message;
    const bool whole = exit_status == HD_OK || exit_status == HD_EXIT_FINDING;
    enum hd_status status = close_stream(output, &message);
    if (!whole) status = (enum hd_status)exit_status; // and it was said why
    status = hd_output_finish(output, status, &message);
    return whole && status != HD_OK ? hd_complain(status, &message) : exit_status;
}

int hd_command_report(int argc, char **argv)
{
    struct arguments arguments = {.request.conditions = HD_CONDITIONS_DEFAULT,
                                  .request.reporter = &hd_reporter_page,
                                  .request.operations_max = OPERATIONS_MAX};
    struct hd_run_request *request = &arguments.request;
    request->conditions.records_calls = true;
    request->conditions.records_timeline = true;
    request->conditions.measures_resident = true;
    (void)argp_parse(&argp, argc, argv, 0, NULL, &arguments);

    struct hd_message message;
    static struct hd_output output;
    const enum hd_status status = open_page(arguments.out, &output, &message);
    if (status == HD_OK) return close_page(&output, hd_session_run(request));
    free(request->paths);
    return hd_complain(status, &message);
}
