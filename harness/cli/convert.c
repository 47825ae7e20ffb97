// SPDX-License-Identifier: MIT
/// convert.c: `heapduel convert`: a trace from one form to the other.
#include "harness/cli/command.h"
#include "harness/cli/inputs.h"
#include "harness/cli/usage.h"

#include <argp.h>
#include <string.h>

struct arguments {
    const char *paths[2]; // IN, OUT
    size_t path_count;
    const char *to; // NULL: as OUT's ending says
};

static const struct argp_option options[] = {
    {"to", 't', "FORM", 0, "text or binary. Default: as OUT's ending says, .trace or .bin", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct arguments *into = state->input;
    switch (key) {
    case 't':
        if (strcmp(argument, "text") != 0 && strcmp(argument, "binary") != 0)
            argp_error(state, "a form is text or binary, not '%s'", argument);
        into->to = argument;
        return 0;
    case ARGP_KEY_ARG:
        if (into->path_count == 2) argp_error(state, "IN and OUT, and no more");
        into->paths[into->path_count++] = argument;
        return 0;
    case ARGP_KEY_END:
        if (into->path_count < 2) argp_error(state, "from which trace to which? IN and OUT");
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "IN OUT",
    .doc = "Writes the trace IN, of either form, to OUT, which is written whole or not at all. "
           "IN and OUT may be `-', standard input and output, and may be the same file.\v"
           "Example:\n\n  heapduel convert crash-1f3a.bin crash.trace\n",
};

static bool ends_with(const char *text, const char *ending)
{
    const size_t length = strlen(text);
    return length >= strlen(ending) && strcmp(text + length - strlen(ending), ending) == 0;
}

static enum hd_status form_of(const struct arguments *arguments, enum hd_form *form,
                              struct hd_message *message)
{
    const char *out = arguments->paths[1];
    const char *to = arguments->to;
    if (to == NULL) to = ends_with(out, ".trace") ? "text" : ends_with(out, ".bin") ? "binary" : "";
    if (*to == '\0')
        return hd_fail(message, HD_BAD_INPUT,
                       "%.400s ends neither in .trace nor in .bin; say --to text or --to binary",
                       out);
    *form = strcmp(to, "text") == 0 ? HD_FORM_TEXT : HD_FORM_BINARY;
    return HD_OK;
}

int hd_command_convert(int argc, char **argv)
{
    struct arguments arguments = {0};
    (void)argp_parse(&argp, argc, argv, 0, NULL, &arguments);

    struct hd_message message;
    enum hd_form form = HD_FORM_TEXT;
    enum hd_status status = form_of(&arguments, &form, &message);
    if (status == HD_OK) status = hd_input_check(arguments.paths[0], &message);
    if (status != HD_OK) return hd_complain(status, &message);

    status = hd_trace_convert(arguments.paths[0], arguments.paths[1], form, &message);
    if (status == HD_OK) return HD_OK;
    return status == HD_BAD_INPUT ? hd_complain_located(status, &message)
                                  : hd_complain(status, &message);
}
