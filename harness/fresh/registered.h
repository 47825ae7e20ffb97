// SPDX-License-Identifier: MIT
/// registered.h: what a library leaves in libc at its first call: handlers of fork and exit, keys
/// of thread-specific data. When its state is put back it makes a first call again and again.
#ifndef HD_REGISTERED_H
#define HD_REGISTERED_H

#include <link.h>
#include <pthread.h>

/// From here on a handler that the library registered in an earlier run is registered no second
/// time. hd_registered_start_anew begins a run.
void hd_registered_watch(const struct link_map *library);
void hd_registered_start_anew(void);

/// The key that pthread_key_create would give now.
pthread_key_t hd_registered_next_key(void);

/// Deletes the keys from `first` up to the one that would be given now, whatever they hold.
void hd_registered_delete_keys(pthread_key_t first);

#endif
