// SPDX-License-Identifier: MIT
/// pattern.h: what the harness writes into a block, so that every byte tells whose it is.
///
/// A block has a 64-bit key, another one for each filling. Its bytes are the words
///
///     word i  =  key + i x STRIDE   (mod 2^64, in memory order; bytes 8i to 8i+7 of the block)
///
/// STRIDE is odd and so has an inverse: a foreign word w belongs to the block with key k when
/// (w - k) / STRIDE is a small number, and that number says which of its words it is. A constant
/// fill could tell neither an overlap nor a shifted copy.
///
/// Sampling. Of a block up to HD_PATTERN_WHOLE bytes every byte is written and checked. Of a larger
/// one: the first HD_PATTERN_WHOLE bytes, the last HD_PATTERN_TAIL, and between them 16 words in
/// each doubling of the offset. So a huge block costs a bounded number of resident pages.
#ifndef HD_PATTERN_H
#define HD_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HD_PATTERN_WHOLE  ((size_t)64 << 10)
#define HD_PATTERN_TAIL   ((size_t)4096)
#define HD_PATTERN_STRIDE UINT64_C(0x9e3779b97f4a7c15)

/// The key of the n-th filling of a run.
uint64_t hd_pattern_key(uint64_t n);

/// Writes the pattern over the block of `size` bytes at `block`, sparing its first `kept` bytes
/// (rounded down to a word), which must hold it already.
void hd_pattern_fill(uintptr_t block, size_t size, size_t kept, uint64_t key);

/// Compares the first `limit` bytes of a block that was filled as `size` bytes; `limit` <= `size`.
/// Returns the offset of the first byte that differs, or `limit` when none does.
size_t hd_pattern_check(uintptr_t block, size_t size, size_t limit, uint64_t key);

/// The byte at `offset` as it should be.
uint8_t hd_pattern_byte(size_t offset, uint64_t key);

/// If the 8 bytes at `word` are a word of a block of `size` bytes with `key`, its offset in that
/// block, else SIZE_MAX.
size_t hd_pattern_offset(uint64_t word, size_t size, uint64_t key);

/// Looks for the first byte that is not zero among the bytes of the block that filling it would
/// write; returns its offset, or `size` when all are zero.
size_t hd_pattern_check_zero(uintptr_t block, size_t size);

#endif
