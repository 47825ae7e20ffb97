// SPDX-License-Identifier: MIT
/// options.c: a fuzz target's own options, among the engine's.
#include "allocators/startup.h"
#include "harness/fuzz/own_stats.h"
#include "harness/fuzz/report.h"
#include "harness/fuzz/target.h"
#include "harness/fuzz/watch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum hd_target_mutator mutator;

/// Not by exit(): in the middle of an input an engine takes that for the target's fault, and ends
/// the process with a status of its own.
void hd_target_give_up(enum hd_status status, const struct hd_message *message)
{
    hd_watch_drop();
    (void)fprintf(stderr, "heapduel: %s\n", message->text);
    (void)fflush(NULL);
    _exit((int)status);
}

/// The value of `--name=value`, NULL when the argument is another one.
static const char *value_of(const char *argument, const char *name)
{
    const size_t length = strlen(name);
    if (strncmp(argument, name, length) != 0 || argument[length] != '=') return NULL;
    return argument + length + 1;
}

static unsigned long number_of(const char *name, const char *value)
{
    char *end;
    errno = 0;
    const unsigned long number = strtoul(value, &end, 10);
    if (errno != 0 || end == value || *end != '\0' || number > UINT32_MAX) {
        struct hd_message message;
        hd_target_give_up(
            hd_fail(&message, HD_BAD_INPUT, "%s takes a number, not '%s'", name, value), &message);
    }
    return number;
}

static enum hd_tap_way way_of(const char *value)
{
    enum hd_tap_way way;
    struct hd_message message;
    const enum hd_status status = hd_tap_find(value, &way, &message);
    if (status != HD_OK) hd_target_give_up(status, &message);
    return way;
}

static enum hd_fresh_way fresh_of(const char *value)
{
    enum hd_fresh_way way;
    struct hd_message message;
    const enum hd_status status = hd_fresh_find(value, &way, &message);
    if (status != HD_OK) hd_target_give_up(status, &message);
    return way;
}

static enum hd_target_mutator mutator_of(const char *value)
{
    static const char *const names[] = {
        [HD_MUTATOR_TRACE] = "trace", [HD_MUTATOR_BYTES] = "bytes", [HD_MUTATOR_NONE] = "none"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(value, names[i]) == 0) return i;
    struct hd_message message;
    hd_target_give_up(hd_fail(&message, HD_BAD_INPUT,
                              "--mutator takes trace, bytes or none, not '%s'", value),
                      &message);
}

/// Whether the value is the first of the two words that the option takes.
static bool is_first(const char *name, const char *value, const char *first, const char *second)
{
    const bool yes = strcmp(value, first) == 0;
    struct hd_message message;
    if (!yes && strcmp(value, second) != 0)
        hd_target_give_up(hd_fail(&message, HD_BAD_INPUT, "%s takes %s or %s, not '%s'", name,
                                  second, first, value),
                          &message);
    return yes;
}

/// Reads an argument; false when it is not one of ours.
static bool take(const char *argument, struct hd_target_options *options)
{
    const char *value;
    if ((value = value_of(argument, "--allocator")) != NULL)
        options->allocator = value;
    else if ((value = value_of(argument, "--findings")) != NULL)
        options->findings = value;
    else if ((value = value_of(argument, "--stats")) != NULL)
        options->stats = value;
    else if ((value = value_of(argument, "--memory-limit")) != NULL)
        options->memory_bytes = (size_t)number_of("--memory-limit", value) << 20;
    else if ((value = value_of(argument, "--deadline")) != NULL)
        options->deadline_s = (unsigned)number_of("--deadline", value);
    else if ((value = value_of(argument, "--tap")) != NULL)
        options->tap = way_of(value);
    else if ((value = value_of(argument, "--policy")) != NULL)
        options->policy = value;
    else if ((value = value_of(argument, "--fresh")) != NULL)
        options->fresh = fresh_of(value);
    else if ((value = value_of(argument, "--mutator")) != NULL)
        options->mutator = mutator_of(value);
    else if ((value = value_of(argument, "--behaviour")) != NULL)
        options->shows_nothing = is_first("--behaviour", value, "off", "on");
    else if (strcmp(argument, "--go-on") == 0)
        options->goes_on = true;
    else
        return false;
    return true;
}

enum hd_target_mutator hd_target_mutator(void)
{
    return mutator;
}

// AFL++'s driver takes a lone argument with a dash for a number of runs, and stops at what is none:
// from it our own must be gone. libFuzzer needs them to start its -jobs and forks, and skips them.
// HD_TAKES_OPTIONS says which. Both call LLVMFuzzerInitialize before they look at their arguments,
// and AFL++'s driver before it starts its fork server, so that hd_startup comes early enough.
struct hd_target_options hd_target_start(int *argc, char ***argv)
{
    hd_startup(*argv);
    struct hd_target_options options = {.memory_bytes = (size_t)256 << 20,
                                        .deadline_s = 10,
                                        .tap = HD_TAP_AUTO,
                                        .fresh = HD_FRESH_AUTO};
    int kept = 1;
    for (int i = 1; i < *argc; i++) {
        const bool ours = take((*argv)[i], &options);
        if (!ours || !HD_TAKES_OPTIONS) (*argv)[kept++] = (*argv)[i];
    }
    (*argv)[kept] = NULL;
    *argc = kept;
    mutator = options.mutator;
    hd_own_stats_open(options.stats);
    hd_report_start(options.findings, options.goes_on);
    hd_watch_start(options.deadline_s, options.goes_on);
    return options;
}
