// SPDX-License-Identifier: MIT
/// mutator.h: makes another trace of one, or of two; knows no engine.
///
/// Any bytes are taken; what comes out is canonical records, whole ones. The same arguments give
/// the same bytes. Nothing is allocated. One thread at a time.
#ifndef HD_MUTATOR_H
#define HD_MUTATOR_H

#include <stddef.h>
#include <stdint.h>

/// Changes the trace in `data`, which is `size` bytes and has room for `size_max`, by a few of the
/// mutations of mutations.def; returns its new size. Less than a record, or a single one, mostly
/// becomes a small trace. 0, and the bytes are as they were: `size_max` is less than a record.
size_t hd_mutate(uint8_t *data, size_t size, size_t size_max, uint64_t seed);

/// Writes to `out` a trace made of parts of both, in their order; returns its size. 0: `out_max` is
/// less than a record, or there is nothing in either.
size_t hd_crossover(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size, uint8_t *out,
                    size_t out_max, uint64_t seed);

#endif
