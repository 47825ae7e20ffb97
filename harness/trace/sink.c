// SPDX-License-Identifier: MIT
/// sink.c: bytes to a file descriptor, gathered into large writes.
#include "harness/trace/sink.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void hd_sink_open(struct hd_sink *sink, const char *name, int fd)
{
    sink->name = name;
    sink->fd = fd;
    sink->used = 0; // the buffer stays as it is: clearing it would cost more than writing a trace
}

enum hd_status hd_sink_put(struct hd_sink *sink, const void *bytes, size_t size,
                           struct hd_message *message)
{
    HD_ASSERT(size <= HD_SINK_BUFFER);
    if (size > HD_SINK_BUFFER - sink->used) {
        const enum hd_status status = hd_sink_flush(sink, message);
        if (status != HD_OK) return status;
    }
    memcpy(sink->buffer + sink->used, bytes, size);
    sink->used += size;
    return HD_OK;
}

enum hd_status hd_sink_flush(struct hd_sink *sink, struct hd_message *message)
{
    size_t written = 0;
    while (written < sink->used) {
        const ssize_t count = write(sink->fd, sink->buffer + written, sink->used - written);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0)
            return hd_fail(message, HD_UNAVAILABLE, "cannot write %.400s: %m", sink->name);
        written += (size_t)count;
    }
    sink->used = 0;
    return HD_OK;
}
