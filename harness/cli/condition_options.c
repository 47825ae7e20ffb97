// SPDX-License-Identifier: MIT
/// condition_options.c: `--timeout`, `--memory-limit` and `--tap`.
#include "harness/cli/condition_options.h"

#include "harness/cli/option_values.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

enum { KEY_TIMEOUT = 't', KEY_MEMORY_LIMIT = 'm', KEY_TAP = 256 };

static const struct argp_option options[] = {
    {"timeout", KEY_TIMEOUT, "SECONDS", 0,
     "How long a trace may take on an allocator, default 10, and 30 more for each million "
     "operations; 0: for ever", 0},
    {"memory-limit", KEY_MEMORY_LIMIT, "MIB", 0,
     "How much memory an allocator may map, default 1024; 0: no limit", 0},
    {"tap", KEY_TAP, "WAY", 0,
     "How system calls are seen: auto (default), off, dispatch, seccomp or got", 0},
    {0},
};

#define SECONDS_MAX (INT_MAX / 1000) // poll(2) takes milliseconds
#define MIB_MAX     (UINT64_C(1) << 40)

static uint32_t milliseconds(const char *text, const struct argp_state *state)
{
    char *end;
    const double seconds = strtod(text, &end);
    if (end == text || *end != '\0' || !(seconds >= 0 && seconds <= SECONDS_MAX))
        argp_error(state, "the timeout is a number of seconds up to %d, not '%s'", SECONDS_MAX,
                   text);
    const uint32_t whole = (uint32_t)(seconds * 1000);
    return whole == 0 && seconds > 0 ? 1 : whole;
}

static size_t mebibytes(const char *text, const struct argp_state *state)
{
    char *end;
    errno = 0;
    const unsigned long long mib = strtoull(text, &end, 10);
    if (!isdigit((unsigned char)*text) || *end != '\0' || errno != 0 || mib > MIB_MAX)
        argp_error(state, "the memory limit is a whole number of MiB, not '%s'", text);
    return (size_t)mib << 20;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct hd_conditions *conditions = state->input;
    switch (key) {
    case KEY_TIMEOUT:
        conditions->deadline_ms = milliseconds(argument, state);
        conditions->deadline_grows = false;
        return 0;
    case KEY_MEMORY_LIMIT: conditions->memory_bytes = mebibytes(argument, state); return 0;
    case KEY_TAP: conditions->tap = hd_option_tap_way(argument, state); return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {.options = options, .parser = parse};

const struct argp_child hd_condition_children[] = {
    {&hd_allocator_argp, 0, NULL, 0}, {&argp, 0, NULL, 0}, {0}};

void hd_condition_inputs(struct argp_state *state, struct hd_allocator_options *allocators,
                         struct hd_conditions *conditions)
{
    state->child_inputs[0] = allocators;
    state->child_inputs[1] = conditions;
}
