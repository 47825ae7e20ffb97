// SPDX-License-Identifier: MIT
/// number.c: the text form of a 64-bit number.
#include "harness/trace/number.h"

#include <stdbool.h>
#include <string.h>

static const struct limit {
    const char *name;
    size_t length;
    uint64_t value;
} limits[] = {
    {"SIZE_MAX", sizeof "SIZE_MAX" - 1, UINT64_MAX},
    {"PTRDIFF_MAX", sizeof "PTRDIFF_MAX" - 1, INT64_MAX},
};
static const size_t limit_count = sizeof limits / sizeof limits[0];

static unsigned digit_value(char c)
{
    if (c >= '0' && c <= '9') return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f') return (unsigned)(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return (unsigned)(c - 'A' + 10);
    return UINT8_MAX;
}

/// Reads to the end even when past 64 bits: `99999999999999999999x` is malformed, not too large.
static enum hd_number_result parse_digits(const char *text, size_t length, uint64_t *value)
{
    unsigned base = 10;
    if (length >= 2 && text[0] == '0' && text[1] == 'x') {
        base = 16;
        text += 2;
        length -= 2;
    }
    if (length == 0) return HD_NUMBER_MALFORMED;

    uint64_t sum = 0;
    bool overflow = false;
    for (size_t i = 0; i < length; i++) {
        const unsigned digit = digit_value(text[i]);
        if (digit >= base) return HD_NUMBER_MALFORMED;
        if (__builtin_mul_overflow(sum, base, &sum)) overflow = true;
        if (__builtin_add_overflow(sum, digit, &sum)) overflow = true;
    }
    if (overflow) return HD_NUMBER_TOO_LARGE;
    *value = sum;
    return HD_NUMBER_GOOD;
}

/// Reads what stands after a limit's name: nothing, `+N` or `-N`.
static enum hd_number_result parse_distance(uint64_t limit, const char *text, size_t length,
                                            uint64_t *value)
{
    if (length == 0) {
        *value = limit;
        return HD_NUMBER_GOOD;
    }
    const bool minus = text[0] == '-';
    if (!minus && text[0] != '+') return HD_NUMBER_MALFORMED;

    uint64_t distance = 0;
    const enum hd_number_result result = parse_digits(text + 1, length - 1, &distance);
    if (result == HD_NUMBER_TOO_LARGE && minus) return HD_NUMBER_NEGATIVE;
    if (result != HD_NUMBER_GOOD) return result;
    if (minus && distance > limit) return HD_NUMBER_NEGATIVE;
    if (!minus && distance > UINT64_MAX - limit) return HD_NUMBER_TOO_LARGE;
    *value = minus ? limit - distance : limit + distance;
    return HD_NUMBER_GOOD;
}

enum hd_number_result hd_number_parse(const char *text, size_t length, uint64_t *value)
{
    for (size_t i = 0; i < limit_count; i++) {
        const struct limit *limit = &limits[i];
        if (length < limit->length || memcmp(text, limit->name, limit->length) != 0) continue;
        return parse_distance(limit->value, text + limit->length, length - limit->length, value);
    }
    return parse_digits(text, length, value);
}

/// A name's number is never below 0: `PTRDIFF_MAX-N` past 0 is no other way to say -1.
enum hd_number_result hd_number_parse_signed(const char *text, size_t length, int64_t *value)
{
    const bool minus = length > 0 && text[0] == '-';
    uint64_t distance = 0;
    const enum hd_number_result result = minus ? parse_digits(text + 1, length - 1, &distance)
                                               : hd_number_parse(text, length, &distance);
    if (result == HD_NUMBER_NEGATIVE) return HD_NUMBER_MALFORMED;
    if (result == HD_NUMBER_MALFORMED) return result;

    const uint64_t farthest = minus ? (uint64_t)INT64_MAX + 1 : INT64_MAX;
    if (result == HD_NUMBER_TOO_LARGE || distance > farthest)
        return minus ? HD_NUMBER_NEGATIVE : HD_NUMBER_TOO_LARGE;
    *value = (int64_t)(minus ? 0 - distance : distance);
    return HD_NUMBER_GOOD;
}

static size_t format_decimal(uint64_t value, char *text)
{
    char reversed[HD_NUMBER_TEXT_MAX];
    size_t length = 0;
    do {
        reversed[length++] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    for (size_t i = 0; i < length; i++)
        text[i] = reversed[length - 1 - i];
    text[length] = '\0';
    return length;
}

size_t hd_number_format(uint64_t value, char text[HD_NUMBER_TEXT_MAX])
{
    for (size_t i = 0; i < limit_count; i++) {
        const struct limit *limit = &limits[i];
        const bool below = value < limit->value;
        const uint64_t distance = below ? limit->value - value : value - limit->value;
        if (distance > HD_NUMBER_NEAR) continue;

        memcpy(text, limit->name, limit->length + 1);
        if (distance == 0) return limit->length;
        text[limit->length] = below ? '-' : '+';
        return limit->length + 1 + format_decimal(distance, text + limit->length + 1);
    }
    return format_decimal(value, text);
}

size_t hd_number_format_signed(int64_t value, char text[HD_NUMBER_TEXT_MAX])
{
    if (value >= 0) return hd_number_format((uint64_t)value, text);
    text[0] = '-';
    return 1 + format_decimal(0 - (uint64_t)value, text + 1);
}
