// SPDX-License-Identifier: MIT
/// name_map.c: a hash table with linear probing; what is removed leaves no mark.
#include "harness/trace/importers/name_map.h"

#include <sys/mman.h>

#define CAPACITY_MIN ((size_t)1024)

/// Where the name belongs; addresses differ mostly in their middle bits.
static size_t home_of(uint64_t name, size_t capacity)
{
    const uint64_t mixed =
        (name ^ name >> 32) * UINT64_C(0x9e3779b97f4a7c15); // 2^64 / golden ratio
    return (size_t)(mixed >> 32) & (capacity - 1);
}

/// The entry of the name, or the free one where it would go. Pre: one is free.
static size_t place_of(const struct hd_name_map *map, uint64_t name)
{
    size_t at = home_of(name, map->capacity);
    while (map->entries[at].used && map->entries[at].name != name)
        at = (at + 1) & (map->capacity - 1);
    return at;
}

bool hd_name_map_find(const struct hd_name_map *map, uint64_t name, uint32_t *number)
{
    if (map->count == 0) return false;
    const struct hd_name_entry *entry = &map->entries[place_of(map, name)];
    if (entry->used && number != NULL) *number = entry->number;
    return entry->used;
}

static enum hd_status grow(struct hd_name_map *map, struct hd_message *message)
{
    struct hd_name_map grown = {.capacity = map->capacity != 0 ? 2 * map->capacity : CAPACITY_MIN,
                                .count = map->count};
    grown.entries = mmap(NULL, grown.capacity * sizeof *grown.entries, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (grown.entries == MAP_FAILED)
        return hd_fail(message, HD_UNAVAILABLE, "no memory for %zu live blocks", map->count);
    for (size_t i = 0; i < map->capacity; i++)
        if (map->entries[i].used)
            grown.entries[place_of(&grown, map->entries[i].name)] = map->entries[i];
    hd_name_map_close(map);
    *map = grown;
    return HD_OK;
}

enum hd_status hd_name_map_add(struct hd_name_map *map, uint64_t name, uint32_t number,
                               struct hd_message *message)
{
    if (map->count >= map->capacity / 2) {
        const enum hd_status status = grow(map, message);
        if (status != HD_OK) return status;
    }
    struct hd_name_entry *entry = &map->entries[place_of(map, name)];
    HD_ASSERT(!entry->used);
    *entry = (struct hd_name_entry){.name = name, .number = number, .used = true};
    map->count++;
    return HD_OK;
}

/// Entries behind the gap that probing reached over it move up.
void hd_name_map_remove(struct hd_name_map *map, uint64_t name)
{
    HD_ASSERT(map->count > 0);
    const size_t mask = map->capacity - 1;
    size_t gap = place_of(map, name);
    HD_ASSERT(map->entries[gap].used);
    for (size_t at = (gap + 1) & mask; map->entries[at].used; at = (at + 1) & mask) {
        const size_t home = home_of(map->entries[at].name, map->capacity);
        if (((at - home) & mask) < ((at - gap) & mask)) continue; // it stands behind the gap anyway
        map->entries[gap] = map->entries[at];
        gap = at;
    }
    map->entries[gap].used = false;
    map->count--;
}

void hd_name_map_close(struct hd_name_map *map)
{
    if (map->entries != NULL)
        HD_ASSERT(munmap(map->entries, map->capacity * sizeof *map->entries) == 0);
    *map = (struct hd_name_map){0};
}
