// SPDX-License-Identifier: MIT
/// trace.h: a sequence of operations, the only input heapduel has, and its way in and out of files.
///
/// Two forms (docs/trace-format.md). Text is for people, begins with `heapduel-trace 1`, and names
/// any operation exactly. Binary is for fuzzers: fixed-width records, into which every byte string
/// decodes. Both say the same: text to binary to text is the identity on canonical text, and binary
/// to text to binary on canonical records. Comments of a text are not operations and are lost.
#ifndef HD_TRACE_H
#define HD_TRACE_H

#include "allocators/status.h"
#include "harness/base/arena.h"
#include "harness/trace/op.h"

#include <stdbool.h>

/// A whole trace in memory. The operations lie in the arena given when it was read.
struct hd_trace {
    const struct hd_op *ops;
    size_t count;
    uint32_t slot_count; // every slot named is below this
};

/// The forms a trace can be written in.
enum hd_form { HD_FORM_TEXT, HD_FORM_BINARY };

/// Reads a trace file of either form, told apart by content: a file that begins with
/// `heapduel-trace` is text; else one that is empty, or holds in its first 64 KiB a control byte
/// (below 0x20, other than tab, line feed, carriage return) or what is not UTF-8, is binary; else
/// it is text without its first line, and refused as that. `path` "-" is standard input.
/// HD_BAD_INPUT: the text is malformed, `message` is `path:line:column: what is wrong`.
/// HD_UNAVAILABLE: the file cannot be read. On failure nothing is kept in the arena and `trace` is
/// unchanged.
HD_MUST_USE enum hd_status hd_trace_read(const char *path, struct hd_arena *arena,
                                         struct hd_trace *trace, struct hd_message *message);

/// The same from memory; `name` stands for the path in messages.
HD_MUST_USE enum hd_status hd_trace_read_bytes(const char *name, const uint8_t *bytes, size_t size,
                                               struct hd_arena *arena, struct hd_trace *trace,
                                               struct hd_message *message);

/// Decodes any byte string as binary records; cannot fail. A last record cut short is read as if
/// zeros followed.
void hd_trace_decode(const uint8_t *bytes, size_t size, struct hd_arena *arena,
                     struct hd_trace *trace);

/// Converts a trace file (either form, "-" is standard input) to `form`, streaming: memory does not
/// grow with the trace. `out` "-" is standard output. A file is written whole or not at all (a
/// temporary beside it, renamed at the end), so `out` may be `in`; what is no file (a pipe, a
/// device) is written to directly. HD_BAD_INPUT as from hd_trace_read; HD_UNAVAILABLE when `in`
/// cannot be read or `out` cannot be written.
HD_MUST_USE enum hd_status hd_trace_convert(const char *in, const char *out, enum hd_form form,
                                            struct hd_message *message);

/// Writes the text form of a trace in memory to a file descriptor, first line and all, each
/// operation a line. HD_UNAVAILABLE when a write fails.
HD_MUST_USE enum hd_status hd_trace_write_text(const struct hd_trace *trace, int fd,
                                               struct hd_message *message);

#endif
