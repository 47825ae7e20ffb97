// SPDX-License-Identifier: MIT
/// page_index.c: the directory and its pages.
#include "harness/model/page_index.h"

#include "allocators/status.h"

#include <string.h>

#define LEVELS      3
#define FANOUT_BITS 12
#define FANOUT      (1u << FANOUT_BITS)
#define PAGE_BITS   12
#define BITMAP      (FANOUT / 64)

struct hd_directory {
    uint64_t summary;        // bit w: bitmap[w] is not 0
    uint64_t bitmap[BITMAP]; // bit i: entry[i] is not NULL
    void *entry[FANOUT];     // directories, or pages in the last level; the next free one in [0]
};

/// A page of class c is 64 << c bytes: this header, `capacity` slots, `capacity` offsets.
struct hd_page {
    uint16_t count;
    uint16_t capacity;
    uint32_t class;
    uint32_t slots[];
};

#define PAGE_BYTES_MIN ((size_t)64)

static size_t page_capacity(unsigned class)
{
    const size_t bytes = PAGE_BYTES_MIN << class;
    return (bytes - sizeof(struct hd_page)) / (sizeof(uint32_t) + sizeof(uint16_t));
}

static uint16_t *page_offsets(const struct hd_page *page)
{
    return (uint16_t *)(page->slots + page->capacity);
}

static unsigned digit(uintptr_t address, unsigned level)
{
    return (unsigned)(address >> (PAGE_BITS + FANOUT_BITS * (LEVELS - 1 - level))) & (FANOUT - 1);
}

static unsigned offset_in_page(uintptr_t address)
{
    return (unsigned)address & ((1u << PAGE_BITS) - 1);
}

// ---------------------------------------------------------------------------- memory

static struct hd_page *page_take(struct hd_page_index *index, unsigned class)
{
    HD_ASSERT(class < HD_PAGE_CLASSES);
    struct hd_page *page = index->free_pages[class];
    if (page != NULL)
        memcpy(&index->free_pages[class], page->slots, sizeof(struct hd_page *));
    else
        page = hd_arena_take(index->arena, PAGE_BYTES_MIN << class, PAGE_BYTES_MIN);
    *page = (struct hd_page){.capacity = (uint16_t)page_capacity(class), .class = class};
    return page;
}

static void page_give(struct hd_page_index *index, struct hd_page *page)
{
    memcpy(page->slots, &index->free_pages[page->class], sizeof(struct hd_page *));
    index->free_pages[page->class] = page;
}

static struct hd_directory *directory_take(struct hd_page_index *index)
{
    struct hd_directory *directory = index->free_directories;
    if (directory != NULL) {
        index->free_directories = directory->entry[0];
        directory->entry[0] = NULL;
        return directory;
    }
    directory = hd_arena_take(index->arena, sizeof *directory, 64);
    memset(directory, 0, sizeof *directory);
    return directory;
}

/// The directory is empty, so all its entries are NULL but the link.
static void directory_give(struct hd_page_index *index, struct hd_directory *directory)
{
    directory->entry[0] = index->free_directories;
    index->free_directories = directory;
}

// ---------------------------------------------------------------------------- directories

static void directory_set(struct hd_directory *directory, unsigned i, void *entry)
{
    directory->entry[i] = entry;
    directory->bitmap[i / 64] |= UINT64_C(1) << i % 64;
    directory->summary |= UINT64_C(1) << i / 64;
}

static void directory_clear(struct hd_directory *directory, unsigned i)
{
    directory->entry[i] = NULL;
    directory->bitmap[i / 64] &= ~(UINT64_C(1) << i % 64);
    if (directory->bitmap[i / 64] == 0) directory->summary &= ~(UINT64_C(1) << i / 64);
}

/// The bits of `word` below bit `i`, and above it.
static uint64_t bits_below(uint64_t word, unsigned i) { return word & ((UINT64_C(1) << i) - 1); }
static uint64_t bits_above(uint64_t word, unsigned i) { return word & (UINT64_MAX << i << 1); }

static unsigned highest_bit(uint64_t word) { return 63 - (unsigned)__builtin_clzll(word); }
static unsigned lowest_bit(uint64_t word) { return (unsigned)__builtin_ctzll(word); }

/// The last entry before `i` (or, `i` = FANOUT, the very last), NULL when there is none.
static void *entry_below(const struct hd_directory *directory, unsigned i)
{
    unsigned word = i / 64;
    uint64_t bits = word < BITMAP ? bits_below(directory->bitmap[word], i % 64) : 0;
    if (bits == 0) {
        const uint64_t words = word < 64 ? bits_below(directory->summary, word) : directory->summary;
        if (words == 0) return NULL;
        word = highest_bit(words);
        bits = directory->bitmap[word];
    }
    return directory->entry[word * 64 + highest_bit(bits)];
}

/// The first entry after `i` (or, `i` = UINT_MAX, the very first), NULL when there is none.
static void *entry_above(const struct hd_directory *directory, unsigned i)
{
    unsigned word = i / 64;
    uint64_t bits = word < BITMAP ? bits_above(directory->bitmap[word], i % 64) : 0;
    if (bits == 0) {
        const uint64_t words = word < 64 ? bits_above(directory->summary, word) : directory->summary;
        if (words == 0) return NULL;
        word = lowest_bit(words);
        bits = directory->bitmap[word];
    }
    return directory->entry[word * 64 + lowest_bit(bits)];
}

/// The directories on the way to an address, as far as there are any.
struct path {
    struct hd_directory *directory[LEVELS];
    unsigned depth; // how many there are
    struct hd_page *page; // NULL: none
};

static struct path find_path(const struct hd_page_index *index, uintptr_t address)
{
    struct path path = {.directory = {index->root}, .depth = 1};
    while (path.depth < LEVELS) {
        const unsigned level = path.depth - 1;
        struct hd_directory *next = path.directory[level]->entry[digit(address, level)];
        if (next == NULL) return path;
        path.directory[path.depth++] = next;
    }
    path.page = path.directory[LEVELS - 1]->entry[digit(address, LEVELS - 1)];
    return path;
}

/// The nearest page before (or after) the one at `address`, NULL when there is none.
static const struct hd_page *page_beside(const struct path *path, uintptr_t address, bool before)
{
    void *entry = NULL;
    unsigned level = path->depth;
    while (entry == NULL && level-- > 0) {
        const unsigned i = digit(address, level);
        entry = before ? entry_below(path->directory[level], i)
                       : entry_above(path->directory[level], i);
    }
    if (entry == NULL) return NULL;
    while (++level < LEVELS) // down the near edge of what lies there
        entry = before ? entry_below(entry, FANOUT) : entry_above(entry, UINT32_MAX);
    return entry;
}

// ---------------------------------------------------------------------------- pages

/// How many blocks of the page start at or before `offset`.
static unsigned count_up_to(const struct hd_page *page, unsigned offset)
{
    const uint16_t *offsets = page_offsets(page);
    unsigned low = 0;
    unsigned length = page->count;
    while (length > 0) { // without a branch on what is compared
        const unsigned half = (length + 1) / 2;
        low = offsets[low + half - 1] <= offset ? low + half : low;
        length -= half;
    }
    return low;
}

static struct hd_page *page_grow(struct hd_page_index *index, struct hd_page *page)
{
    struct hd_page *bigger = page_take(index, page->class + 1);
    bigger->count = page->count;
    memcpy(bigger->slots, page->slots, page->count * sizeof page->slots[0]);
    memcpy(page_offsets(bigger), page_offsets(page), page->count * sizeof(uint16_t));
    page_give(index, page);
    return bigger;
}

static void page_insert(struct hd_page *page, unsigned offset, uint32_t slot)
{
    uint16_t *offsets = page_offsets(page);
    const unsigned at = count_up_to(page, offset);
    HD_ASSERT(at == 0 || offsets[at - 1] != offset);
    const unsigned after = page->count - at;
    memmove(page->slots + at + 1, page->slots + at, after * sizeof page->slots[0]);
    memmove(offsets + at + 1, offsets + at, after * sizeof offsets[0]);
    page->slots[at] = slot;
    offsets[at] = (uint16_t)offset;
    page->count++;
}

static void page_remove(struct hd_page *page, unsigned offset)
{
    uint16_t *offsets = page_offsets(page);
    const unsigned end = count_up_to(page, offset);
    HD_ASSERT(end > 0 && offsets[end - 1] == offset);
    const unsigned after = page->count - end;
    memmove(page->slots + end - 1, page->slots + end, after * sizeof page->slots[0]);
    memmove(offsets + end - 1, offsets + end, after * sizeof offsets[0]);
    page->count--;
}

// ---------------------------------------------------------------------------- the index

void hd_page_index_open(struct hd_page_index *index, struct hd_arena *arena)
{
    *index = (struct hd_page_index){.arena = arena};
    index->root = directory_take(index);
}

struct hd_neighbours hd_page_index_neighbours(const struct hd_page_index *index, uintptr_t address)
{
    HD_ASSERT(address < HD_ADDRESS_END);
    const struct path path = find_path(index, address);
    struct hd_neighbours found = {HD_NO_SLOT, HD_NO_SLOT};
    unsigned below = 0;
    unsigned count = 0;
    if (path.page != NULL) {
        below = count_up_to(path.page, offset_in_page(address));
        count = path.page->count;
    }
    if (below > 0) {
        found.below = path.page->slots[below - 1];
    } else {
        const struct hd_page *page = page_beside(&path, address, true);
        if (page != NULL) found.below = page->slots[page->count - 1];
    }
    if (below < count) {
        found.above = path.page->slots[below];
    } else {
        const struct hd_page *page = page_beside(&path, address, false);
        if (page != NULL) found.above = page->slots[0];
    }
    return found;
}

void hd_page_index_insert(struct hd_page_index *index, uintptr_t address, uint32_t slot)
{
    HD_ASSERT(address < HD_ADDRESS_END);
    struct path path = find_path(index, address);
    while (path.depth < LEVELS) {
        struct hd_directory *next = directory_take(index);
        directory_set(path.directory[path.depth - 1], digit(address, path.depth - 1), next);
        path.directory[path.depth++] = next;
    }
    if (path.page == NULL || path.page->count == path.page->capacity) {
        path.page = path.page == NULL ? page_take(index, 0) : page_grow(index, path.page);
        directory_set(path.directory[LEVELS - 1], digit(address, LEVELS - 1), path.page);
    }
    page_insert(path.page, offset_in_page(address), slot);
}

void hd_page_index_remove(struct hd_page_index *index, uintptr_t address)
{
    HD_ASSERT(address < HD_ADDRESS_END);
    const struct path path = find_path(index, address);
    HD_ASSERT(path.page != NULL);
    page_remove(path.page, offset_in_page(address));
    if (path.page->count > 0) return;

    page_give(index, path.page);
    for (unsigned level = LEVELS; level-- > 0;) {
        directory_clear(path.directory[level], digit(address, level));
        if (level == 0 || path.directory[level]->summary != 0) return;
        directory_give(index, path.directory[level]);
    }
}
