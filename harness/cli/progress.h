// SPDX-License-Identifier: MIT
/// progress.h: how far a long command has come, on a terminal.
#ifndef HD_PROGRESS_H
#define HD_PROGRESS_H

#include <stddef.h>

/// Shows on stderr, if that is a terminal, that the `done`-th of `count` traces is at work.
void hd_progress_show(size_t done, size_t count, const char *path, const char *allocator);

/// Shows a text in its place.
void hd_progress_note(const char *text);

/// Takes it away; before anything else is written.
void hd_progress_clear(void);

#endif
