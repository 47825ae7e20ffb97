// SPDX-License-Identifier: MIT
/// halvings.c: a loop that some mutants do not end.
#include "tests/mutation/sample/sample.h"

size_t sample_halvings(size_t size)
{
    size_t count = 0;
    for (; size > 1; size /= 2) count++;
    return count;
}
