// SPDX-License-Identifier: MIT
/// sink.h: bytes to a file descriptor, gathered into large writes.
#ifndef HD_SINK_H
#define HD_SINK_H

#include "allocators/status.h"

#include <stddef.h>
#include <stdint.h>

#define HD_SINK_BUFFER 32768

struct hd_sink {
    const char *name; // stands in messages
    int fd;
    size_t used;
    uint8_t buffer[HD_SINK_BUFFER];
};

/// Begins writing to `fd`, which stays the caller's to close.
void hd_sink_open(struct hd_sink *sink, const char *name, int fd);

/// Adds `size` bytes, at most HD_SINK_BUFFER. HD_UNAVAILABLE when a write fails; then the sink is
/// of no more use.
HD_MUST_USE enum hd_status hd_sink_put(struct hd_sink *sink, const void *bytes, size_t size,
                                       struct hd_message *message);

/// Writes out what is gathered. HD_UNAVAILABLE when a write fails.
HD_MUST_USE enum hd_status hd_sink_flush(struct hd_sink *sink, struct hd_message *message);

#endif
