// SPDX-License-Identifier: MIT
/// arena.h: the harness's own memory: one reservation from mmap, handed out in pieces.
///
/// Nothing between two operations of a trace may touch a heap under test, so what the engine, the
/// model and the oracles need comes from here and never from malloc.
#ifndef HD_ARENA_H
#define HD_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A contiguous reservation; pages become resident when first written.
struct hd_arena {
    uint8_t *base;
    size_t used;     // bytes handed out
    size_t reserved; // bytes of address space
};

/// Reserves `size_max` bytes of address space (less if the machine gives less, but at least
/// 1/64 of it), without making any of it resident. Ends the process with a message on stderr when
/// even that is refused: nothing can be done without memory.
void hd_arena_open(struct hd_arena *arena, size_t size_max);

/// Gives the whole reservation back; every pointer into it is dead.
void hd_arena_close(struct hd_arena *arena);

/// `size` bytes aligned to `alignment` (a power of two), valid until the arena is closed or reset
/// to before them. Zeroed only where the arena was never used before. Ends the process with a
/// message when the reservation is used up.
void *hd_arena_take(struct hd_arena *arena, size_t size, size_t alignment);

/// Makes the last piece taken, which begins at `piece` and holds `old_size` bytes, `new_size`
/// bytes long, in place. `piece` must be the last one taken.
void hd_arena_extend(struct hd_arena *arena, const void *piece, size_t old_size, size_t new_size);

/// Forgets everything taken since `used` was the arena's `used`.
void hd_arena_reset(struct hd_arena *arena, size_t used);

/// Memory that the harness got in another way, whole pages, counts as an arena from now on.
void hd_arena_note(const void *base, size_t size);

/// True when the address lies in an arena that is open: memory of the harness.
bool hd_arena_holds(uintptr_t address);

/// A reservation, half open.
struct hd_arena_range {
    uintptr_t start;
    uintptr_t end;
};

/// The most arenas that can be open at once.
#define HD_ARENAS_MAX 256

/// Writes down where the arenas lie that are open, in no order; returns how many there are.
size_t hd_arena_ranges(struct hd_arena_range ranges[HD_ARENAS_MAX]);

#endif
