// SPDX-License-Identifier: MIT
/// names.c: names for regions of the address space, found in the order in which they come up.
#include "harness/notation/names.h"

#include "harness/notation/answer.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

/// Address space for parts: 48 bytes each, and a call makes three at most.
#define ARENA_MAX ((size_t)1 << 30)

void hd_notation_names_open(struct hd_notation_names *names, uintptr_t page_size)
{
    HD_ASSERT(page_size != 0 && (page_size & (page_size - 1)) == 0);
    *names = (struct hd_notation_names){.page_size = page_size};
    hd_arena_open(&names->arena, ARENA_MAX);
    names->parts = hd_arena_take(&names->arena, 0, _Alignof(struct hd_notation_part));
}

void hd_notation_names_close(struct hd_notation_names *names)
{
    hd_arena_close(&names->arena);
    names->parts = NULL;
    names->count = 0;
}

// ---------------------------------------------------------------------------- the parts

/// The index of the first part that ends behind `address`.
static size_t first_behind(const struct hd_notation_names *names, uintptr_t address)
{
    size_t low = 0;
    size_t high = names->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (names->parts[middle].end > address)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static const struct hd_notation_part *part_of(const struct hd_notation_names *names,
                                              uintptr_t address)
{
    const size_t i = first_behind(names, address);
    if (i == names->count || names->parts[i].start > address) return NULL;
    return &names->parts[i];
}

/// Puts `parts[at]` to `parts[at + removed - 1]` out and `part` in their place.
static void replace(struct hd_notation_names *names, size_t at, size_t removed,
                    const struct hd_notation_part *part)
{
    const size_t size = sizeof names->parts[0];
    if (removed == 0)
        hd_arena_extend(&names->arena, names->parts, names->count * size,
                        (names->count + 1) * size);
    memmove(&names->parts[at + 1], &names->parts[at + removed],
            (names->count - at - removed) * size);
    names->parts[at] = *part;
    names->count = names->count + 1 - removed;
}

/// Makes `address` a border between parts, if it lies in one. Returns the index of the first part
/// that does not lie before it.
static size_t cut(struct hd_notation_names *names, uintptr_t address)
{
    const size_t i = first_behind(names, address);
    if (i == names->count || names->parts[i].start >= address) return i;

    struct hd_notation_part front = names->parts[i];
    front.end = address;
    names->parts[i].start = address;
    replace(names, i, 0, &front);
    return i + 1;
}

static void claim(struct hd_notation_names *names, const struct hd_notation_part *part)
{
    const size_t first = cut(names, part->start);
    const size_t last = cut(names, part->end);
    replace(names, first, last - first, part);
}

static void unmapped(struct hd_notation_names *names, uintptr_t start, uintptr_t end)
{
    if (start >= end) return;
    const size_t first = cut(names, start);
    const size_t last = cut(names, end);
    for (size_t i = first; i < last; i++)
        names->parts[i].mapped = false;
}

/// [start, end) was mapped: under the name of the region it begins in, if that is still mapped
/// there; else it is a region of its own.
static void mapped(struct hd_notation_names *names, uintptr_t start, uintptr_t end)
{
    if (start >= end) return;
    const struct hd_notation_part *old = part_of(names, start);
    if (old != NULL && old->mapped && old->end >= end) return;

    struct hd_notation_part part = {.origin = start, .name = "map"};
    if (old != NULL && old->mapped)
        part = *old;
    else
        part.number = ++names->maps;
    part.start = start;
    part.end = end;
    part.mapped = true;
    claim(names, &part);
}

void hd_notation_names_add(struct hd_notation_names *names, const char *name, uintptr_t start,
                           uintptr_t end)
{
    HD_ASSERT(start < end);
    const struct hd_notation_part part = {
        .start = start, .end = end, .origin = start, .name = name, .mapped = true};
    claim(names, &part);
}

// ---------------------------------------------------------------------------- the calls

/// Where `size` bytes from `start` end, in whole pages; the last page's start at most.
static uintptr_t end_of(const struct hd_notation_names *names, uintptr_t start, uint64_t size)
{
    const uintptr_t mask = names->page_size - 1;
    uintptr_t end = 0;
    if (__builtin_add_overflow(start, size, &end) || end > UINTPTR_MAX - mask)
        return UINTPTR_MAX & ~mask;
    return (end + mask) & ~mask;
}

/// `before` is 0 where it is not known.
static void learn_break(struct hd_notation_names *names, uintptr_t before, uintptr_t now)
{
    if (before == 0) before = names->brk_end != 0 ? names->brk_end : now;
    if (names->brk_start == 0) names->brk_start = before;
    if (now < names->brk_start) return; // given back beyond where it was first seen

    names->brk_end = now;
    unmapped(names, now, before);
    if (now == names->brk_start) return;
    const struct hd_notation_part part = {.start = names->brk_start,
                                          .end = now,
                                          .origin = names->brk_start,
                                          .name = "brk",
                                          .mapped = true};
    claim(names, &part);
}

static void learn_remap(struct hd_notation_names *names, const struct hd_syscall *call)
{
    const uintptr_t old = call->args[0];
    const uintptr_t old_end = end_of(names, old, call->args[1]);
    const uintptr_t new = (uintptr_t)call->result;
    const uintptr_t new_end = end_of(names, new, call->args[2]);

    // When it stays where it is, a tail may be given back; when it moves, all, unless kept.
    if (new == old)
        unmapped(names, new_end, old_end);
    else if ((call->args[3] & MREMAP_DONTUNMAP) == 0)
        unmapped(names, old, old_end);
    mapped(names, new, new_end);
}

void hd_notation_learn(struct hd_notation_names *names, const struct hd_syscall *call)
{
    if (hd_answer_error(call) != 0) return; // changed nothing

    const uintptr_t result = (uintptr_t)call->result;
    switch (call->number) {
    case SYS_brk: learn_break(names, call->break_before, result); return;
    case SYS_mmap: mapped(names, result, end_of(names, result, call->args[1])); return;
    case SYS_mremap: learn_remap(names, call); return;
    case SYS_munmap:
        unmapped(names, call->args[0], end_of(names, call->args[0], call->args[1]));
        return;
    default: return;
    }
}

// ---------------------------------------------------------------------------- finding

bool hd_notation_names_find(const struct hd_notation_names *names, uint64_t address,
                            struct hd_notation_place *place)
{
    const struct hd_notation_part *part = names != NULL ? part_of(names, address) : NULL;
    if (part == NULL) return false;
    *place = (struct hd_notation_place){part->name, part->number, address - part->origin};
    return true;
}

bool hd_notation_names_find_break(const struct hd_notation_names *names, uint64_t address,
                                  struct hd_notation_place *place)
{
    if (names == NULL || names->brk_start == 0 || address < names->brk_start)
        return hd_notation_names_find(names, address, place);
    *place = (struct hd_notation_place){"brk", 0, address - names->brk_start};
    return true;
}
