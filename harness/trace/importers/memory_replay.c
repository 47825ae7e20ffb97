// SPDX-License-Identifier: MIT
/// memory_replay.c: the traces of Android's memory_replay.
///
///     7098: malloc 0x7186b2c5e0 24
///     7098: calloc 0x7186b2c600 3 8                count, size
///     7098: memalign 0x7186b2c640 64 100           alignment, size
///     7100: realloc 0x7186b2c700 0x7186b2c5e0 48   new, old; 0x0: NULL
///     7100: free 0x7186b2c600
///     7100: thread_done 0x0
///
/// Behind each may stand when it began and ended, in ns.
#include "harness/trace/importers/importer.h"
#include "harness/trace/importers/scan.h"

#include <stddef.h>

/// Reads `TID: `.
static enum hd_status read_thread(struct hd_text_parser *scan, uint64_t *tid)
{
    enum hd_status status = hd_scan_number(scan, "a thread", tid);
    return status == HD_OK ? hd_scan_expect(scan, ":") : status;
}

static const char *const words[] = {"malloc ", "calloc ",      "memalign ",
                                    "free ",   "thread_done ", "realloc "};

static bool recognizes(const uint8_t *bytes, size_t size)
{
    struct hd_text_line line;
    struct hd_message message;
    uint64_t tid = 0;
    if (!hd_scan_line(&bytes, &size, &line)) return false;
    struct hd_text_parser scan = {.line = &line, .message = &message};
    if (read_thread(&scan, &tid) != HD_OK) return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (hd_scan_is(&scan, words[i])) return true;
    return false;
}

/// The end of the line, with or without two times before it.
static enum hd_status read_times(struct hd_text_parser *scan)
{
    uint64_t time = 0;
    if (hd_scan_at_end(scan)) return HD_OK;
    enum hd_status status = hd_scan_number(scan, "a start in ns", &time);
    if (status == HD_OK) status = hd_scan_number(scan, "an end in ns", &time);
    return status == HD_OK ? hd_scan_expect_end(scan) : status;
}

/// A call that makes a block; `extra` names what stands before its size, NULL: nothing.
static enum hd_status read_made(struct hd_import *import, struct hd_text_parser *scan,
                                enum hd_op_kind kind, const char *extra)
{
    uint64_t name = HD_NO_BLOCK;
    uint64_t size = 0;
    uint64_t value = 0;
    enum hd_status status = hd_scan_block(scan, &name);
    if (status == HD_OK && extra != NULL) status = hd_scan_number(scan, extra, &value);
    if (status == HD_OK) status = hd_scan_number(scan, "a size in bytes", &size);
    if (status == HD_OK) status = read_times(scan);
    return status == HD_OK ? hd_import_made(import, kind, name, size, value) : status;
}

static enum hd_status read_resized(struct hd_import *import, struct hd_text_parser *scan)
{
    uint64_t old = HD_NO_BLOCK;
    uint64_t name = HD_NO_BLOCK;
    uint64_t size = 0;
    enum hd_status status = hd_scan_block(scan, &name);
    if (status == HD_OK) status = hd_scan_block(scan, &old);
    if (status == HD_OK) status = hd_scan_number(scan, "a size in bytes", &size);
    if (status == HD_OK) status = read_times(scan);
    return status == HD_OK ? hd_import_resized(import, old, name, size) : status;
}

/// `name` and the end of the line.
static enum hd_status read_pointer(struct hd_text_parser *scan, uint64_t *name)
{
    const enum hd_status status = hd_scan_block(scan, name);
    return status == HD_OK ? read_times(scan) : status;
}

static enum hd_status read_freed(struct hd_import *import, struct hd_text_parser *scan)
{
    uint64_t name = HD_NO_BLOCK;
    const enum hd_status status = read_pointer(scan, &name);
    return status == HD_OK ? hd_import_freed(import, name) : status;
}

/// The pointer says nothing.
static enum hd_status read_thread_done(struct hd_import *import, struct hd_text_parser *scan,
                                       uint64_t tid)
{
    uint64_t name = HD_NO_BLOCK;
    const enum hd_status status = read_pointer(scan, &name);
    if (status == HD_OK) hd_import_thread_ended(import, tid);
    return status;
}

static enum hd_status read_next(struct hd_import *import, bool *end)
{
    uint64_t tid = 0;
    enum hd_status status = hd_import_line(import, end);
    if (status != HD_OK || *end) return status;
    struct hd_text_parser scan = {.line = &import->line, .message = import->message};
    if (hd_scan_at_end(&scan)) return HD_OK;
    status = read_thread(&scan, &tid);
    if (status != HD_OK) return status;
    if (hd_scan_is(&scan, "thread_done ")) return read_thread_done(import, &scan, tid);

    status = hd_import_thread(import, tid);
    if (status != HD_OK) return status;
    if (hd_scan_is(&scan, "malloc ")) return read_made(import, &scan, HD_OP_MALLOC, NULL);
    if (hd_scan_is(&scan, "calloc ")) return read_made(import, &scan, HD_OP_CALLOC, "a count");
    if (hd_scan_is(&scan, "memalign "))
        return read_made(import, &scan, HD_OP_MEMALIGN, "an alignment");
    if (hd_scan_is(&scan, "realloc ")) return read_resized(import, &scan);
    if (hd_scan_is(&scan, "free ")) return read_freed(import, &scan);
    return hd_import_fail(import,
                          "expected malloc, calloc, memalign, realloc, free or thread_done");
}

const struct hd_importer hd_importer_memory_replay = {
    .name = "memory_replay",
    .recognizes = recognizes,
    .read = read_next,
};
