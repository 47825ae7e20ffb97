// SPDX-License-Identifier: MIT
/// main.c: the heapduel command: finds the subcommand and hands over.
#include "allocators/startup.h"
#include "allocators/status.h"
#include "harness/bench/pair_cost.h"
#include "harness/cli/command.h"
#include "harness/cli/streams.h"
#include "harness/cli/usage.h"
#include "harness/probe/probe.h"
#include "harness/runner/runner.h"

#include <argp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const struct command {
    const char *name; // with the program's in front, as argv[0] of the subcommand
    const char *summary;
    int (*run)(int argc, char **argv);
} commands[] = {
#define HD_COMMAND(id, text) {.name = "heapduel " #id, .summary = (text), .run = hd_command_##id},
#include "harness/cli/commands.def"
#undef HD_COMMAND
};

#define COMMAND_COUNT (sizeof commands / sizeof commands[0])

static const char *word_of(const struct command *command)
{
    return command->name + strlen("heapduel ");
}

static void list_commands(FILE *stream)
{
    (void)fprintf(stream, "Usage: heapduel COMMAND [OPTION...] ...\n"
                          "Fuzzing and differential testing of memory allocators.\n\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        (void)fprintf(stream, "  %-9s  %s\n", word_of(&commands[i]), commands[i].summary);
    (void)fprintf(stream, "\nheapduel COMMAND --help explains one, with an example.\n");
}

static int wrong_usage(const char *what, const char *argument)
{
    (void)fprintf(stderr, "heapduel: there is no %s '%s'; heapduel --help lists the commands\n",
                  what, argument);
    return HD_BAD_INPUT;
}

static bool is_option(const char *argument, const char *brief, const char *whole)
{
    return strcmp(argument, brief) == 0 || strcmp(argument, whole) == 0;
}

/// A recorded program inherits from us: what suits the loading of allocators would change it. node,
/// given more room for thread-local storage, cannot start a thread with the small stack that it asks.
static bool hands_on(int argc, char **argv)
{
    return argc > 1 && strcmp(argv[1], "record") == 0;
}

int main(int argc, char **argv)
{
    hd_runner_serve(argv);
    hd_pair_serve(argv);
    hd_probe_serve(argv);
    if (!hands_on(argc, argv)) hd_startup(argv);
    hd_streams_open();
    hd_usage_setup();

    if (argc < 2) {
        list_commands(stderr);
        return HD_BAD_INPUT;
    }
    const char *word = argv[1];
    if (is_option(word, "-?", "--help") || strcmp(word, "-h") == 0) {
        list_commands(stdout);
        return HD_OK;
    }
    if (is_option(word, "-V", "--version")) {
        (void)printf("%s\n", argp_program_version);
        return HD_OK;
    }
    if (*word == '-') return wrong_usage("option", word);

    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(word, word_of(&commands[i])) != 0) continue;
        char name[32];
        (void)snprintf(name, sizeof name, "%s", commands[i].name);
        argv[1] = name;
        return commands[i].run(argc - 1, argv + 1);
    }
    return wrong_usage("command", word);
}
