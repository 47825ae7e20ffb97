// SPDX-License-Identifier: MIT
/// fits.c: a line with something on each side of it.
#include "tests/mutation/sample/sample.h"

bool sample_fits(size_t size, size_t address, size_t end)
{
    return size <= end - address; // not address + size <= end: that may wrap
}
