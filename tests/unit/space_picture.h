// SPDX-License-Identifier: MIT
/// space_picture.h: a map of memory as a line of text, a character a page.
///
///     . nobody's   a the allocator's   r the same, read only   n the same, PROT_NONE
///     b of the break   h there before   f foreign   ? anything else
#ifndef HD_TESTS_SPACE_PICTURE_H
#define HD_TESTS_SPACE_PICTURE_H

#include "harness/tap/space.h"

#include <string.h>
#include <sys/mman.h>

#define BASE       UINT64_C(0x7f0000000000)
#define PAGE       UINT64_C(4096)
#define P(n)       (BASE + (uint64_t)(n) * PAGE)
#define READ_WRITE (PROT_READ | PROT_WRITE)

static const struct {
    char character;
    enum hd_owner owner;
    int prot;
} kinds_of_page[] = {
    {'a', HD_OWNER_ALLOCATOR, READ_WRITE}, {'r', HD_OWNER_ALLOCATOR, PROT_READ},
    {'n', HD_OWNER_ALLOCATOR, PROT_NONE},  {'b', HD_OWNER_BREAK, READ_WRITE},
    {'h', HD_OWNER_BEFORE, READ_WRITE},    {'f', HD_OWNER_FOREIGN, READ_WRITE},
};
#define KINDS_OF_PAGE (sizeof kinds_of_page / sizeof kinds_of_page[0])

/// Sets the pages from BASE on as the picture says.
static inline void draw(struct hd_space *space, const char *picture)
{
    for (size_t page = 0; picture[page] != '\0'; page++)
        for (size_t i = 0; i < KINDS_OF_PAGE; i++)
            if (kinds_of_page[i].character == picture[page])
                hd_space_set(space, P(page), P(page + 1), kinds_of_page[i].prot,
                             kinds_of_page[i].owner);
}

/// The character of the page that holds the address.
static inline char look(const struct hd_space *space, uintptr_t address)
{
    const struct hd_region *region = hd_space_find(space, address);
    if (region == NULL || region->start > address) return '.';
    for (size_t i = 0; i < KINDS_OF_PAGE; i++)
        if (kinds_of_page[i].owner == region->owner && kinds_of_page[i].prot == region->prot)
            return kinds_of_page[i].character;
    return '?';
}

/// Fills `picture` with `pages` characters and a 0.
static inline void see(const struct hd_space *space, char *picture, size_t pages)
{
    for (size_t page = 0; page < pages; page++)
        picture[page] = look(space, P(page));
    picture[pages] = '\0';
}

/// How many of the pages are of these kinds.
static inline size_t count_pages(const char *picture, const char *of)
{
    size_t count = 0;
    for (; *picture != '\0'; picture++)
        count += strchr(of, *picture) != NULL;
    return count;
}

#endif
