// SPDX-License-Identifier: MIT
/// text_token.h: a line of the text form as tokens, and what is said where one is wrong.
#ifndef HD_TEXT_TOKEN_H
#define HD_TEXT_TOKEN_H

#include "allocators/status.h"

#include <stdbool.h>
#include <stddef.h>

/// A line without its line ending, and where it stands. Holds no control byte but tabs.
struct hd_text_line {
    const char *name; // of the trace, for messages
    size_t number;    // from 1
    const char *text; // not zero-terminated
    size_t length;
};

/// Bytes between blanks; length 0 is the end of the line, or the comment that ends it.
struct hd_token {
    const char *text;
    size_t length;
    size_t at; // bytes of the line before it
};

/// How far a line is read. A copy of it looks ahead.
struct hd_text_parser {
    const struct hd_text_line *line;
    size_t at;
    struct hd_message *message;
};

/// Reads on to the end of the next token.
struct hd_token hd_token_next(struct hd_text_parser *parser);

bool hd_token_is(struct hd_token token, const char *text);

/// HD_BAD_INPUT with the message `name:line:column: ...`. `at` counts bytes from 0, the column is
/// one more. Of a long name the end is shown, so that the rest has room.
HD_MUST_USE enum hd_status hd_text_fail(const struct hd_text_line *line, size_t at,
                                        struct hd_message *message, const char *format, ...)
    HD_PRINTF(4, 5);

/// Fails with `expected WHAT, found "TOKEN"`; bytes that are not printable ASCII are
/// shown as hexadecimal.
HD_MUST_USE enum hd_status hd_token_expected(const struct hd_text_parser *parser,
                                             struct hd_token found, const char *what);

#endif
