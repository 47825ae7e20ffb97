// SPDX-License-Identifier: MIT
/// purges.h: calls by which an allocator gives back what freed blocks had. It may do that in a later
/// operation, with what many others had.
#ifndef HD_PURGES_H
#define HD_PURGES_H

#include "harness/tap/tap.h"

#include <stdbool.h>

/// Whether the call is to give memory back: to take away what is mapped, its contents, or the access
/// to it.
bool hd_is_purge(const struct hd_syscall *call);

/// Whether it was done: neither refused nor failed.
bool hd_purge_was_done(const struct hd_syscall *call);

#endif
