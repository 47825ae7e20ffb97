// SPDX-License-Identifier: MIT
/// source.c: bytes in order, from a file descriptor through a window or from memory.
#include "harness/trace/source.h"

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

enum hd_status hd_source_peek(struct hd_source *source, size_t want, struct hd_message *message)
{
    HD_ASSERT(want <= HD_SOURCE_WINDOW);
    size_t ready = hd_source_ready(source);
    if (ready >= want || source->at_end) return HD_OK;

    memmove(source->window, source->next, ready);
    source->next = source->window;
    source->end = source->window + ready;
    while (ready < want) {
        const ssize_t got = read(source->fd, source->window + ready, HD_SOURCE_WINDOW - ready);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0)
            return hd_fail(message, HD_UNAVAILABLE, "cannot read %.400s: %m", source->name);
        if (got == 0) {
            source->at_end = true;
            break;
        }
        ready += (size_t)got;
        source->end += got;
    }
    return HD_OK;
}
