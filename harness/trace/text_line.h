// SPDX-License-Identifier: MIT
/// text_line.h: one line of the text form, read as an operation.
#ifndef HD_TEXT_LINE_H
#define HD_TEXT_LINE_H

#include "allocators/status.h"
#include "harness/trace/op.h"

#include <stdbool.h>

/// A line without its line ending, and where it stands. Holds no control byte but tabs.
struct hd_text_line {
    const char *name; // of the trace, for messages
    size_t number;    // from 1
    const char *text; // not zero-terminated
    size_t length;
};

/// Reads `[@THREAD] [SLOT =] word operands... [# comment]` into `op`; `blank` tells that there was
/// nothing but blanks and a comment. HD_BAD_INPUT: it is not such a line.
HD_MUST_USE enum hd_status hd_text_line_parse(const struct hd_text_line *line, struct hd_op *op,
                                              bool *blank, struct hd_message *message);

/// HD_BAD_INPUT with the message `name:line:column: ...`. `at` counts bytes from 0, the column is
/// one more. Of a long name the end is shown, so that the rest has room.
HD_MUST_USE enum hd_status hd_text_fail(const struct hd_text_line *line, size_t at,
                                        struct hd_message *message, const char *format, ...)
    HD_PRINTF(4, 5);

#endif
