// SPDX-License-Identifier: MIT
/// convert.c: `heapduel convert`: a trace from one form to another, or cut into windows.
#include "harness/cli/command.h"
#include "harness/cli/inputs.h"
#include "harness/cli/option_values.h"
#include "harness/cli/trace_form.h"
#include "harness/cli/usage.h"

#include <argp.h>
#include <inttypes.h>
#include <stdio.h>

#define SLICE_MAX 1000000

struct arguments {
    const char *paths[2]; // IN, OUT
    size_t path_count;
    const char *to; // NULL: as OUT's ending says
    bool lenient;
    unsigned slice; // 0: whole
};

static const struct argp_option options[] = {
    {"to", 't', "FORM", 0,
     "text, binary, rep or mtrace. Default: as OUT's ending says, .trace, .bin, .rep or .mtrace; "
     "of "
     "--slice binary. With .zst behind the ending it is packed",
     0},
    {"lenient", 'l', NULL, 0,
     "skip lines that free what does not live or make what does, and leave away what the form "
     "cannot say; both are counted",
     0},
    {"slice", 's', "N", 0,
     "OUT is a folder, and gets the trace in windows of N operations that stand alone", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct arguments *into = state->input;
    switch (key) {
    case 't':
        if (!hd_trace_form_named(argument))
            argp_error(state, "a form is " HD_TRACE_FORM_NAMES ", not '%s'", argument);
        into->to = argument;
        return 0;
    case 'l': into->lenient = true; return 0;
    case 's':
        into->slice = hd_option_number(argument, 1, SLICE_MAX, "a number of operations", state);
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
    .doc =
        "Writes the trace IN, of any form that is read, to OUT, which is written whole or not at "
        "all. IN and OUT may be `-', standard input and output, and may be the same file. Read "
        "are, packed by gzip or zstd or not: heapduel's text and binary, CS:APP's .rep, glibc's "
        "mtrace, valgrind --trace-malloc, Android's memory_replay, wee_alloc's, malloc-bench's, "
        "heaptrack --raw.\v"
        "Examples:\n\n"
        "  heapduel convert crash-1f3a.bin crash.trace\n"
        "  heapduel convert short1.rep short1.trace.zst\n"
        "  heapduel convert --slice 200 firefox.trace.zst seeds\n",
};

static void report(const struct hd_conversion *conversion)
{
    if (conversion->skipped > 0)
        (void)fprintf(stderr, "heapduel: skipped %" PRIu64 ", the first: %s\n", conversion->skipped,
                      conversion->skipped_first.text);
    if (conversion->plainer + conversion->left_out > 0)
        (void)fprintf(stderr,
                      "heapduel: %" PRIu64 " operations are plainer, %" PRIu64
                      " are left out, the first: %s\n",
                      conversion->plainer, conversion->left_out, conversion->lost_first.text);
}

static enum hd_status convert(const struct arguments *arguments, struct hd_conversion *conversion,
                              struct hd_message *message)
{
    const char *in = arguments->paths[0];
    const char *out = arguments->paths[1];
    if (arguments->slice == 0) return hd_trace_convert(in, out, conversion, message);
    return hd_trace_slice(in, out, arguments->slice, hd_trace_form_ending(conversion->form),
                          conversion, message);
}

int hd_command_convert(int argc, char **argv)
{
    struct arguments arguments = {0};
    (void)argp_parse(&argp, argc, argv, 0, NULL, &arguments);

    struct hd_message message;
    struct hd_conversion conversion = {.lenient = arguments.lenient};
    const char *to = arguments.to;
    if (to == NULL && arguments.slice != 0) to = "binary";
    enum hd_status status = hd_trace_form_of(arguments.paths[1], to, &conversion, &message);
    if (status == HD_OK) status = hd_input_check(arguments.paths[0], &message);
    if (status != HD_OK) return hd_complain(status, &message);

    status = convert(&arguments, &conversion, &message);
    if (status == HD_OK) report(&conversion);
    if (status == HD_OK) return HD_OK;
    return status == HD_BAD_INPUT ? hd_complain_located(status, &message)
                                  : hd_complain(status, &message);
}
