// SPDX-License-Identifier: MIT
/// source.c: bytes in order, from a file descriptor through a window, from memory, or unpacked.
#include "harness/trace/source.h"

#include "harness/trace/unpack.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void hd_source_from_memory(struct hd_source *source, const char *name, const uint8_t *bytes,
                           size_t size)
{
    static const uint8_t nothing[1];
    if (size == 0) bytes = nothing;
    *source = (struct hd_source){
        .name = name, .next = bytes, .end = bytes + size, .fd = -1, .at_end = true};
}

void hd_source_from_file(struct hd_source *source, const char *name, int fd,
                         uint8_t window[HD_SOURCE_WINDOW])
{
    *source =
        (struct hd_source){.name = name, .next = window, .end = window, .window = window, .fd = fd};
}

void hd_source_from_unpacker(struct hd_source *source, const char *name,
                             struct hd_unpacker *unpacker)
{
    hd_source_from_file(source, name, -1, hd_unpacker_window(unpacker));
    source->unpacker = unpacker;
}

uint64_t hd_source_offset(const struct hd_source *source)
{
    HD_ASSERT(source->window != NULL);
    return source->passed + (uint64_t)(source->next - source->window);
}

/// Up to `size` bytes more; 0 `got`: there are none.
static enum hd_status read_some(const struct hd_source *source, uint8_t *into, size_t size,
                                size_t *got, struct hd_message *message)
{
    if (source->unpacker != NULL)
        return hd_unpacker_read(source->unpacker, into, size, got, message);
    for (;;) {
        const ssize_t count = read(source->fd, into, size);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0)
            return hd_fail(message, HD_UNAVAILABLE, "cannot read %.400s: %m", source->name);
        *got = (size_t)count;
        return HD_OK;
    }
}

enum hd_status hd_source_peek(struct hd_source *source, size_t want, struct hd_message *message)
{
    HD_ASSERT(want <= HD_SOURCE_WINDOW);
    size_t ready = hd_source_ready(source);
    if (ready >= want || source->at_end) return HD_OK;

    source->passed += (uint64_t)(source->next - source->window);
    memmove(source->window, source->next, ready);
    source->next = source->window;
    source->end = source->window + ready;
    while (ready < want) {
        size_t got = 0;
        const enum hd_status status =
            read_some(source, source->window + ready, HD_SOURCE_WINDOW - ready, &got, message);
        if (status != HD_OK) return status;
        if (got == 0) {
            source->at_end = true;
            break;
        }
        ready += got;
        source->end += got;
    }
    return HD_OK;
}
