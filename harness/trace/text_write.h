// SPDX-License-Identifier: MIT
/// text_write.h: the text form, written in its one canonical way.
#ifndef HD_TEXT_WRITE_H
#define HD_TEXT_WRITE_H

#include "harness/trace/sink.h"
#include "harness/trace/trace.h"

/// Writes the first line. HD_UNAVAILABLE when a write fails.
HD_MUST_USE enum hd_status hd_text_write_begin(struct hd_sink *sink, struct hd_message *message);

/// Writes one operation as a line. HD_UNAVAILABLE when a write fails.
HD_MUST_USE enum hd_status hd_text_write_op(struct hd_sink *sink, const struct hd_op *op,
                                            struct hd_message *message);

/// The whole text of a trace, zero-terminated, in the arena; `size` is its length.
char *hd_text_print(const struct hd_trace *trace, struct hd_arena *arena, size_t *size);

#endif
