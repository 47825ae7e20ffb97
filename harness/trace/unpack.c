// SPDX-License-Identifier: MIT
/// unpack.c: gzip by zlib, zstd by libzstd, behind one door.
#include "harness/trace/unpack.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>
#include <zstd.h>

struct hd_unpacker {
    struct hd_source *packed;
    enum hd_packing packing;
    bool between; // at the end of a packed piece: the bytes may end here
    uint64_t unpacked;
    z_stream gzip;
    ZSTD_DCtx *zstd;
    uint8_t window[HD_SOURCE_WINDOW];
};

static const uint8_t gzip_magic[] = {0x1f, 0x8b, 0x08}; // RFC 1952: its one method, deflate
static const uint8_t zstd_magic[] = {0x28, 0xb5, 0x2f, 0xfd};
_Static_assert(sizeof zstd_magic == HD_PACKING_LOOKED_AT, "the longest");

enum hd_packing hd_packing_detect(const uint8_t *bytes, size_t size)
{
    if (size >= sizeof gzip_magic && memcmp(bytes, gzip_magic, sizeof gzip_magic) == 0)
        return HD_PACKING_GZIP;
    if (size >= sizeof zstd_magic && memcmp(bytes, zstd_magic, sizeof zstd_magic) == 0)
        return HD_PACKING_ZSTD;
    return HD_PACKING_NONE;
}

static bool open_stream(struct hd_unpacker *unpacker)
{
    enum { GZIP_ALONE = 16 }; // zlib.h: added to the window's bits, it reads no other header
    if (unpacker->packing == HD_PACKING_GZIP)
        return inflateInit2(&unpacker->gzip, GZIP_ALONE + MAX_WBITS) == Z_OK;
    unpacker->zstd = ZSTD_createDCtx();
    return unpacker->zstd != NULL;
}

enum hd_status hd_unpacker_open(struct hd_unpacker **unpacker, struct hd_source *packed,
                                enum hd_packing packing, struct hd_message *message)
{
    struct hd_unpacker *opened = calloc(1, sizeof *opened);
    if (opened != NULL) {
        opened->packed = packed;
        opened->packing = packing;
        opened->between = true;
    }
    if (opened == NULL || !open_stream(opened)) {
        free(opened);
        return hd_fail(message, HD_UNAVAILABLE, "no memory to unpack %.400s", packed->name);
    }
    *unpacker = opened;
    return HD_OK;
}

uint8_t *hd_unpacker_window(struct hd_unpacker *unpacker)
{
    return unpacker->window;
}

static enum hd_status damaged(const struct hd_unpacker *unpacker, const char *how,
                              struct hd_message *message)
{
    return hd_fail(message, HD_BAD_INPUT,
                   "%.300s: its %s data is %s, behind %" PRIu64 " bytes unpacked",
                   unpacker->packed->name, unpacker->packing == HD_PACKING_GZIP ? "gzip" : "zstd",
                   how, unpacker->unpacked);
}

/// Each of these unpacks what lies ready as far as there is room; false: it is damaged.
static bool step_gzip(struct hd_unpacker *unpacker, uint8_t *into, size_t size, size_t *got)
{
    struct hd_source *packed = unpacker->packed;
    z_stream *stream = &unpacker->gzip;
    if (unpacker->between && inflateReset(stream) != Z_OK) return false;
    stream->next_in = (uint8_t *)(uintptr_t)packed->next; // zlib only reads there
    stream->avail_in = (unsigned)hd_source_ready(packed);
    stream->next_out = into;
    stream->avail_out = (unsigned)size;
    const int result = inflate(stream, Z_NO_FLUSH);
    packed->next = stream->next_in;
    *got = size - stream->avail_out;
    unpacker->between = result == Z_STREAM_END;
    return result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR;
}

static bool step_zstd(struct hd_unpacker *unpacker, uint8_t *into, size_t size, size_t *got)
{
    struct hd_source *packed = unpacker->packed;
    ZSTD_inBuffer in = {.src = packed->next, .size = hd_source_ready(packed)};
    ZSTD_outBuffer out = {.dst = into, .size = size};
    const size_t result = ZSTD_decompressStream(unpacker->zstd, &out, &in);
    packed->next += in.pos;
    *got = out.pos;
    unpacker->between = result == 0;
    return !ZSTD_isError(result);
}

enum hd_status hd_unpacker_read(struct hd_unpacker *unpacker, uint8_t *into, size_t size,
                                size_t *got, struct hd_message *message)
{
    struct hd_source *packed = unpacker->packed;
    *got = 0;
    while (*got == 0) {
        const enum hd_status status = hd_source_peek(packed, 1, message);
        if (status != HD_OK) return status;
        const bool end = hd_source_ready(packed) == 0;
        if (end && unpacker->between) return HD_OK;

        const uint8_t *before = packed->next;
        const bool good = unpacker->packing == HD_PACKING_GZIP
                              ? step_gzip(unpacker, into, size, got)
                              : step_zstd(unpacker, into, size, got);
        if (!good) return damaged(unpacker, "damaged", message);
        if (end && *got == 0 && packed->next == before && !unpacker->between)
            return damaged(unpacker, "cut short", message);
    }
    unpacker->unpacked += *got;
    return HD_OK;
}

void hd_unpacker_close(struct hd_unpacker *unpacker)
{
    if (unpacker == NULL) return;
    if (unpacker->packing == HD_PACKING_GZIP) (void)inflateEnd(&unpacker->gzip);
    (void)ZSTD_freeDCtx(unpacker->zstd); // NULL is allowed
    free(unpacker);
}
