// SPDX-License-Identifier: MIT
/// form.c: which form a trace is of, told by its content.
///
/// Every canonical record gives itself away, so that what hd_trace_convert writes is known again.
/// With a slot below 2^16, or none, it holds a zero byte in its slot field. With a larger one the
/// top byte of the slot field is 0xe0 or more, and an ASCII byte, the size form, follows it: not
/// UTF-8.
#include "harness/trace/form.h"

#include "harness/trace/text_read.h"

#include <string.h>

/// How many bytes a UTF-8 character takes that begins with `first`; 0 when none does (RFC 3629).
static size_t character_length(uint8_t first)
{
    if (first < 0x80) return 1;
    if (first < 0xc2) return 0;
    if (first < 0xe0) return 2;
    if (first < 0xf0) return 3;
    return first < 0xf5 ? 4 : 0;
}

static bool could_be_text(const uint8_t *bytes, size_t size)
{
    size_t length = 0;
    for (size_t i = 0; i < size; i += length) {
        const uint8_t byte = bytes[i];
        if (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') return false;
        length = character_length(byte);
        if (length == 0) return false;
        // A character may be cut by the end of what is looked at.
        for (size_t j = i + 1; j < i + length && j < size; j++) {
            if ((bytes[j] & 0xc0) != 0x80) return false;
        }
    }
    return true;
}

bool hd_form_begins_text(const uint8_t *bytes, size_t size)
{
    const size_t length = sizeof HD_TEXT_MAGIC - 1;
    return size >= length && memcmp(bytes, HD_TEXT_MAGIC, length) == 0;
}

enum hd_form hd_form_detect(const uint8_t *bytes, size_t size)
{
    if (hd_form_begins_text(bytes, size)) return HD_FORM_TEXT;
    return size > 0 && could_be_text(bytes, size) ? HD_FORM_TEXT : HD_FORM_BINARY;
}
