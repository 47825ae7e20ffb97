// SPDX-License-Identifier: MIT
/// list.c: `heapduel list`: allocators, oracles and operations of this build.
#include "harness/cli/list.h"

#include "allocators/known.h"
#include "harness/cli/allocator_options.h"
#include "harness/cli/command.h"
#include "harness/runner/runner.h"
#include "harness/tap/tap.h"

#include <argp.h>
#include <string.h>

static error_t parse(int key, char *argument, struct argp_state *state)
{
    switch (key) {
    case ARGP_KEY_INIT: state->child_inputs[0] = state->input; return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "no argument is wanted, but there is '%s'", argument);
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .parser = parse,
    .children = hd_allocator_children,
    .doc = "Shows the allocators (all known ones, or those given by --allocator) and whether they "
           "are on this machine, the ways of seeing system calls and whether they work here, the "
           "oracles, and the operations that a trace can hold.\v"
           "Example:\n\n  heapduel list -a ./libmine.so:my_\n",
};

void hd_list_operands(unsigned operand_set, const char *operands[HD_LIST_OPERANDS])
{
    size_t count = 0;
    if ((operand_set & HD_SLOT) != 0) operands[count++] = "SLOT";
    if ((operand_set & HD_SYSCALL) != 0) operands[count++] = "CALL";
    if ((operand_set & HD_COUNT) != 0) operands[count++] = "COUNT";
    if ((operand_set & HD_ALIGNMENT) != 0) operands[count++] = "ALIGNMENT";
    if ((operand_set & HD_SIZE) != 0) operands[count++] = "SIZE";
    if ((operand_set & HD_TIMES) != 0) operands[count++] = "N";
    if ((operand_set & HD_DELTA) != 0) operands[count++] = "BYTES";
    operands[count] = NULL;
}

static const char *summary_of(const char *name)
{
    for (size_t i = 0; i < hd_known_count(); i++)
        if (strcmp(hd_known_name(i), name) == 0) return hd_known_summary(i);
    return "a library given by path";
}

/// `auto` takes the first that works, off at worst.
static void try_ways(struct hd_listed_way ways[HD_TAP_WAYS])
{
    bool chosen = false;
    for (enum hd_tap_way way = HD_TAP_OFF; way < HD_TAP_WAYS; way++) {
        ways[way].name = hd_tap_names[way];
        ways[way].summary = hd_tap_summaries[way];
        ways[way].works = hd_tap_try(way, &ways[way].why_not) == HD_OK;
        ways[way].chosen = ways[way].works && !chosen && way != HD_TAP_OFF;
        chosen |= ways[way].chosen;
    }
    ways[HD_TAP_OFF].chosen = !chosen;
}

int hd_command_list(int argc, char **argv)
{
    struct hd_allocator_options options = {0};
    (void)argp_parse(&argp, argc, argv, 0, NULL, &options);

    static struct hd_listed allocators[HD_CONTESTANTS_MAX];
    const size_t count = options.count != 0 ? options.count : hd_known_count();
    HD_ASSERT(count <= HD_CONTESTANTS_MAX);
    for (size_t i = 0; i < count; i++) {
        struct hd_listed *one = &allocators[i];
        one->name = options.count != 0 ? options.specs[i] : hd_known_name(i);
        one->summary = summary_of(one->name);
        one->found = hd_runner_probe(one->name, &one->why_not) == HD_OK;
    }
    static struct hd_listed_way ways[HD_TAP_WAYS];
    try_ways(ways);
    if (options.json)
        hd_list_json(allocators, count, ways);
    else
        hd_list_text(allocators, count, ways);
    return HD_OK;
}
