// SPDX-License-Identifier: MIT
/// streams.h: a stream that cannot be written to is noticed.
#ifndef HD_STREAMS_H
#define HD_STREAMS_H

#include <stdbool.h>
#include <stdio.h>

/// To be called once, early. From then on a process that ends by exit or by return from main checks
/// that all it wrote to standard output arrived; if not (full disk, closed pipe) it says so and
/// ends with HD_UNAVAILABLE. Makes sure that no file opened later is taken for a standard stream.
void hd_streams_open(void);

/// Writes what is buffered. False: that or something before it did not arrive; errno says why, or is
/// 0 where an earlier write failed for a reason that is gone.
bool hd_stream_flush(FILE *stream);

#endif
