// SPDX-License-Identifier: MIT
/// space_maps.c: what the kernel itself says: /proc/self/maps, and which pages are resident.
///
/// Read by system calls into a buffer on the stack: no heap is touched.
#include "harness/tap/space.h"

#include "harness/base/page.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define RESERVE_LOOKED_AT ((size_t)64 << 20)

struct mapping {
    uintptr_t start;
    uintptr_t end;
    int prot;
    bool private;
    bool stack;
};

/// Reads one line of proc(5)'s maps; false when it is none.
static bool parse_line(const char *line, struct mapping *mapping)
{
    char flags[5] = "";
    unsigned long start;
    unsigned long end;
    if (sscanf(line, "%lx-%lx %4s", &start, &end, flags) != 3) return false;
    *mapping = (struct mapping){.start = start, .end = end, .private = flags[3] == 'p'};
    if (flags[0] == 'r') mapping->prot |= PROT_READ;
    if (flags[1] == 'w') mapping->prot |= PROT_WRITE | PROT_READ; // which x86 and arm do not part
    if (flags[2] == 'x') mapping->prot |= PROT_EXEC;
    mapping->stack = strstr(line, "[stack]") != NULL;
    return true;
}

/// Calls `visit` for each mapping of the process until it answers true; true when one did.
static bool visit_mappings(bool (*visit)(struct hd_space *, const struct mapping *, uintptr_t),
                           struct hd_space *space, uintptr_t address)
{
    const int maps = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    if (maps < 0) return false;
    char text[8192];
    size_t held = 0;
    bool found = false;
    while (!found) {
        const ssize_t length = read(maps, text + held, sizeof text - 1 - held);
        if (length <= 0) break;
        held += (size_t)length;
        text[held] = '\0';
        char *line = text;
        for (char *end; !found && (end = strchr(line, '\n')) != NULL; line = end + 1) {
            struct mapping mapping;
            *end = '\0';
            found = parse_line(line, &mapping) && visit(space, &mapping, address);
        }
        held = strlen(line);
        memmove(text, line, held);
    }
    (void)close(maps);
    return found;
}

/// Where the map knows of nothing, the mapping is one from before. Where it knows of another
/// protection the kernel is right: libc's malloc may have opened its reserve while nobody looked.
static void fill_gaps(struct hd_space *space, const struct mapping *mapping)
{
    uintptr_t at = mapping->start;
    while (at < mapping->end) {
        const struct hd_region *region = hd_space_find(space, at);
        const bool known = region != NULL && region->start <= at;
        const uintptr_t next = region == NULL ? mapping->end : known ? region->end : region->start;
        const uintptr_t to = next < mapping->end ? next : mapping->end;
        const enum hd_owner owner = known ? region->owner : HD_OWNER_BEFORE;
        if (!known || (region->prot != mapping->prot && owner != HD_OWNER_FOREIGN))
            hd_space_set(space, at, to, mapping->prot, owner);
        at = to;
    }
}

static bool may_be_an_allocators(const struct mapping *mapping)
{
    return mapping->private && !mapping->stack && !hd_arena_holds(mapping->start) &&
           (mapping->prot & PROT_EXEC) == 0;
}

/// Where a block lies, more is taken for the allocator's than where nothing is known of: shared
/// memory, memory that can be executed too.
static bool may_hold_a_block(const struct mapping *mapping)
{
    return (mapping->prot & PROT_WRITE) != 0 && !mapping->stack && !hd_arena_holds(mapping->start);
}

static bool learn_one(struct hd_space *space, const struct mapping *mapping, uintptr_t address)
{
    if (address - mapping->start >= mapping->end - mapping->start) return false;
    if (!may_hold_a_block(mapping)) return false;
    fill_gaps(space, mapping);
    return true;
}

static bool learn_each(struct hd_space *space, const struct mapping *mapping, uintptr_t address)
{
    (void)address;
    if (may_be_an_allocators(mapping)) fill_gaps(space, mapping);
    return false;
}

bool hd_space_learn(struct hd_space *space, uintptr_t address)
{
    return visit_mappings(learn_one, space, address);
}

void hd_space_learn_all(struct hd_space *space)
{
    (void)visit_mappings(learn_each, space, 0);
}

/// What is only reserved may be terabytes, which take mincore seconds, and is seldom resident.
static bool is_a_large_reserve(const struct hd_region *region)
{
    return region->prot == PROT_NONE && region->end - region->start > RESERVE_LOOKED_AT;
}

size_t hd_space_resident(const struct hd_space *space)
{
    unsigned char pages[1024];
    size_t resident = 0;
    for (size_t i = 0; i < space->count; i++) {
        const struct hd_region *region = &space->regions[i];
        if (!hd_owner_is_allocators(region->owner) || is_a_large_reserve(region)) continue;
        const uintptr_t end = hd_page_from(region->end);
        for (uintptr_t at = hd_page_of(region->start); at < end; at += sizeof pages * HD_PAGE) {
            const size_t left = (end - at) / HD_PAGE;
            const size_t count = left < sizeof pages ? left : sizeof pages;
            if (mincore((void *)at, count * HD_PAGE, pages) != 0) continue;
            for (size_t page = 0; page < count; page++)
                resident += (pages[page] & 1) != 0 ? HD_PAGE : 0;
        }
    }
    return resident;
}
