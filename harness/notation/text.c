// SPDX-License-Identifier: MIT
/// text.c: text that grows in a buffer of fixed size and is cut at its end, as snprintf cuts.
#include "harness/notation/text.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

void hd_notation_text_open(struct hd_notation_text *text, char *start, size_t size)
{
    *text = (struct hd_notation_text){.start = start, .size = size};
    if (size != 0) start[0] = '\0';
}

void hd_notation_put(struct hd_notation_text *text, const char *format, ...)
{
    const bool full = text->length >= text->size;
    char *at = full ? NULL : text->start + text->length;
    const size_t room = full ? 0 : text->size - text->length;

    va_list values;
    va_start(values, format);
    const int length = vsnprintf(at, room, format, values);
    va_end(values);
    HD_ASSERT(length >= 0);
    text->length += (size_t)length;
}
