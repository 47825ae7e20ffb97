// SPDX-License-Identifier: MIT
/// trace.h: a sequence of operations, the only input heapduel has, and its way in and out of files.
///
/// Two forms of our own (docs/trace-format.md). Text is for people, begins with `heapduel-trace 1`,
/// and names any operation exactly. Binary is for fuzzers: fixed-width records, into which every
/// byte string decodes. Both say the same: text to binary to text is the identity on canonical
/// text, and binary to text to binary on canonical records. Comments of a text are not operations
/// and are lost.
///
/// Formats of others are read too (importers/importers.def), and some written. All may be packed,
/// by gzip or zstd.
#ifndef HD_TRACE_H
#define HD_TRACE_H

#include "allocators/status.h"
#include "harness/base/arena.h"
#include "harness/trace/op.h"

#include <stdbool.h>

struct hd_spool;

/// A whole trace. The operations lie in the arena given when it was read, or in a spool.
struct hd_trace {
    const struct hd_op *ops;
    size_t count;
    uint32_t slot_count;          // every slot named is below this
    const struct hd_spool *spool; // that holds the operations; NULL: they lie in memory
};

/// The most operations that a walk over a trace looks at before it lets go of what it has passed.
#define HD_TRACE_WINDOW ((size_t)65536)

/// A part of a walk: the operations from `from` on, before `to`.
struct hd_window {
    size_t from;
    size_t to;
};

/// Goes on to the next window of a walk over all operations, which begins with {0}; false: there is
/// none. Of a trace in a spool the window before is let go.
bool hd_trace_walk(const struct hd_trace *trace, struct hd_window *window);

/// Lets go of the same window of what lies beside the operations of a trace in a spool, an element
/// of so many bytes for each, in a shared mapping of a file. Nothing, where the trace is in memory.
void hd_trace_let_go(const struct hd_trace *trace, const struct hd_window *window,
                     const void *beside, size_t element);

/// The forms a trace can be written in.
enum hd_form { HD_FORM_TEXT, HD_FORM_BINARY, HD_FORM_REP, HD_FORM_MTRACE, HD_FORMS };

/// Reads a trace file of any form, told apart by content: what gzip or zstd packed is unpacked
/// first; a file that begins with `heapduel-trace` is text; else one that begins as a format of
/// others does is of that; else one that is empty, or holds in its first 64 KiB a control byte
/// (below 0x20, other than tab, line feed, carriage return) or what is not UTF-8, is binary; else
/// it is text without its first line, and refused as that. `path` "-" is standard input.
/// HD_BAD_INPUT: the file is malformed, `message` is `path:line:column: what is wrong`, or another
/// place where the form has no lines. HD_UNAVAILABLE: the file cannot be read. On failure nothing
/// is kept in the arena and `trace` is unchanged.
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

/// The same for an input of a fuzz target: thread numbers modulo HD_INPUT_THREADS.
void hd_trace_decode_input(const uint8_t *bytes, size_t size, struct hd_arena *arena,
                           struct hd_trace *trace);

/// How a trace is converted, and what became of it.
struct hd_conversion {
    enum hd_form form;
    bool packed;  // by zstd
    bool lenient; // what cannot be is skipped, what the form cannot say is lost; both are counted

    uint64_t skipped;                // lines that freed what does not live, or made what does
    uint64_t plainer;                // operations that lost something
    uint64_t left_out;               // operations that were lost
    uint64_t windows;                // of hd_trace_slice
    struct hd_message skipped_first; // each where there is any
    struct hd_message lost_first;
};

/// Converts a trace file (any form that is read, "-" is standard input), streaming: memory does not
/// grow with the trace, only with the blocks that live at once in a format of others. `out` "-" is
/// standard output. A file is written whole or not at all (a temporary beside it, renamed at the
/// end), so `out` may be `in`; what is no file (a pipe, a device) is written to directly.
/// HD_BAD_INPUT as from hd_trace_read, and when the form cannot say what the trace does;
/// HD_UNAVAILABLE when `in` cannot be read or `out` cannot be written.
HD_MUST_USE enum hd_status hd_trace_convert(const char *in, const char *out,
                                            struct hd_conversion *conversion,
                                            struct hd_message *message);

/// Cuts a trace file into windows of `size` operations, the last maybe shorter, and writes each, as
/// a trace that stands alone, to a file of its own in `folder`, which is made if need be: 000001
/// and so on, with `ending`. Blocks that live where a window begins and that it works on are
/// allocated before it, the oldest first, as large and as aligned as they are there; others are
/// left out. Slots are numbered anew, from 0. Fails as hd_trace_convert does; what was written
/// stays.
HD_MUST_USE enum hd_status hd_trace_slice(const char *in, const char *folder, size_t size,
                                          const char *ending, struct hd_conversion *conversion,
                                          struct hd_message *message);

/// Writes the text form of a trace in memory to a file descriptor, first line and all, each
/// operation a line. HD_UNAVAILABLE when a write fails.
HD_MUST_USE enum hd_status hd_trace_write_text(const struct hd_trace *trace, int fd,
                                               struct hd_message *message);

#endif
