// SPDX-License-Identifier: MIT
/// record.c: `heapduel record`: a program's calls as a trace, one for each process.
#include "harness/cli/command.h"
#include "harness/cli/trace_form.h"
#include "harness/cli/usage.h"
#include "harness/record/launch.h"
#include "harness/record/recording.h"
#include "harness/trace/output.h"

#include <argp.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

struct arguments {
    const char *out;
    char **command; // NULL-terminated
};

static const struct argp_option options[] = {
    {"output", 'o', "OUT", 0,
     "where the trace goes: text in .trace, binary in .bin, packed with .zst behind it. Further "
     "processes go to OUT with a number before its ending: out.2.trace.zst",
     0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct arguments *into = state->input;
    switch (key) {
    case 'o': into->out = argument; return 0;
    case ARGP_KEY_ARG: // from here on all is the program's
        into->command = &state->argv[state->next - 1];
        state->next = state->argc;
        return 0;
    case ARGP_KEY_END:
        if (into->out == NULL) argp_error(state, "where to? -o OUT");
        if (into->command == NULL) argp_error(state, "which program?");
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "-o OUT -- COMMAND [ARGUMENT...]",
    .doc =
        "Runs COMMAND and writes each call of malloc, free and the like that it and the processes "
        "that it starts make, as one trace a process. It uses the allocator that it would use "
        "anyway. What was recorded before a process was killed is kept. Programs that are linked "
        "statically, or that change who they are, record nothing.\v"
        "Exit status: 0 there is a trace, whatever COMMAND ended with; 2 there is no such "
        "COMMAND; 3 nothing was recorded.\n\n"
        "Example:\n\n  heapduel record -o sort.trace.zst -- sort /etc/services\n",
};

/// The first process's trace is `out`; the others have their number before its ending.
static enum hd_status name_output(const char *out, const struct hd_conversion *conversion,
                                  size_t which, char path[static PATH_MAX],
                                  struct hd_message *message)
{
    static const char packed[] = ".zst";
    const size_t length = strlen(out);
    size_t ending = strlen(hd_trace_form_ending(conversion->form));
    if (conversion->packed) ending += sizeof packed - 1;
    const int used = which == 0 ? snprintf(path, PATH_MAX, "%s", out)
                                : snprintf(path, PATH_MAX, "%.*s.%zu%s", (int)(length - ending),
                                           out, which + 1, out + length - ending);
    if (used < PATH_MAX) return HD_OK;
    return hd_fail(message, HD_BAD_INPUT, "%.400s: the name is too long", out);
}

static void report(const struct hd_recording *recording, const char *path,
                   const struct hd_recorded *recorded)
{
    const char *slash = strrchr(recording->header->program, '/');
    (void)fprintf(stderr, "heapduel: %s: %" PRIu64 " operations, %zu thread%s, %s (%" PRIu32 ")",
                  path, recorded->operations, recorded->threads, recorded->threads == 1 ? "" : "s",
                  slash != NULL ? slash + 1 : recording->header->program, recording->header->pid);
    if (recorded->inherited > 0)
        (void)fprintf(stderr, ", %" PRIu64 " blocks from its parent", recorded->inherited);
    if (recorded->skipped > 0)
        (void)fprintf(stderr, ", %" PRIu64 " calls skipped", recorded->skipped);
    if (recording->header->stopped != 0)
        (void)fprintf(stderr, ", not to its end: %s", strerror(recording->header->stopped));
    (void)fprintf(stderr, "\n");
}

static enum hd_status write_traces(const struct hd_recordings *recordings, const char *out,
                                   const struct hd_conversion *conversion,
                                   struct hd_message *message)
{
    for (size_t i = 0; i < recordings->count; i++) {
        char path[PATH_MAX];
        struct hd_recorded recorded;
        enum hd_status status = name_output(out, conversion, i, path, message);
        if (status == HD_OK)
            status = hd_recording_write(recordings, i, path, conversion, &recorded, message);
        if (status != HD_OK) return status;
        report(&recordings->items[i], path, &recorded);
    }
    if (recordings->count > 0) return HD_OK;
    return hd_fail(message, HD_UNAVAILABLE,
                   "nothing was recorded: is the program linked "
                   "statically, or the folder for temporary files full?");
}

/// HD_UNAVAILABLE when OUT cannot be written: better said before the program runs.
static enum hd_status check_output(const char *out, struct hd_message *message)
{
    struct hd_output output;
    struct hd_message ignored;
    const enum hd_status status = hd_output_open(&output, out, message);
    if (status == HD_OK) (void)!hd_output_finish(&output, HD_UNAVAILABLE, &ignored);
    return status;
}

static void tell_end(const char *program, int wait_status)
{
    if (WIFSIGNALED(wait_status))
        (void)fprintf(stderr, "heapduel: %s ended by SIG%s\n", program,
                      sigabbrev_np(WTERMSIG(wait_status)));
    else if (WEXITSTATUS(wait_status) != 0)
        (void)fprintf(stderr, "heapduel: %s ended with status %d\n", program,
                      WEXITSTATUS(wait_status));
}

static enum hd_status record(const struct arguments *arguments,
                             const struct hd_conversion *conversion, const char *folder,
                             struct hd_message *message)
{
    struct hd_recordings recordings;
    int wait_status = 0;
    enum hd_status status = hd_launch(arguments->command, folder, &wait_status, message);
    if (status != HD_OK) return status;
    tell_end(arguments->command[0], wait_status);
    status = hd_recordings_open(&recordings, folder, message);
    if (status == HD_OK) status = write_traces(&recordings, arguments->out, conversion, message);
    hd_recordings_close(&recordings);
    return status;
}

int hd_command_record(int argc, char **argv)
{
    struct arguments arguments = {0};
    (void)argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &arguments);

    char folder[PATH_MAX];
    struct hd_message message;
    struct hd_conversion conversion = {0};
    enum hd_status status = hd_trace_form_of(arguments.out, NULL, &conversion, &message);
    if (status != HD_OK || (conversion.form != HD_FORM_TEXT && conversion.form != HD_FORM_BINARY))
        status = hd_fail(&message, HD_BAD_INPUT,
                         "%.400s ends neither in .trace nor in .bin, with or without .zst",
                         arguments.out);
    if (status == HD_OK) status = check_output(arguments.out, &message);
    if (status == HD_OK) status = hd_launch_folder(folder, &message);
    if (status != HD_OK) return hd_complain(status, &message);
    status = record(&arguments, &conversion, folder, &message);
    hd_launch_clear(folder);
    return status == HD_OK ? HD_OK : hd_complain(status, &message);
}
