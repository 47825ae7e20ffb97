// SPDX-License-Identifier: MIT
/// text_read.c: the text form, pulled from a source one operation at a time.
#include "harness/trace/text_read.h"

#include "harness/trace/text_line.h"

#include <string.h>

void hd_text_reader_open(struct hd_text_reader *reader, struct hd_source *source)
{
    *reader = (struct hd_text_reader){.lines = {.source = source}};
}

/// Refuses what no text holds: an editor would show the line as something else than is read.
static enum hd_status check_bytes(const struct hd_text_line *line, struct hd_message *message)
{
    for (size_t at = 0; at < line->length; at++) {
        const unsigned char byte = (unsigned char)line->text[at];
        if (at == HD_TEXT_LINE_MAX)
            return hd_text_fail(line, at, message, "expected a line of at most %d bytes",
                                HD_TEXT_LINE_MAX);
        if ((byte < 0x20 && byte != '\t') || byte == 0x7f)
            return hd_text_fail(line, at, message, "expected text, found control byte 0x%02x",
                                byte);
    }
    return HD_OK;
}

/// The next line, which must be text.
static enum hd_status next_line(struct hd_text_reader *reader, struct hd_text_line *line, bool *end,
                                struct hd_message *message)
{
    const enum hd_status status =
        hd_text_lines_next(&reader->lines, HD_TEXT_LINE_MAX, line, end, message);
    return status != HD_OK || *end ? status : check_bytes(line, message);
}

static enum hd_status read_first_line(struct hd_text_reader *reader, struct hd_message *message)
{
    static const char want[] = HD_TEXT_FIRST_LINE;
    const size_t magic_length = sizeof HD_TEXT_MAGIC - 1;
    struct hd_text_line line = {.name = reader->lines.source->name, .number = 1};
    bool end = false;
    const enum hd_status status = next_line(reader, &line, &end, message);
    if (status != HD_OK) return status;

    size_t length = line.length;
    while (length > 0 && (line.text[length - 1] == ' ' || line.text[length - 1] == '\t'))
        length--;
    if (length == sizeof want - 1 && memcmp(line.text, want, length) == 0) return HD_OK;

    const bool magic = length > magic_length && line.text[magic_length] == ' ' &&
                       memcmp(line.text, want, magic_length) == 0;
    return hd_text_fail(&line, magic ? magic_length + 1 : 0, message,
                        magic ? "expected version 1, and nothing else on the first line"
                              : "expected the first line \"%s\"",
                        want);
}

enum hd_status hd_text_reader_next(struct hd_text_reader *reader, struct hd_op *op, bool *end,
                                   struct hd_message *message)
{
    enum hd_status status = HD_OK;
    if (reader->lines.number == 0) status = read_first_line(reader, message);

    bool blank = true;
    while (status == HD_OK && blank) {
        struct hd_text_line line;
        status = next_line(reader, &line, end, message);
        if (status != HD_OK || *end) return status;
        status = hd_text_line_parse(&line, op, &blank, message);
    }
    return status;
}
