// SPDX-License-Identifier: MIT
/// binary.h: one operation as a record of 24 bytes; every 24 bytes are an operation.
///
///     byte  0    1    2           6    7                    15   16                   24
///          +----+----+-----------+----+--------------------+----+--------------------+
///          | op | th |   slot    | sf |    size payload    | ef |   extra payload    |
///          +----+----+-----------+----+--------------------+----+--------------------+
///
///     op  operation: 0 to 63 is its place in ops.def, modulo the number of operations there;
///         64 to 255 are shared out by weight, in the order of ops.def
///     th  thread, see below
///     slot, payloads   little-endian
///     sf, ef           forms of the scale (scale.h); size is a number of bytes or times,
///                      extra a count, an alignment or a system call
///
///     slot  31  28 27                           0
///          +------+------------------------------+    code   0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15
///          | code | the slot in its lowest bits  |    bits   0 1 2 3 3 4 4 4 5 5  6  6  8 12 20 28
///          +------+------------------------------+
///
///     th     7  6 5           0
///          +------+-------------+                     code   0 1 2 3
///          | code | lowest bits |                     bits   0 2 2 6
///          +------+-------------+
///
/// The codes say how many bits count, so that random bytes name few slots and few threads, and the
/// same ones often.
#ifndef HD_BINARY_H
#define HD_BINARY_H

#include "harness/trace/op.h"

#define HD_RECORD_SIZE 24

/// Reads a record. Fields that the operation has no use for are 0 in `op`, padding included.
void hd_binary_decode(const uint8_t record[HD_RECORD_SIZE], struct hd_op *op);

/// Writes the operation's one canonical record: the lowest value of each byte that says the same.
/// It keeps its meaning when ops.def grows. Pre: `op` is well formed (op.h). hd_binary_decode gives
/// it back.
void hd_binary_encode(const struct hd_op *op, uint8_t record[HD_RECORD_SIZE]);

#endif
