// SPDX-License-Identifier: MIT
/// sink.c: bytes to a file descriptor, gathered into large writes, packed by zstd if asked.
#include "harness/trace/sink.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <zstd.h>

void hd_sink_open(struct hd_sink *sink, const char *name, int fd)
{
    sink->name = name;
    sink->packer = NULL;
    sink->fd = fd;
    sink->used = 0; // the buffer stays as it is: clearing it would cost more than writing a trace
}

enum hd_status hd_sink_pack(struct hd_sink *sink, struct hd_message *message)
{
    HD_ASSERT(sink->used == 0 && sink->packer == NULL);
    sink->packer = ZSTD_createCCtx();
    if (sink->packer != NULL &&
        !ZSTD_isError(ZSTD_CCtx_setParameter(sink->packer, ZSTD_c_checksumFlag, 1)))
        return HD_OK;
    return hd_fail(message, HD_UNAVAILABLE, "no memory to pack %.400s", sink->name);
}

static enum hd_status write_all(const struct hd_sink *sink, const uint8_t *bytes, size_t size,
                                struct hd_message *message)
{
    size_t written = 0;
    while (written < size) {
        const ssize_t count = write(sink->fd, bytes + written, size - written);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0)
            return hd_fail(message, HD_UNAVAILABLE, "cannot write %.400s: %m", sink->name);
        written += (size_t)count;
    }
    return HD_OK;
}

/// Packs what is gathered and writes what comes out; `last`: and all that is still inside.
static enum hd_status write_packed(struct hd_sink *sink, bool last, struct hd_message *message)
{
    static uint8_t packed[HD_SINK_BUFFER]; // a crash's trace is written on a signal's small stack
    ZSTD_inBuffer in = {.src = sink->buffer, .size = sink->used};
    for (;;) {
        ZSTD_outBuffer out = {.dst = packed, .size = sizeof packed};
        const size_t left =
            ZSTD_compressStream2(sink->packer, &out, &in, last ? ZSTD_e_end : ZSTD_e_continue);
        if (ZSTD_isError(left))
            return hd_fail(message, HD_UNAVAILABLE, "cannot pack %.400s: %s", sink->name,
                           ZSTD_getErrorName(left));
        const enum hd_status status = write_all(sink, packed, out.pos, message);
        if (status != HD_OK) return status;
        if (last ? left == 0 : in.pos == in.size) return HD_OK;
    }
}

static enum hd_status flush(struct hd_sink *sink, bool last, struct hd_message *message)
{
    const enum hd_status status = sink->packer != NULL
                                      ? write_packed(sink, last, message)
                                      : write_all(sink, sink->buffer, sink->used, message);
    if (status == HD_OK) sink->used = 0;
    return status;
}

enum hd_status hd_sink_put(struct hd_sink *sink, const void *bytes, size_t size,
                           struct hd_message *message)
{
    HD_ASSERT(size <= HD_SINK_BUFFER);
    if (size > HD_SINK_BUFFER - sink->used) {
        const enum hd_status status = flush(sink, false, message);
        if (status != HD_OK) return status;
    }
    memcpy(sink->buffer + sink->used, bytes, size);
    sink->used += size;
    return HD_OK;
}

enum hd_status hd_sink_finish(struct hd_sink *sink, enum hd_status status,
                              struct hd_message *message)
{
    if (status == HD_OK) status = flush(sink, true, message);
    (void)ZSTD_freeCCtx(sink->packer); // NULL is allowed
    sink->packer = NULL;
    return status;
}
