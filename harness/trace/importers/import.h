// SPDX-License-Identifier: MIT
/// import.h: what a foreign trace tells of blocks, made into operations.
///
/// A format names a block by its address or by a number of its own: its name. The calls below tell
/// what became of named blocks, in order; the operations that say so wait in a queue.
///
/// A call that gave no block may give one where the trace is carried out, which nobody would know
/// of: it is followed by a `free` of its slot, which is skipped where there is none.
#ifndef HD_IMPORT_H
#define HD_IMPORT_H

#include "harness/trace/importers/blocks.h"
#include "harness/trace/op.h"
#include "harness/trace/text_lines.h"

/// The name of no block: NULL.
#define HD_NO_BLOCK UINT64_MAX

/// The most operations that one call below makes. hd_import_take takes them before the next call.
#define HD_IMPORT_QUEUE 2

struct hd_import {
    struct hd_blocks blocks;
    struct hd_name_map threads; // that have not ended
    uint32_t threads_of[HD_THREAD_MAX + 1]; // by number: how many of them
    size_t threads_seen;
    uint8_t thread; // of the calls that follow
    struct hd_op queue[HD_IMPORT_QUEUE];
    size_t queued;
    size_t taken; // of the queued ones

    bool lenient;            // what cannot be is skipped
    size_t skipped;          // how often it was
    struct hd_message first; // what was skipped first
    struct hd_message *message;

    struct hd_text_lines lines;
    struct hd_text_line line; // the one read last; number 0: the format has no lines

    // What the one importer at work needs to know.
    union {
        struct {
            bool header_read;
            uint64_t promised; // operations
            uint64_t seen;
        } rep;
        struct {
            bool resizing; // a `<` waits for its `>`
            uint64_t old;
        } mtrace;
        struct {
            bool pid_known;
            uint64_t pid;
        } valgrind;
        uint64_t made; // wee_alloc: Allocs until here
    } of;
};

/// All below tell how it went: HD_BAD_INPUT where it cannot be (a block is freed that does not
/// live, or made where one lives), or, of a lenient import, HD_OK, skipped and counted.
/// HD_UNAVAILABLE: there is no memory. `message` is import->message, with the place.

/// `kind`, an operation that makes a block, made the block `name`, or none.
HD_MUST_USE enum hd_status hd_import_made(struct hd_import *import, enum hd_op_kind kind,
                                          uint64_t name, uint64_t size, uint64_t extra);

/// The block, or none, was freed.
HD_MUST_USE enum hd_status hd_import_freed(struct hd_import *import, uint64_t name);

/// The block `old`, or none, is `name` now, which may be the same; or nothing came of it: then it
/// still lives, or was freed if `size` is 0. The operation is a realloc.
HD_MUST_USE enum hd_status hd_import_resized(struct hd_import *import, uint64_t old, uint64_t name,
                                             uint64_t size);

/// The calls that follow are made by the thread of this name. Past HD_THREAD_MAX at once threads
/// share numbers; none shares that of the first.
HD_MUST_USE enum hd_status hd_import_thread(struct hd_import *import, uint64_t name);

/// The thread makes no more calls; its name may be another's. Nothing, of one that made none, and
/// of the first: that one ends with the trace.
void hd_import_thread_ended(struct hd_import *import, uint64_t name);

/// Takes the next line, of which at most HD_IMPORT_LINE_MAX bytes are kept.
HD_MUST_USE enum hd_status hd_import_line(struct hd_import *import, bool *end);
#define HD_IMPORT_LINE_MAX 8191

/// HD_BAD_INPUT, at the line read last, or at the byte reached.
HD_MUST_USE enum hd_status hd_import_fail(struct hd_import *import, const char *format, ...)
    HD_PRINTF(2, 3);

/// The same for what a lenient import skips.
HD_MUST_USE enum hd_status hd_import_doubt(struct hd_import *import, const char *format, ...)
    HD_PRINTF(2, 3);

/// Takes an operation out of the queue; false: it is empty.
bool hd_import_take(struct hd_import *import, struct hd_op *op);

void hd_import_close(struct hd_import *import);

#endif
