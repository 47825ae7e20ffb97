// SPDX-License-Identifier: MIT
/// name_map.h: which number a name has: addresses of live blocks their slots, threads their
/// numbers.
///
/// Its size follows how many names it holds, not how many it ever held.
#ifndef HD_NAME_MAP_H
#define HD_NAME_MAP_H

#include "allocators/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hd_name_entry {
    uint64_t name;
    uint32_t number;
    bool used;
};

/// All zero is an empty one.
struct hd_name_map {
    struct hd_name_entry *entries; // from mmap; as many as a power of two, or none
    size_t capacity;
    size_t count;
};

/// Whether the map holds the name; then `number` is its number. `number` may be NULL.
bool hd_name_map_find(const struct hd_name_map *map, uint64_t name, uint32_t *number);

/// Adds a name that the map does not hold. HD_UNAVAILABLE: there is no memory.
HD_MUST_USE enum hd_status hd_name_map_add(struct hd_name_map *map, uint64_t name, uint32_t number,
                                           struct hd_message *message);

/// Removes a name that the map holds.
void hd_name_map_remove(struct hd_name_map *map, uint64_t name);

void hd_name_map_close(struct hd_name_map *map);

#endif
