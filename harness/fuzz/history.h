// SPDX-License-Identifier: MIT
/// history.h: the inputs of this process, for a finding that needs what earlier ones left.
///
/// Where each input runs on the heap that those before it left, the trace of a finding may not show
/// it by itself. Then all of them one after the other may.
#ifndef HD_HISTORY_H
#define HD_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// From now on inputs are kept: of the latest HD_HISTORY_BYTES at least half. Once is enough.
#define HD_HISTORY_BYTES ((size_t)64 << 20)
void hd_history_open(void);

/// Keeps the input that is to be run next. Without hd_history_open nothing is kept.
void hd_history_add(const uint8_t *data, size_t size);

/// Writes a trace in binary form, over what is at `path`: the inputs in order, after each but the
/// last the ends of its threads, and a free of every slot that it named. False, and nothing is
/// written, where there are less than two inputs, or there can be no such file. Called from signal
/// handlers: allocates nothing.
bool hd_history_write(const char *path);

#endif
