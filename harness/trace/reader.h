// SPDX-License-Identifier: MIT
/// reader.h: a trace of either form, one operation at a time.
#ifndef HD_READER_H
#define HD_READER_H

#include "harness/trace/source.h"
#include "harness/trace/text_read.h"
#include "harness/trace/trace.h"

/// A reader may not be moved in memory while it is open.
struct hd_reader {
    struct hd_source source;
    enum hd_form form; // as told by the content; see hd_trace_read
    struct hd_text_reader text;
    bool owns_fd; // hd_reader_close closes the source's descriptor
};

/// Opens a file ("-" is standard input) to be read through the caller's window. HD_UNAVAILABLE when
/// it cannot be opened or read; then there is nothing to close.
HD_MUST_USE enum hd_status hd_reader_open(struct hd_reader *reader, const char *path,
                                          uint8_t window[HD_SOURCE_WINDOW],
                                          struct hd_message *message);

/// Reads from memory, which must stay; there is nothing to close.
void hd_reader_open_bytes(struct hd_reader *reader, const char *name, const uint8_t *bytes,
                          size_t size);

/// Reads the next operation into `op`, or sets `end` when there is none. Fails as
/// hd_text_reader_next does; the binary form is never malformed.
HD_MUST_USE enum hd_status hd_reader_next(struct hd_reader *reader, struct hd_op *op, bool *end,
                                          struct hd_message *message);

void hd_reader_close(struct hd_reader *reader);

#endif
