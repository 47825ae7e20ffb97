// SPDX-License-Identifier: MIT
/// column.h: numbers as a short text that a page can hold, written as they come.
///
/// Each is a LEB128 (seven bits a byte, the lowest first, the eighth says that more follow), the
/// bytes are base64, in double quotes. A column of differences holds each number less the one
/// before it, modulo 2^64, as a zigzag: 0, -1, 1, -2 are 0, 1, 2, 3.
#ifndef HD_COLUMN_H
#define HD_COLUMN_H

#include <stdint.h>
#include <stdio.h>

struct hd_column {
    FILE *file; // the caller asks ferror
    uint64_t before;
    uint32_t pending; // bytes that are not written yet, the first in the highest place
    unsigned count;   // of them, 0 to 2
};

void hd_column_open(struct hd_column *column, FILE *file);
void hd_column_close(struct hd_column *column);

/// A column has numbers of one kind: by themselves, or as differences.
void hd_column_add(struct hd_column *column, uint64_t number);
void hd_column_add_difference(struct hd_column *column, uint64_t number);

#endif
