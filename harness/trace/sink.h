// SPDX-License-Identifier: MIT
/// sink.h: bytes to a file descriptor, gathered into large writes, packed by zstd if asked.
#ifndef HD_SINK_H
#define HD_SINK_H

#include "allocators/status.h"

#include <stddef.h>
#include <stdint.h>

#define HD_SINK_BUFFER 32768

struct hd_sink {
    const char *name;           // stands in messages
    struct ZSTD_CCtx_s *packer; // NULL: the bytes are written as they are
    int fd;
    size_t used;
    uint8_t buffer[HD_SINK_BUFFER];
};

/// Begins writing to `fd`, which stays the caller's to close.
void hd_sink_open(struct hd_sink *sink, const char *name, int fd);

/// What is put from now on is packed. Pre: nothing was put yet. HD_UNAVAILABLE: no memory.
HD_MUST_USE enum hd_status hd_sink_pack(struct hd_sink *sink, struct hd_message *message);

/// Adds `size` bytes, at most HD_SINK_BUFFER. HD_UNAVAILABLE when a write fails; then the sink can
/// only be finished.
HD_MUST_USE enum hd_status hd_sink_put(struct hd_sink *sink, const void *bytes, size_t size,
                                       struct hd_message *message);

/// If `status`, how it went so far, is HD_OK, writes out what is gathered. Returns how all went.
/// The sink is of no more use.
HD_MUST_USE enum hd_status hd_sink_finish(struct hd_sink *sink, enum hd_status status,
                                          struct hd_message *message);

#endif
