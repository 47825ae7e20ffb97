// SPDX-License-Identifier: MIT
/// command.h: what the files of the subcommands share with main.c.
#ifndef HD_COMMAND_H
#define HD_COMMAND_H

/// Exit statuses beside those of enum hd_status.
enum { HD_EXIT_FINDING = 1 };

/// Each carries out one subcommand and returns its exit status. `argv[0]` is `heapduel NAME`, as
/// usage messages name it.
#define HD_COMMAND(name, summary) int hd_command_##name(int argc, char **argv);
#include "harness/cli/commands.def"
#undef HD_COMMAND

#endif
