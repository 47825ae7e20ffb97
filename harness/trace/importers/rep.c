// SPDX-License-Identifier: MIT
/// rep.c: the traces of CS:APP's malloc lab, and of the labs made after it.
///
///     20000      suggested heap size, or weight         2 lines alone (xv6): ids, operations
///     3          ids
///     8          operations
///     1          weight, flag or largest heap
///     a 0 512    block 0 = malloc(512)
///     r 0 640    block 0 = realloc(block 0, 640); of a block that does not live: realloc(NULL,
///     640) f 0        free(block 0); -1: free(NULL)
///
/// An id is its block's slot, so that a finding names what stands in the file.
#include "harness/trace/importers/importer.h"
#include "harness/trace/importers/scan.h"

#include <inttypes.h>

enum { HEADER_MAX = 4, HEADER_MIN = 2 };

static bool is_number(const struct hd_text_line *line)
{
    struct hd_message message;
    struct hd_text_parser scan = {.line = line, .message = &message};
    uint64_t number = 0;
    return hd_scan_number(&scan, "a number", &number) == HD_OK && hd_scan_at_end(&scan);
}

static bool is_operation(const struct hd_text_line *line)
{
    struct hd_text_parser scan = {.line = line};
    return hd_scan_is(&scan, "a ") || hd_scan_is(&scan, "r ") || hd_scan_is(&scan, "f ");
}

static bool recognizes(const uint8_t *bytes, size_t size)
{
    struct hd_text_line line;
    for (unsigned numbers = 0; hd_scan_line(&bytes, &size, &line); numbers++)
        if (!is_number(&line) || numbers == HEADER_MAX)
            return numbers >= HEADER_MIN && is_operation(&line);
    return false;
}

/// The header, up to the first operation, which is in import->line then.
static enum hd_status read_header(struct hd_import *import, bool *end)
{
    uint64_t numbers[HEADER_MAX + 1];
    unsigned count = 0;
    for (;;) {
        enum hd_status status = hd_import_line(import, end);
        if (status != HD_OK || *end) return status;
        struct hd_text_parser scan = {.line = &import->line, .message = import->message};
        if (count == HEADER_MAX || is_operation(&import->line)) break;
        status = hd_scan_number(&scan, "a number of the header", &numbers[count]);
        if (status == HD_OK) status = hd_scan_expect_end(&scan);
        if (status != HD_OK) return status;
        count++;
    }
    if (count != HEADER_MAX && count != HEADER_MIN)
        return hd_import_fail(import, "expected a header of 4 numbers, or of 2, found %u", count);
    import->of.rep.promised = numbers[count == HEADER_MAX ? 2 : 1];
    import->of.rep.header_read = true;
    import->blocks.names_are_slots = true;
    return HD_OK;
}

static enum hd_status read_id(struct hd_text_parser *scan, uint64_t *id)
{
    const size_t at = scan->at;
    const enum hd_status status = hd_scan_number(scan, "a block's id", id);
    if (status != HD_OK || *id <= HD_SLOT_MAX) return status;
    return hd_text_fail(scan->line, at, scan->message, "expected an id up to %" PRIu32,
                        HD_SLOT_MAX);
}

static enum hd_status read_sized(struct hd_text_parser *scan, uint64_t *id, uint64_t *size)
{
    enum hd_status status = read_id(scan, id);
    if (status == HD_OK) status = hd_scan_number(scan, "a size in bytes", size);
    return status == HD_OK ? hd_scan_expect_end(scan) : status;
}

static enum hd_status read_resize(struct hd_import *import, struct hd_text_parser *scan)
{
    uint64_t id = 0;
    uint64_t size = 0;
    const enum hd_status status = read_sized(scan, &id, &size);
    if (status != HD_OK) return status;
    const bool lives = hd_blocks_find(&import->blocks, id, NULL);
    return hd_import_resized(import, lives ? id : HD_NO_BLOCK, id, size);
}

static enum hd_status read_operation(struct hd_import *import)
{
    struct hd_text_parser scan = {.line = &import->line, .message = import->message};
    uint64_t id = HD_NO_BLOCK;
    uint64_t size = 0;
    enum hd_status status = HD_OK;
    if (hd_scan_at_end(&scan)) return HD_OK;
    import->of.rep.seen++;
    if (hd_scan_is(&scan, "r ")) return read_resize(import, &scan);
    if (hd_scan_is(&scan, "a ")) {
        status = read_sized(&scan, &id, &size);
        return status == HD_OK ? hd_import_made(import, HD_OP_MALLOC, id, size, 0) : status;
    }
    if (!hd_scan_is(&scan, "f "))
        return hd_import_fail(import, "expected `a ID SIZE', `r ID SIZE' or `f ID'");
    if (!hd_scan_is(&scan, "-1")) status = read_id(&scan, &id);
    if (status == HD_OK) status = hd_scan_expect_end(&scan);
    return status == HD_OK ? hd_import_freed(import, id) : status;
}

static enum hd_status read_next(struct hd_import *import, bool *end)
{
    enum hd_status status = HD_OK;
    const bool first = !import->of.rep.header_read;
    status = first ? read_header(import, end) : hd_import_line(import, end);
    if (status != HD_OK) return status;
    if (!*end) return read_operation(import);
    if (import->of.rep.seen == import->of.rep.promised) return HD_OK;
    return hd_import_doubt(
        import, "the header says %" PRIu64 " operations, and the file ends after %" PRIu64,
        import->of.rep.promised, import->of.rep.seen);
}

const struct hd_importer hd_importer_rep = {
    .name = ".rep",
    .recognizes = recognizes,
    .read = read_next,
};
