// SPDX-License-Identifier: MIT
/// source.h: bytes in order, from a file descriptor through a window or from memory.
///
/// Both look the same to a reader: some bytes lie ready from `next` to `end`, hd_source_peek makes
/// sure there are enough, and the reader moves `next` on over what it has used.
#ifndef HD_SOURCE_H
#define HD_SOURCE_H

#include "allocators/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The most that can be looked at in one piece.
#define HD_SOURCE_WINDOW 65536

struct hd_source {
    const char *name;    // stands in messages
    const uint8_t *next; // the first byte not used yet
    const uint8_t *end;  // behind the last byte that lies ready
    uint8_t *window;     // NULL when the bytes are in memory
    int fd;
    bool at_end; // nothing comes after `end`
};

/// Reads from memory. `bytes` must stay while the source is used; may be NULL when `size` is 0.
void hd_source_from_memory(struct hd_source *source, const char *name, const uint8_t *bytes,
                           size_t size);

/// Reads from `fd`, which stays the caller's to close, through the caller's window.
void hd_source_from_file(struct hd_source *source, const char *name, int fd,
                         uint8_t window[HD_SOURCE_WINDOW]);

/// Makes at least `want` (at most HD_SOURCE_WINDOW) bytes lie ready; fewer only when the source
/// ends before. Moves the window: pointers into it from before are dead. HD_UNAVAILABLE, with the
/// system's reason, when reading fails.
HD_MUST_USE enum hd_status hd_source_peek(struct hd_source *source, size_t want,
                                          struct hd_message *message);

/// How many bytes lie ready.
static inline size_t hd_source_ready(const struct hd_source *source)
{
    return (size_t)(source->end - source->next);
}

#endif
