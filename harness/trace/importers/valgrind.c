// SPDX-License-Identifier: MIT
/// valgrind.c: what valgrind --trace-malloc=yes writes, among all else that valgrind writes.
///
///     --4711-- malloc(24) = 0x4A46040
///     --4711-- calloc(3,8) = 0x4A46090
///     --4711-- memalign(al 64, size 100) = 0x4A46100
///     --4711-- realloc(0x4A46040,48) = 0x4A461B0
///     --4711-- realloc(0x0,8)malloc(8) = 0x4A46220      what it calls in turn stands behind it
///     --4711-- realloc(0x4A46220,0)free(0x4A46220)      and ` = 0' on a line of its own
///     --4711-- _Znwm(40) = 0x4A46270                    operator new, and delete:
///     --4711-- _ZdlPv(0x4A46270)
#include "harness/trace/importers/importer.h"
#include "harness/trace/importers/scan.h"

#include <inttypes.h>
#include <stddef.h>

enum shape { ALLOCATES, CALLOC, ALIGNED, FREES, RESIZES };

static const struct call {
    const char *begin; // of the name; longer ones first
    enum shape shape;
    enum hd_op_kind kind;
} calls[] = {
    {"malloc(", ALLOCATES, HD_OP_MALLOC},
    {"calloc(", CALLOC, HD_OP_CALLOC},
    {"realloc(", RESIZES, HD_OP_REALLOC},
    {"memalign(", ALIGNED, HD_OP_MEMALIGN},
    {"aligned_alloc(", ALIGNED, HD_OP_ALIGNED_ALLOC},
    {"posix_memalign(", ALIGNED, HD_OP_POSIX_MEMALIGN},
    {"valloc(", ALLOCATES, HD_OP_VALLOC},
    {"free(", FREES, HD_OP_FREE},
    {"cfree(", FREES, HD_OP_FREE},
    {"_Znwm", ALLOCATES, HD_OP_MALLOC},
    {"_Znam", ALLOCATES, HD_OP_MALLOC},
    {"_Znwj", ALLOCATES, HD_OP_MALLOC},
    {"_Znaj", ALLOCATES, HD_OP_MALLOC},
    {"_ZdlPv", FREES, HD_OP_FREE},
    {"_ZdaPv", FREES, HD_OP_FREE},
};

/// Whether valgrind begins its own lines so; `pid` is the process.
static bool is_prefix(struct hd_text_parser *scan, const char *dashes, uint64_t *pid)
{
    struct hd_message ignored;
    struct hd_text_parser ahead = *scan;
    ahead.message = &ignored;
    const bool found = hd_scan_is(&ahead, dashes) && hd_scan_number(&ahead, "", pid) == HD_OK &&
                       hd_scan_is(&ahead, dashes);
    if (found) scan->at = ahead.at;
    return found;
}

static bool recognizes(const uint8_t *bytes, size_t size)
{
    struct hd_text_line line;
    uint64_t pid = 0;
    if (!hd_scan_line(&bytes, &size, &line)) return false;
    struct hd_text_parser scan = {.line = &line};
    return is_prefix(&scan, "--", &pid) || is_prefix(&scan, "==", &pid);
}

/// The call whose name stands here, read up to its first argument; NULL: none.
static const struct call *find_call(struct hd_text_parser *scan)
{
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        if (!hd_scan_is(scan, calls[i].begin)) continue;
        const struct hd_text_line *line = scan->line;
        while (scan->at < line->length && line->text[scan->at - 1] != '(')
            scan->at++; // the rest of a mangled name: St11align_val_t, RKSt9nothrow_t, m
        return &calls[i];
    }
    return NULL;
}

/// `al A, size S`, in either order.
static enum hd_status read_aligned(struct hd_text_parser *scan, uint64_t *alignment, uint64_t *size)
{
    *alignment = 0;
    for (unsigned i = 0; i < 2; i++) {
        enum hd_status status = HD_OK;
        if (hd_scan_is(scan, "al"))
            status = hd_scan_number(scan, "an alignment", alignment);
        else if ((status = hd_scan_expect(scan, "size")) == HD_OK)
            status = hd_scan_number(scan, "a size in bytes", size);
        if (status == HD_OK && i == 0) status = hd_scan_expect(scan, ",");
        if (status != HD_OK) return status;
    }
    return HD_OK;
}

/// ` = 0x...`, or nothing of it yet.
static enum hd_status read_result(struct hd_text_parser *scan, uint64_t *name)
{
    enum hd_status status = hd_scan_expect(scan, ")");
    if (status == HD_OK) status = hd_scan_expect(scan, "=");
    if (status == HD_OK) status = hd_scan_block(scan, name);
    return status == HD_OK ? hd_scan_expect_end(scan) : status;
}

static enum hd_status read_made(struct hd_import *import, struct hd_text_parser *scan,
                                const struct call *call)
{
    enum hd_op_kind kind = call->kind;
    uint64_t name = HD_NO_BLOCK;
    uint64_t size = 0;
    uint64_t extra = 0;
    enum hd_status status = HD_OK;
    struct hd_text_parser ahead = *scan;
    const bool aligned = call->shape == ALIGNED || hd_scan_is(&ahead, "size"); // aligned new
    if (aligned) {
        if (kind == HD_OP_MALLOC) kind = HD_OP_MEMALIGN;
        status = read_aligned(scan, &extra, &size);
    } else {
        if (call->shape == CALLOC) status = hd_scan_number(scan, "a count", &extra);
        if (status == HD_OK && call->shape == CALLOC) status = hd_scan_expect(scan, ",");
        if (status == HD_OK) status = hd_scan_number(scan, "a size in bytes", &size);
    }
    if (status == HD_OK) status = read_result(scan, &name);
    return status == HD_OK ? hd_import_made(import, kind, name, size, extra) : status;
}

static enum hd_status read_freed(struct hd_import *import, struct hd_text_parser *scan)
{
    uint64_t name = HD_NO_BLOCK;
    enum hd_status status = hd_scan_block(scan, &name);
    if (status == HD_OK) status = hd_scan_expect(scan, ")");
    if (status == HD_OK) status = hd_scan_expect_end(scan);
    return status == HD_OK ? hd_import_freed(import, name) : status;
}

/// Of NULL it is a malloc, to nothing a free: valgrind says so behind it.
static enum hd_status read_resized(struct hd_import *import, struct hd_text_parser *scan)
{
    uint64_t old = HD_NO_BLOCK;
    uint64_t name = HD_NO_BLOCK;
    uint64_t size = 0;
    enum hd_status status = hd_scan_block(scan, &old);
    if (status == HD_OK) status = hd_scan_expect(scan, ",");
    if (status == HD_OK) status = hd_scan_number(scan, "a size in bytes", &size);
    if (status != HD_OK) return status;
    if (hd_scan_is(scan, ")malloc("))
        while (scan->at < scan->line->length && scan->line->text[scan->at] != ')')
            scan->at++;
    if (!hd_scan_is(scan, ")free(")) status = read_result(scan, &name);
    return status == HD_OK ? hd_import_resized(import, old, name, size) : status;
}

static enum hd_status read_call(struct hd_import *import, struct hd_text_parser *scan,
                                const struct call *call, uint64_t pid)
{
    if (!import->of.valgrind.pid_known) import->of.valgrind.pid = pid;
    import->of.valgrind.pid_known = true;
    if (pid != import->of.valgrind.pid)
        return hd_import_doubt(import, "process %" PRIu64 ": the trace is that of %" PRIu64, pid,
                               import->of.valgrind.pid);
    if (call->shape == RESIZES) return read_resized(import, scan);
    return call->shape == FREES ? read_freed(import, scan) : read_made(import, scan, call);
}

static enum hd_status read_next(struct hd_import *import, bool *end)
{
    const enum hd_status status = hd_import_line(import, end);
    if (status != HD_OK || *end) return status;
    struct hd_text_parser scan = {.line = &import->line, .message = import->message};
    uint64_t pid = 0;
    if (!is_prefix(&scan, "--", &pid)) return HD_OK; // the program's own, or a report
    const struct call *call = find_call(&scan);
    return call != NULL ? read_call(import, &scan, call, pid) : HD_OK;
}

const struct hd_importer hd_importer_valgrind = {
    .name = "valgrind --trace-malloc",
    .recognizes = recognizes,
    .read = read_next,
};
