// SPDX-License-Identifier: MIT
/// command.h: a command line and an environment, put together piece by piece.
#ifndef HD_CAMPAIGN_COMMAND_H
#define HD_CAMPAIGN_COMMAND_H

#include "allocators/status.h"

#include <stddef.h>

#define HD_COMMAND_WORDS_MAX 256
#define HD_COMMAND_BYTES_MAX ((size_t)256 << 10)

/// All zero is an empty one. No more than fits is put into it: the caller bounds what comes from
/// outside.
struct hd_fuzz_command {
    const char *words[HD_COMMAND_WORDS_MAX + 1]; // ended by NULL
    size_t count;
    const char *settings[HD_COMMAND_WORDS_MAX + 1]; // NAME=VALUE, ended by NULL
    size_t setting_count;
    char text[HD_COMMAND_BYTES_MAX];
    size_t used;
};

/// One more word; one more NAME=VALUE of the environment. A copy is kept.
void hd_fuzz_command_add(struct hd_fuzz_command *command, const char *format, ...) HD_PRINTF(2, 3);
void hd_fuzz_command_set(struct hd_fuzz_command *command, const char *format, ...) HD_PRINTF(2, 3);

#endif
