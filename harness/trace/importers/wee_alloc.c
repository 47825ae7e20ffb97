// SPDX-License-Identifier: MIT
/// wee_alloc.c: the traces of Rust's wee_alloc.
///
///     Alloc(24),
///     Free(0),     the block that the Alloc of this index, from 0, made
#include "harness/trace/importers/importer.h"
#include "harness/trace/importers/scan.h"

#include <inttypes.h>

static bool recognizes(const uint8_t *bytes, size_t size)
{
    struct hd_text_line line;
    while (hd_scan_line(&bytes, &size, &line)) {
        struct hd_text_parser scan = {.line = &line};
        if (hd_scan_is(&scan, "[") || hd_scan_at_end(&scan)) continue;
        return hd_scan_is(&scan, "Alloc(") || hd_scan_is(&scan, "Free(");
    }
    return false;
}

static enum hd_status read_operation(struct hd_import *import, struct hd_text_parser *scan)
{
    uint64_t value = 0;
    const bool allocates = hd_scan_is(scan, "Alloc(");
    if (!allocates && !hd_scan_is(scan, "Free("))
        return hd_import_fail(import, "expected `Alloc(SIZE),' or `Free(INDEX),'");
    enum hd_status status =
        hd_scan_number(scan, allocates ? "a size in bytes" : "the index of an Alloc", &value);
    if (status == HD_OK) status = hd_scan_expect(scan, ")");
    if (status == HD_OK) (void)hd_scan_is(scan, ","); // the last may have none
    if (status != HD_OK) return status;
    if (!allocates && value >= import->of.made)
        return hd_import_doubt(import, "no Alloc of index %" PRIu64 " stands before it", value);
    return allocates ? hd_import_made(import, HD_OP_MALLOC, import->of.made++, value, 0)
                     : hd_import_freed(import, value);
}

/// The list may stand in brackets of its own, on lines of their own.
static enum hd_status read_next(struct hd_import *import, bool *end)
{
    const enum hd_status status = hd_import_line(import, end);
    if (status != HD_OK || *end) return status;
    struct hd_text_parser scan = {.line = &import->line, .message = import->message};
    if (hd_scan_is(&scan, "[") || hd_scan_is(&scan, "]") || hd_scan_at_end(&scan)) return HD_OK;
    const enum hd_status read = read_operation(import, &scan);
    return read == HD_OK ? hd_scan_expect_end(&scan) : read;
}

const struct hd_importer hd_importer_wee_alloc = {
    .name = "wee_alloc",
    .recognizes = recognizes,
    .read = read_next,
};
