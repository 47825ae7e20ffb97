// SPDX-License-Identifier: MIT
/// launch.h: a program carried out with its calls written down.
#ifndef HD_LAUNCH_H
#define HD_LAUNCH_H

#include "allocators/status.h"

#include <limits.h>

/// Makes a folder for files of events in $TMPDIR, or /tmp. HD_UNAVAILABLE: it cannot be made.
HD_MUST_USE enum hd_status hd_launch_folder(char folder[static PATH_MAX],
                                            struct hd_message *message);

/// Removes it with all files in it.
void hd_launch_clear(const char *folder);

/// Runs the program with the recording library before what LD_PRELOAD says already, and waits until
/// it ends; what it started may go on. SIGINT and SIGQUIT are its to take. HD_BAD_INPUT: there is
/// no such program; HD_UNAVAILABLE: it cannot be executed, or the library is not where it belongs.
HD_MUST_USE enum hd_status hd_launch(char **command, const char *folder, int *wait_status,
                                     struct hd_message *message);

#endif
