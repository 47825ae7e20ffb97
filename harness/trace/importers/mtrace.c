// SPDX-License-Identifier: MIT
/// mtrace.c: what glibc's mtrace(3) writes.
///
///     = Start
///     @ ./prog:(main+0x1b)[0x401176] + 0x4056a0 0x18    malloc, calloc, memalign; (nil): failed
///     @ ./prog:[0x401188] - 0x4056a0                    free
///     @ ./prog:[0x40119f] < 0x4056c0                    realloc of this
///     @ ./prog:[0x40119f] > 0x4056e0 0x80               gave that
///     @ ./prog:[0x40119f] ! 0x4056e0 0xffffffffffffff00 realloc that failed
///     = End
///
/// A caller may hold anything, blanks too: what counts is the end of the line. The one named
/// `heapduel` is who writes this format here (write_mtrace.c): slot N lies at 16 * (N + 1).
#include "harness/trace/importers/importer.h"
#include "harness/trace/importers/mtrace_own.h"
#include "harness/trace/importers/scan.h"

#include <string.h>

enum { WORDS_MAX = 3 }; // sign, address, size

static bool recognizes(const uint8_t *bytes, size_t size)
{
    struct hd_text_line line;
    if (!hd_scan_line(&bytes, &size, &line)) return false;
    struct hd_text_parser scan = {.line = &line};
    if (hd_scan_is(&scan, "@ ")) return true;
    return hd_scan_is(&scan, "= Start") && hd_scan_at_end(&scan);
}

/// Where the word begins that ends before `end`.
static size_t word_before(const struct hd_text_line *line, size_t end)
{
    while (end > 0 && line->text[end - 1] == ' ')
        end--;
    while (end > 0 && line->text[end - 1] != ' ')
        end--;
    return end;
}

static bool is_sign(const struct hd_text_line *line, size_t at, const char *signs)
{
    return at + 1 < line->length && line->text[at + 1] == ' ' && strchr(signs, line->text[at]);
}

/// Goes to behind the sign; 0: there is none.
static char find_sign(struct hd_text_parser *scan)
{
    const struct hd_text_line *line = scan->line;
    size_t at = line->length;
    for (unsigned words = 1; words <= WORDS_MAX; words++) {
        at = word_before(line, at);
        if ((words == WORDS_MAX && is_sign(line, at, "+>!")) ||
            (words == WORDS_MAX - 1 && is_sign(line, at, "-<"))) {
            scan->at = at + 1;
            return line->text[at];
        }
    }
    return '\0';
}

static uint64_t own_name(const struct hd_import *import, uint64_t address)
{
    const bool slot = import->blocks.names_are_slots && address != HD_NO_BLOCK;
    return slot ? hd_mtrace_slot(address) : address;
}

/// The block and, where `size` is not NULL, the size that stand behind the sign.
static enum hd_status read_block(struct hd_import *import, struct hd_text_parser *scan,
                                 uint64_t *name, uint64_t *size)
{
    enum hd_status status = hd_scan_block(scan, name);
    *name = own_name(import, *name);
    if (status == HD_OK && size != NULL) status = hd_scan_number(scan, "a size in bytes", size);
    return status == HD_OK ? hd_scan_expect_end(scan) : status;
}

static enum hd_status end_resize(struct hd_import *import, uint64_t name, uint64_t size)
{
    if (!import->of.mtrace.resizing)
        return hd_import_doubt(import, "`>' has no `<' on the line before it");
    import->of.mtrace.resizing = false;
    return hd_import_resized(import, import->of.mtrace.old, name, size);
}

static enum hd_status read_call(struct hd_import *import, struct hd_text_parser *scan)
{
    uint64_t name = HD_NO_BLOCK;
    uint64_t size = 0;
    const char sign = find_sign(scan);
    if (sign == '\0')
        return hd_import_fail(import, "expected `+', `>' or `!' with an address and a size, or `-' "
                                      "or `<' with an address");
    if (import->of.mtrace.resizing && sign != '>')
        return hd_import_fail(import, "expected the `>' that belongs to the `<' before it");
    const bool sized = sign != '-' && sign != '<';
    const enum hd_status status = read_block(import, scan, &name, sized ? &size : NULL);
    if (status != HD_OK) return status;
    switch (sign) {
    case '+': return hd_import_made(import, HD_OP_MALLOC, name, size, 0);
    case '-': return hd_import_freed(import, name);
    case '!': return hd_import_resized(import, name, HD_NO_BLOCK, size);
    case '>': return end_resize(import, name, size);
    default: break;
    }
    import->of.mtrace.resizing = true;
    import->of.mtrace.old = name;
    return HD_OK;
}

static enum hd_status read_next(struct hd_import *import, bool *end)
{
    const enum hd_status status = hd_import_line(import, end);
    if (status != HD_OK) return status;
    if (*end && import->of.mtrace.resizing)
        return hd_import_fail(import, "the file ends between a `<' and its `>'");
    struct hd_text_parser scan = {.line = &import->line, .message = import->message};
    if (*end || hd_scan_at_end(&scan) || hd_scan_is(&scan, "= ")) return HD_OK;
    if (import->lines.cut)
        return hd_import_fail(import, "expected a line of at most %d bytes", HD_IMPORT_LINE_MAX);
    if (hd_scan_is(&scan, "@ " HD_MTRACE_CALLER " ")) import->blocks.names_are_slots = true;
    return read_call(import, &scan);
}

const struct hd_importer hd_importer_mtrace = {
    .name = "mtrace",
    .recognizes = recognizes,
    .read = read_next,
};
