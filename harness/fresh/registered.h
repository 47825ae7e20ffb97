// SPDX-License-Identifier: MIT
/// registered.h: what a library leaves in libc at its first call: handlers of fork and exit, keys
/// of thread-specific data. When its state is put back it makes a first call again and again.
#ifndef HD_REGISTERED_H
#define HD_REGISTERED_H

#include <link.h>

/// From here on a handler that the library registered in an earlier run is registered no second
/// time. hd_registered_start_anew begins a run.
void hd_registered_watch(const struct link_map *library);
void hd_registered_start_anew(void);

/// Deletes the keys that the library made since it is watched; the others that it set in this run
/// have in the calling thread the value that they had before.
void hd_registered_put_keys_back(void);

#endif
