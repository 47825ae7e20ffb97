// SPDX-License-Identifier: MIT
/// progress.h: how far a long command has come, on a terminal.
#ifndef HD_PROGRESS_H
#define HD_PROGRESS_H

#include <stddef.h>
#include <stdint.h>

/// Shows on stderr, if that is a terminal, that the `done`-th of `count` traces is at work.
void hd_progress_show(size_t done, size_t count, const char *path, const char *allocator);

/// Shows behind that how many of so many operations are carried out, and how long the rest will
/// take if they go on as since hd_progress_show.
void hd_progress_steps(uint64_t done, size_t count);

#define HD_PROGRESS_STEPS_MAX 96

/// The same as a text, `elapsed_ms` after they began: `3400000 of 10000000 operations, 5 s left`.
void hd_progress_steps_text(uint64_t elapsed_ms, uint64_t done, uint64_t count,
                            char text[HD_PROGRESS_STEPS_MAX]);

/// Shows a text in its place.
void hd_progress_note(const char *text);

/// Takes it away; before anything else is written.
void hd_progress_clear(void);

#endif
