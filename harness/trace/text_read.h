// SPDX-License-Identifier: MIT
/// text_read.h: the text form, pulled from a source one operation at a time.
#ifndef HD_TEXT_READ_H
#define HD_TEXT_READ_H

#include "harness/trace/op.h"
#include "harness/trace/text_lines.h"

/// How a text trace begins, and how its whole first line reads.
#define HD_TEXT_MAGIC      "heapduel-trace"
#define HD_TEXT_FIRST_LINE HD_TEXT_MAGIC " 1"

/// Longest line, in bytes, without its line ending.
#define HD_TEXT_LINE_MAX 1023

struct hd_text_reader {
    struct hd_text_lines lines;
};

/// Begins reading. `source` must be used by nobody else from then on.
void hd_text_reader_open(struct hd_text_reader *reader, struct hd_source *source);

/// Reads the next operation into `op`, or sets `end` when there is none. HD_BAD_INPUT: the text is
/// malformed, `message` is `name:line:column: what is wrong`. HD_UNAVAILABLE: reading failed. After
/// a failure the reader is of no more use.
HD_MUST_USE enum hd_status hd_text_reader_next(struct hd_text_reader *reader, struct hd_op *op,
                                               bool *end, struct hd_message *message);

#endif
