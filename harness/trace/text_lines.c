// SPDX-License-Identifier: MIT
/// text_lines.c: a source taken line by line.
#include "harness/trace/text_lines.h"

#include <string.h>

enum hd_status hd_text_lines_next(struct hd_text_lines *lines, size_t length_max,
                                  struct hd_text_line *line, bool *end, struct hd_message *message)
{
    struct hd_source *source = lines->source;
    const size_t with_ending = length_max + 2;
    const char *newline = memchr(source->next, '\n', hd_source_ready(source));
    if (newline == NULL) {
        const enum hd_status status = hd_source_peek(source, with_ending, message);
        if (status != HD_OK) return status;
        newline = memchr(source->next, '\n', hd_source_ready(source));
    }
    const size_t ready = hd_source_ready(source);
    *end = ready == 0;
    if (*end) return HD_OK;

    const char *text = (const char *)source->next;
    size_t length = newline != NULL ? (size_t)(newline - text) : ready;
    if (length > with_ending) length = with_ending;
    const bool whole = newline == text + length;
    source->next += length + whole;
    if (length > 0 && text[length - 1] == '\r') length--;

    lines->number += !lines->cut;
    lines->cut = length > length_max && !whole;
    *line = (struct hd_text_line){
        .name = source->name, .number = lines->number, .text = text, .length = length};
    return HD_OK;
}
