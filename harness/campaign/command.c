// SPDX-License-Identifier: MIT
/// command.c: words in one buffer.
#include "harness/campaign/command.h"

#include <stdarg.h>
#include <stdio.h>

static const char *keep(struct hd_fuzz_command *command, const char *format, va_list args)
{
    char *word = command->text + command->used;
    const size_t room = sizeof command->text - command->used;
    const int length = vsnprintf(word, room, format, args);
    HD_ASSERT(length >= 0 && (size_t)length < room);
    command->used += (size_t)length + 1;
    return word;
}

void hd_fuzz_command_add(struct hd_fuzz_command *command, const char *format, ...)
{
    va_list args;
    HD_ASSERT(command->count < HD_COMMAND_WORDS_MAX);
    va_start(args, format);
    command->words[command->count++] = keep(command, format, args);
    va_end(args);
}

void hd_fuzz_command_set(struct hd_fuzz_command *command, const char *format, ...)
{
    va_list args;
    HD_ASSERT(command->setting_count < HD_COMMAND_WORDS_MAX);
    va_start(args, format);
    command->settings[command->setting_count++] = keep(command, format, args);
    va_end(args);
}
