// SPDX-License-Identifier: MIT
/// show.c: `heapduel show`: a trace as text.
#include "harness/cli/command.h"
#include "harness/cli/inputs.h"
#include "harness/cli/usage.h"

#include <argp.h>
#include <unistd.h>

static error_t parse(int key, char *argument, struct argp_state *state)
{
    char **path = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        if (*path != NULL) argp_error(state, "one trace at a time");
        *path = argument;
        return 0;
    case ARGP_KEY_NO_ARGS: argp_error(state, "which trace?"); return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .parser = parse,
    .args_doc = "TRACE",
    .doc =
        "Writes a trace of any form that is read as text, in its canonical way, without comments. "
        "TRACE `-' is standard input.\v"
        "Example:\n\n  heapduel show crash-1f3a.bin\n",
};

int hd_command_show(int argc, char **argv)
{
    char *path = NULL;
    (void)argp_parse(&argp, argc, argv, 0, NULL, &path);

    struct hd_message message;
    enum hd_status status = hd_input_check(path, &message);
    if (status != HD_OK) return hd_complain(status, &message);

    // Read as a whole first: of a malformed trace nothing is shown.
    struct hd_inputs inputs;
    bool located;
    status = hd_inputs_read(&inputs, &path, 1, &located, &message);
    if (status == HD_OK)
        status = hd_trace_write_text(&inputs.items[0].trace, STDOUT_FILENO, &message);
    hd_inputs_close(&inputs);
    if (status == HD_OK) return HD_OK;
    return located ? hd_complain_located(status, &message) : hd_complain(status, &message);
}
