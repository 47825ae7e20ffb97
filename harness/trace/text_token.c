// SPDX-License-Identifier: MIT
/// text_token.c: a line of the text form as tokens, and what is said where one is wrong.
#include "harness/trace/text_token.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum hd_status hd_text_fail(const struct hd_text_line *line, size_t at, struct hd_message *message,
                            const char *format, ...)
{
    enum { NAME_SHOWN = 240 };
    const size_t length = strlen(line->name);
    const bool cut = length > NAME_SHOWN;
    int used = snprintf(message->text, sizeof message->text, "%s%s:%zu:%zu: ", cut ? "..." : "",
                        cut ? line->name + length - NAME_SHOWN : line->name, line->number, at + 1);
    HD_ASSERT(used > 0 && (size_t)used < sizeof message->text);

    va_list args;
    va_start(args, format);
    (void)vsnprintf(message->text + used, sizeof message->text - (size_t)used, format, args);
    va_end(args);
    return HD_BAD_INPUT;
}

struct hd_token hd_token_next(struct hd_text_parser *parser)
{
    const char *text = parser->line->text;
    const size_t length = parser->line->length;
    size_t at = parser->at;
    while (at < length && (text[at] == ' ' || text[at] == '\t'))
        at++;
    const size_t start = at;
    while (at < length && text[at] != ' ' && text[at] != '\t' && text[at] != '#')
        at++;
    parser->at = at;
    return (struct hd_token){.text = text + start, .length = at - start, .at = start};
}

bool hd_token_is(struct hd_token token, const char *text)
{
    return token.length == strlen(text) && memcmp(token.text, text, token.length) == 0;
}

enum hd_status hd_token_expected(const struct hd_text_parser *parser, struct hd_token found,
                                 const char *what)
{
    enum { SHOWN = 40 };
    if (found.length == 0)
        return hd_text_fail(parser->line, found.at, parser->message,
                            "expected %s, found the end of the line", what);

    char text[4 * SHOWN + 1] = "";
    size_t used = 0;
    for (size_t i = 0; i < found.length && i < SHOWN; i++) {
        const unsigned char byte = (unsigned char)found.text[i];
        const char *format = byte >= 0x20 && byte < 0x7f ? "%c" : "\\x%02x";
        used += (size_t)snprintf(text + used, sizeof text - used, format, byte);
    }
    return hd_text_fail(parser->line, found.at, parser->message, "expected %s, found \"%s%s\"",
                        what, text, found.length > SHOWN ? "..." : "");
}
