// SPDX-License-Identifier: MIT
/// source.h: bytes in order, from a file descriptor through a window, from memory, or unpacked.
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

struct hd_unpacker;

struct hd_source {
    const char *name;             // stands in messages
    const uint8_t *next;          // the first byte not used yet
    const uint8_t *end;           // behind the last byte that lies ready
    uint8_t *window;              // NULL when the bytes are in memory
    struct hd_unpacker *unpacker; // the bytes come from it; NULL: from `fd`
    uint64_t passed;              // bytes that were in the window before those that are in it now
    int fd;
    bool at_end; // nothing comes after `end`
};

/// Reads from memory. `bytes` must stay while the source is used; may be NULL when `size` is 0.
void hd_source_from_memory(struct hd_source *source, const char *name, const uint8_t *bytes,
                           size_t size);

/// Reads from `fd`, which stays the caller's to close, through the caller's window.
void hd_source_from_file(struct hd_source *source, const char *name, int fd,
                         uint8_t window[HD_SOURCE_WINDOW]);

/// Reads what `unpacker` unpacks, through its own window; it stays the caller's to close.
void hd_source_from_unpacker(struct hd_source *source, const char *name,
                             struct hd_unpacker *unpacker);

/// Makes at least `want` (at most HD_SOURCE_WINDOW) bytes lie ready; fewer only when the source
/// ends before. Moves the window: pointers into it from before are dead. HD_UNAVAILABLE, with the
/// system's reason, when reading fails; HD_BAD_INPUT when it cannot be unpacked.
HD_MUST_USE enum hd_status hd_source_peek(struct hd_source *source, size_t want,
                                          struct hd_message *message);

/// How many bytes were used. Pre: the source has a window.
uint64_t hd_source_offset(const struct hd_source *source);

/// How many bytes lie ready.
static inline size_t hd_source_ready(const struct hd_source *source)
{
    return (size_t)(source->end - source->next);
}

#endif
