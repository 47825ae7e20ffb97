// SPDX-License-Identifier: MIT
/// heaptrack.c: what heaptrack --raw records, before it is interpreted.
///
///     v 10400 3
///     + 18 5 55d0c0       malloc: size, where from, address; hexadecimal all
///     - 55d0c0            free
///
/// A realloc is a free and a malloc there. Lines with other letters tell of libraries and call
/// stacks, and can be long.
#include "harness/trace/importers/importer.h"
#include "harness/trace/importers/scan.h"

static enum hd_status read_made(struct hd_text_parser *scan, uint64_t *size, uint64_t *name)
{
    uint64_t from = 0;
    enum hd_status status = hd_scan_hex(scan, "a size, hexadecimal", size);
    if (status == HD_OK) status = hd_scan_hex(scan, "the number of a call stack", &from);
    if (status == HD_OK) status = hd_scan_hex(scan, "an address, hexadecimal", name);
    return status == HD_OK ? hd_scan_expect_end(scan) : status;
}

/// Begins with the version, or with a call.
static bool recognizes(const uint8_t *bytes, size_t size)
{
    struct hd_text_line line;
    struct hd_message message;
    uint64_t number = 0;
    uint64_t name = 0;
    if (!hd_scan_line(&bytes, &size, &line)) return false;
    struct hd_text_parser scan = {.line = &line, .message = &message};
    if (hd_scan_is(&scan, "+ ")) return read_made(&scan, &number, &name) == HD_OK;
    return hd_scan_is(&scan, "v ") && hd_scan_hex(&scan, "a version", &number) == HD_OK;
}

static bool is_other(const struct hd_text_line *line)
{
    const char letter = line->length > 0 ? line->text[0] : '#';
    const bool ends = line->length < 2 || line->text[1] == ' ';
    return ends &&
           (letter == '#' || (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z'));
}

static enum hd_status read_next(struct hd_import *import, bool *end)
{
    enum hd_status status = hd_import_line(import, end);
    if (status != HD_OK || *end || is_other(&import->line)) return status;
    struct hd_text_parser scan = {.line = &import->line, .message = import->message};
    uint64_t size = 0;
    uint64_t name = 0;
    if (hd_scan_is(&scan, "+ ")) {
        status = read_made(&scan, &size, &name);
        if (status == HD_OK) status = hd_import_made(import, HD_OP_MALLOC, name, size, 0);
        return status;
    }
    if (!hd_scan_is(&scan, "- "))
        return hd_import_fail(import, "expected `+ SIZE TRACE ADDRESS', `- ADDRESS' or a letter");
    status = hd_scan_hex(&scan, "an address, hexadecimal", &name);
    if (status == HD_OK) status = hd_scan_expect_end(&scan);
    return status == HD_OK ? hd_import_freed(import, name) : status;
}

const struct hd_importer hd_importer_heaptrack = {
    .name = "heaptrack --raw",
    .recognizes = recognizes,
    .read = read_next,
};
