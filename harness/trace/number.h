// SPDX-License-Identifier: MIT
/// number.h: the text form of a 64-bit number.
///
/// Read: decimal, hexadecimal after `0x`, and the limits that allocators turn on by name:
/// `SIZE_MAX`, `PTRDIFF_MAX`, each also with `+N` or `-N`. The names mean the 64-bit values on
/// every machine. Written: by name within HD_NUMBER_NEAR of a limit, else decimal.
///
/// A signed number is that, up to PTRDIFF_MAX, or `-` before digits; one below 0 is written
/// decimal.
#ifndef HD_NUMBER_H
#define HD_NUMBER_H

#include <stddef.h>
#include <stdint.h>

/// How far from a limit a number is still written by the limit's name.
#define HD_NUMBER_NEAR 4096

/// Longest text of a number, with its terminating zero.
#define HD_NUMBER_TEXT_MAX 24

enum hd_number_result {
    HD_NUMBER_GOOD,
    HD_NUMBER_MALFORMED, // not a number at all
    HD_NUMBER_TOO_LARGE, // past 64 bits; signed: past PTRDIFF_MAX
    HD_NUMBER_NEGATIVE,  // below 0; signed: below -PTRDIFF_MAX-1
};

/// Reads all `length` bytes of `text` as one number. `value` is set only when the answer is
/// HD_NUMBER_GOOD.
enum hd_number_result hd_number_parse(const char *text, size_t length, uint64_t *value);
enum hd_number_result hd_number_parse_signed(const char *text, size_t length, int64_t *value);

/// Writes `value` in its one canonical way, zero-terminated; returns the length.
size_t hd_number_format(uint64_t value, char text[HD_NUMBER_TEXT_MAX]);
size_t hd_number_format_signed(int64_t value, char text[HD_NUMBER_TEXT_MAX]);

#endif
