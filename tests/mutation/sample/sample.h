// SPDX-License-Identifier: MIT
/// sample.h: two little functions for the test of mutate.
#ifndef HD_MUTATION_SAMPLE_H
#define HD_MUTATION_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>

/// True when a block of `size` bytes fits between `address` and `end`. pre: address <= end.
bool sample_fits(size_t size, size_t address, size_t end);

/// How often `size` can be halved before it is 1 or 0.
size_t sample_halvings(size_t size);

#endif
