// SPDX-License-Identifier: MIT
/// size_text.h: a number of bytes as a person reads it.
#ifndef HD_SIZE_TEXT_H
#define HD_SIZE_TEXT_H

#include <stddef.h>

#define HD_SIZE_TEXT_MAX 32

/// `132 KiB`, `1.5 MiB`: with one digit behind the point, cut, where that is not 0. Returns `text`.
const char *hd_size_text(size_t bytes, char text[HD_SIZE_TEXT_MAX]);

#endif
