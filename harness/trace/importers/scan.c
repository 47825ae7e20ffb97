// SPDX-License-Identifier: MIT
/// scan.c: a line of a foreign trace, read from left to right.
#include "harness/trace/importers/scan.h"

#include "harness/trace/importers/import.h"
#include "harness/trace/number.h"

#include <stdio.h>
#include <string.h>

static void skip_blanks(struct hd_text_parser *scan)
{
    const struct hd_text_line *line = scan->line;
    while (scan->at < line->length && (line->text[scan->at] == ' ' || line->text[scan->at] == '\t'))
        scan->at++;
}

bool hd_scan_at_end(struct hd_text_parser *scan)
{
    skip_blanks(scan);
    return scan->at == scan->line->length;
}

bool hd_scan_is(struct hd_text_parser *scan, const char *text)
{
    const size_t length = strlen(text);
    skip_blanks(scan);
    if (scan->line->length - scan->at < length) return false;
    if (memcmp(scan->line->text + scan->at, text, length) != 0) return false;
    scan->at += length;
    return true;
}

/// From here to the next blank, for a message.
static struct hd_token rest_of(struct hd_text_parser *scan)
{
    const struct hd_text_line *line = scan->line;
    skip_blanks(scan);
    size_t end = scan->at;
    while (end < line->length && line->text[end] != ' ' && line->text[end] != '\t')
        end++;
    return (struct hd_token){
        .text = line->text + scan->at, .length = end - scan->at, .at = scan->at};
}

enum hd_status hd_scan_expect(struct hd_text_parser *scan, const char *text)
{
    char what[64];
    if (hd_scan_is(scan, text)) return HD_OK;
    (void)snprintf(what, sizeof what, "\"%s\"", text);
    return hd_token_expected(scan, rest_of(scan), what);
}

enum hd_status hd_scan_expect_end(struct hd_text_parser *scan)
{
    if (hd_scan_at_end(scan)) return HD_OK;
    return hd_token_expected(scan, rest_of(scan), "the end of the line");
}

/// Digits of any base, with a sign if there is one.
static struct hd_token digits_of(struct hd_text_parser *scan)
{
    const struct hd_text_line *line = scan->line;
    skip_blanks(scan);
    const size_t start = scan->at;
    size_t end = start;
    if (end < line->length && line->text[end] == '-') end++;
    while (end < line->length &&
           ((line->text[end] >= '0' && line->text[end] <= '9') ||
            ((line->text[end] | 0x20) >= 'a' && (line->text[end] | 0x20) <= 'z')))
        end++;
    return (struct hd_token){.text = line->text + start, .length = end - start, .at = start};
}

static enum hd_status take(struct hd_text_parser *scan, struct hd_token token, const char *what,
                           enum hd_number_result result)
{
    if (result == HD_NUMBER_GOOD) {
        scan->at += token.length;
        return HD_OK;
    }
    if (result == HD_NUMBER_TOO_LARGE)
        return hd_text_fail(scan->line, token.at, scan->message,
                            "expected %s, found a number past 64 bits", what);
    return hd_token_expected(scan, rest_of(scan), what);
}

enum hd_status hd_scan_number(struct hd_text_parser *scan, const char *what, uint64_t *value)
{
    const struct hd_token token = digits_of(scan);
    return take(scan, token, what, hd_number_parse(token.text, token.length, value));
}

enum hd_status hd_scan_hex(struct hd_text_parser *scan, const char *what, uint64_t *value)
{
    const struct hd_token token = digits_of(scan);
    char text[HD_IMPORT_LINE_MAX + 3] = "0x";
    memcpy(text + 2, token.text, token.length);
    return take(scan, token, what, hd_number_parse(text, token.length + 2, value));
}

enum hd_status hd_scan_block(struct hd_text_parser *scan, uint64_t *name)
{
    uint64_t address = 0;
    enum hd_status status = HD_OK;
    const size_t at = scan->at;
    if (!hd_scan_is(scan, "(nil)")) status = hd_scan_number(scan, "an address", &address);
    if (address == HD_NO_BLOCK)
        return hd_text_fail(scan->line, at, scan->message, "no block is at the last address");
    *name = address != 0 ? address : HD_NO_BLOCK;
    return status;
}

bool hd_scan_line(const uint8_t **bytes, size_t *size, struct hd_text_line *line)
{
    if (*size == 0) return false;
    const uint8_t *newline = memchr(*bytes, '\n', *size);
    size_t length = newline != NULL ? (size_t)(newline - *bytes) : *size;
    line->text = (const char *)*bytes;
    *bytes += length + (newline != NULL);
    *size -= length + (newline != NULL);
    if (length > 0 && line->text[length - 1] == '\r') length--;
    if (length > HD_IMPORT_LINE_MAX) length = HD_IMPORT_LINE_MAX;
    line->length = length;
    line->name = "";
    line->number = 1;
    return true;
}
