// SPDX-License-Identifier: MIT
/// scale.h: how a form byte and eight payload bytes of a binary record become a number.
///
/// Random bytes must land where allocators change their mind (0, powers of two, whole pages,
/// PTRDIFF_MAX, SIZE_MAX) far more often than an even spread over 64 bits would, but in large
/// blocks, which take long to fill and check, seldom; and yet every number must have a form. `p` is
/// the payload, `p0`, `p1` and `p2` its three lowest bytes, `near` is p0 % 33 - 16, so -16 to 16,
/// and `pages` is 1 + (p1 & (2^(p2 % 9) - 1)), so 1 to 256, mostly few.
///
///     form       size or count                        form       alignment
///     0 - 64     the low `form` bits of p: exact      0 - 64     the low `form` bits of p: exact
///     65 - 180   the low (form-65) % 13 bits of p     65 - 230   2^((form-65) % 13), 1 to 4 KiB
///     181 - 214  2^((form-181) % 17) + near, not < 0  231 - 245  2^(p1 % 64)
///     215 - 230  pages * 4096 + near                  246 - 255  even form: 3 * 2^(p0 % 12)
///     231 - 246  2^(17 + p1 % 47) + near                         odd form: 2^(p0 % 12) + 1
///     247 - 251  SIZE_MAX - p0                                   (no powers of two, but for 2)
///     252 - 255  PTRDIFF_MAX + p0 as int8_t
///
/// A number of bytes up or down is on the scale of sizes, read as two's complement: 247 to 251 give
/// -1 to -256.
///
///     form       times: 1 to 64, mostly few           form       system call
///     0 - 6      1 + the low `form` bits of p         0 - 255    p0 % HD_REFUSABLES
///     7 - 255    1 + the low `form` % 4 bits of p
#ifndef HD_SCALE_H
#define HD_SCALE_H

#include <stdint.h>

uint64_t hd_scale_size(uint8_t form, uint64_t payload);
uint64_t hd_scale_alignment(uint8_t form, uint64_t payload);
uint64_t hd_scale_times(uint8_t form, uint64_t payload);
uint64_t hd_scale_syscall(uint64_t payload);

/// The canonical form of `value` as a size, count or alignment: its bit length. The payload is
/// `value` itself. It is that of `value` + 1 times, too.
uint8_t hd_scale_form(uint64_t value);

#endif
