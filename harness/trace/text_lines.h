// SPDX-License-Identifier: MIT
/// text_lines.h: a source taken line by line.
#ifndef HD_TEXT_LINES_H
#define HD_TEXT_LINES_H

#include "harness/trace/source.h"
#include "harness/trace/text_token.h"

struct hd_text_lines {
    struct hd_source *source;
    size_t number; // of the line read last; 0 before the first
    bool cut;      // the line read last goes on
};

/// Takes the next line, without `\n` or `\r\n`; it stays readable until the next call. Of a line
/// longer than `length_max` bytes (below HD_SOURCE_WINDOW - 2) a beginning that is longer than that
/// may be given, and the next call goes on with the same line. Fails as hd_source_peek does.
HD_MUST_USE enum hd_status hd_text_lines_next(struct hd_text_lines *lines, size_t length_max,
                                              struct hd_text_line *line, bool *end,
                                              struct hd_message *message);

#endif
