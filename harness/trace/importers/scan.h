// SPDX-License-Identifier: MIT
/// scan.h: a line of a foreign trace, read from left to right.
///
/// Each skips the blanks before what it reads. What fails has a message with line and column; after
/// that the scan is of no more use.
#ifndef HD_SCAN_H
#define HD_SCAN_H

#include "harness/trace/text_token.h"

#include <stdint.h>

/// Whether `text` comes next; then it is read.
bool hd_scan_is(struct hd_text_parser *scan, const char *text);

/// Whether nothing comes any more.
bool hd_scan_at_end(struct hd_text_parser *scan);

HD_MUST_USE enum hd_status hd_scan_expect(struct hd_text_parser *scan, const char *text);
HD_MUST_USE enum hd_status hd_scan_expect_end(struct hd_text_parser *scan);

/// A number below 2^64, decimal, or hexadecimal after `0x`; `what` names it in messages.
HD_MUST_USE enum hd_status hd_scan_number(struct hd_text_parser *scan, const char *what,
                                          uint64_t *value);

/// The same, hexadecimal without `0x`.
HD_MUST_USE enum hd_status hd_scan_hex(struct hd_text_parser *scan, const char *what,
                                       uint64_t *value);

/// The address of a block: a number, or `(nil)`; NULL gives HD_NO_BLOCK.
HD_MUST_USE enum hd_status hd_scan_block(struct hd_text_parser *scan, uint64_t *name);

/// The first line of some bytes, of which HD_IMPORT_LINE_MAX bytes are kept, and then the next;
/// false: there is none.
bool hd_scan_line(const uint8_t **bytes, size_t *size, struct hd_text_line *line);

#endif
