// SPDX-License-Identifier: MIT
/// grow.h: arrays of the command's own that grow.
#ifndef HD_GROW_H
#define HD_GROW_H

#include <stddef.h>

/// Room for one more: `array` with its `count` items of `size` bytes, moved if need be. Ends the
/// process with a message when there is no memory.
void *hd_grow(void *array, size_t count, size_t *capacity, size_t size);

/// A copy of a string, for as long as the process runs, with the same end.
char *hd_copy_string(const char *text);

#endif
