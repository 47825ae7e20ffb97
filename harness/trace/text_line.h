// SPDX-License-Identifier: MIT
/// text_line.h: one line of the text form, read as an operation.
#ifndef HD_TEXT_LINE_H
#define HD_TEXT_LINE_H

#include "harness/trace/op.h"
#include "harness/trace/text_token.h"

/// Reads `[@THREAD] [SLOT =] word operands... [# comment]` into `op`; `blank` tells that there was
/// nothing but blanks and a comment. HD_BAD_INPUT: it is not such a line.
HD_MUST_USE enum hd_status hd_text_line_parse(const struct hd_text_line *line, struct hd_op *op,
                                              bool *blank, struct hd_message *message);

#endif
