// SPDX-License-Identifier: MIT
/// column.c: LEB128 and base64 (RFC 4648, section 4).
#include "harness/report/column.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void hd_column_open(struct hd_column *column, FILE *file)
{
    *column = (struct hd_column){.file = file};
    (void)fputc('"', file);
}

/// Of `count` bytes, 1 to 3, in the highest places of 24 bits.
static void put_group(FILE *file, uint32_t bytes, unsigned count)
{
    for (unsigned i = 0; i < 4; i++)
        (void)fputc(i <= count ? digits[bytes >> (18 - 6 * i) & 63] : '=', file);
}

static void put_byte(struct hd_column *column, uint8_t byte)
{
    column->pending |= (uint32_t)byte << (16 - 8 * column->count);
    if (++column->count < 3) return;
    put_group(column->file, column->pending, 3);
    column->pending = 0;
    column->count = 0;
}

void hd_column_add(struct hd_column *column, uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        put_byte(column, (uint8_t)(number | 0x80));
    put_byte(column, (uint8_t)number);
}

void hd_column_add_difference(struct hd_column *column, uint64_t number)
{
    const uint64_t difference = number - column->before;
    const uint64_t sign = difference >> 63 != 0 ? UINT64_MAX : 0;
    column->before = number;
    hd_column_add(column, difference << 1 ^ sign);
}

void hd_column_close(struct hd_column *column)
{
    if (column->count > 0) put_group(column->file, column->pending, column->count);
    (void)fputc('"', column->file);
}
