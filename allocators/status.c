// SPDX-License-Identifier: MIT
/// status.c: messages for a person, and the end of a process that is itself wrong.
#include "allocators/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum hd_status hd_fail(struct hd_message *message, enum hd_status status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message->text, sizeof message->text, format, args);
    va_end(args);
    return status;
}

void hd_assertion_failed(const char *condition, const char *file, int line)
{
    char text[512];
    const int length = snprintf(text, sizeof text, "%s:%d: heapduel itself is wrong: %s\n", file,
                                line, condition);
    if (length > 0) {
        const size_t size = (size_t)length < sizeof text ? (size_t)length : sizeof text - 1;
        (void)!write(STDERR_FILENO, text, size);
    }
    abort();
}
