// SPDX-License-Identifier: MIT
/// text.h: text that grows in a buffer of fixed size and is cut at its end, as snprintf cuts.
#ifndef HD_NOTATION_TEXT_H
#define HD_NOTATION_TEXT_H

#include "allocators/status.h"

#include <stddef.h>

struct hd_notation_text {
    char *start; // zero-terminated after every function here, unless `size` is 0
    size_t size;
    size_t length; // of the text uncut
};

/// An empty text in `size` bytes at `start`, which may be NULL when `size` is 0.
void hd_notation_text_open(struct hd_notation_text *text, char *start, size_t size);

/// Appends what the printf format says.
void hd_notation_put(struct hd_notation_text *text, const char *format, ...) HD_PRINTF(2, 3);

#endif
