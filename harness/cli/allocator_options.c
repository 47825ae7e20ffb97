// SPDX-License-Identifier: MIT
/// allocator_options.c: `--allocator` and `--format`.
#include "harness/cli/allocator_options.h"

#include "allocators/known.h"

#include <string.h>

static const struct argp_option options[] = {
    {"allocator", 'a', "A", 0,
     "An allocator: a name of `heapduel list', or a library: ./libmine.so, with a prefix of its "
     "functions ./libmine.so:mi_. May be repeated. Default: every known one that is on this "
     "machine",
     0},
    {"format", 'f', "FORMAT", 0, "text (default) or json", 0},
    {0},
};

static void add_allocator(struct hd_allocator_options *into, const char *spec,
                          const struct argp_state *state)
{
    struct hd_message message;
    if (hd_allocator_check(spec, &message) != HD_OK) argp_error(state, "%s", message.text);
    for (size_t i = 0; i < into->count; i++)
        if (strcmp(into->specs[i], spec) == 0) return;
    if (into->count == HD_CONTESTANTS_MAX)
        argp_error(state, "more than %d allocators", HD_CONTESTANTS_MAX);
    into->specs[into->count++] = spec;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct hd_allocator_options *into = state->input;
    switch (key) {
    case 'a': add_allocator(into, argument, state); return 0;
    case 'f':
        into->json = strcmp(argument, "json") == 0;
        if (!into->json && strcmp(argument, "text") != 0)
            argp_error(state, "the format is text or json, not '%s'", argument);
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

const struct argp hd_allocator_argp = {.options = options, .parser = parse};

const struct argp_child hd_allocator_children[] = {{&hd_allocator_argp, 0, NULL, 0}, {0}};
