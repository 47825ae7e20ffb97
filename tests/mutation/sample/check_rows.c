// SPDX-License-Identifier: MIT
/// check_rows.c: a test of the sample with a row on each side of the line; made with WEAK, without
/// the rows at the line. Exit status: 0, or 1 and the row that is wrong.
#include "tests/mutation/sample/sample.h"

#include <stdio.h>

static const struct {
    const char *name;
    size_t size, address, end;
    bool fits;
} rows[] = {
    {"well inside", 4, 16, 64, true},
    {"far too large", 400, 16, 64, false},
#ifndef WEAK
    {"ends at the end", 48, 16, 64, true},
    {"a byte too large", 49, 16, 64, false},
#endif
};

int main(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (sample_fits(rows[i].size, rows[i].address, rows[i].end) == rows[i].fits) continue;
        (void)printf("%s\n", rows[i].name);
        return 1;
    }
    static const size_t halvings[] = {0, 0, 1, 1, 2, 2, 2, 2, 3};
    for (size_t size = 0; size < sizeof halvings / sizeof *halvings; size++) {
        if (sample_halvings(size) == halvings[size]) continue;
        (void)printf("%zu halved\n", size);
        return 1;
    }
    return 0;
}
