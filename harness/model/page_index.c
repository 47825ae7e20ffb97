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

#define NOT_LOOKED_UP UINTPTR_MAX // no page's number and no block's address

struct hd_directory {
    uint64_t summary;        // bit w: bitmap[w] is not 0
    uint64_t bitmap[BITMAP]; // bit i: entry[i] is not NULL
    void *entry[FANOUT];     // directories, or pages in the last level; the next free one in [0]
};

/// A page of class c is 64 << c bytes: this header, `capacity` offsets in rising order, and as many
/// slots. Offsets past `count` are NO_OFFSET, so that counting needs no end but a multiple of 8.
struct hd_page {
    uint16_t count;
    uint16_t capacity; // a multiple of COUNTED_AT_ONCE
    uint32_t class;
    int16_t offsets[];
};

#define PAGE_BYTES_MIN  ((size_t)64)
#define COUNTED_AT_ONCE 8
#define NO_OFFSET       INT16_MAX // past every offset in a page

static size_t page_capacity(unsigned class)
{
    const size_t entries = (PAGE_BYTES_MIN << class) - sizeof(struct hd_page);
    const size_t count = entries / (sizeof(int16_t) + sizeof(uint32_t));
    return count - count % COUNTED_AT_ONCE;
}

static uint32_t *page_slots(const struct hd_page *page)
{
    return (uint32_t *)(void *)(page->offsets + page->capacity);
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
        memcpy(&index->free_pages[class], page->offsets, sizeof page);
    else
        page = hd_arena_take(index->arena, PAGE_BYTES_MIN << class, PAGE_BYTES_MIN);
    *page = (struct hd_page){.capacity = (uint16_t)page_capacity(class), .class = class};
    for (unsigned i = 0; i < page->capacity; i++) page->offsets[i] = NO_OFFSET;
    return page;
}

/// The link to the next free page lies where its offsets were.
static void page_give(struct hd_page_index *index, struct hd_page *page)
{
    memcpy(page->offsets, &index->free_pages[page->class], sizeof page);
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
        const uint64_t words =
            word < 64 ? bits_below(directory->summary, word) : directory->summary;
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
        const uint64_t words =
            word < 64 ? bits_above(directory->summary, word) : directory->summary;
        if (words == 0) return NULL;
        word = lowest_bit(words);
        bits = directory->bitmap[word];
    }
    return directory->entry[word * 64 + lowest_bit(bits)];
}

/// The directories on the way to an address, as far as there are any.
struct hd_path {
    uintptr_t number;  // of the page it leads to
    uintptr_t address; // last looked up in that page, and how many blocks start up to it
    unsigned below;
    unsigned depth;   // how many directories there are
    struct hd_directory *directory[LEVELS];
    struct hd_page *page; // NULL: none
};

/// The path to an address, valid until the next one is asked for. The last one is remembered: what
/// is inserted was looked up just before, and allocators tend to stay where they are.
static struct hd_path *find_path(const struct hd_page_index *index, uintptr_t address)
{
    struct hd_path *path = index->last_path;
    if (path->number == address >> PAGE_BITS) return path;
    path->number = address >> PAGE_BITS;
    path->page = NULL;
    struct hd_directory *directory = index->root;
    for (path->depth = 1;; path->depth++) {
        path->directory[path->depth - 1] = directory;
        void *entry = directory->entry[digit(address, path->depth - 1)];
        if (path->depth == LEVELS) path->page = entry;
        if (path->depth == LEVELS || entry == NULL) return path;
        directory = entry;
    }
}

/// The nearest page before (or after) the one at `address`, NULL when there is none.
static const struct hd_page *page_beside(const struct hd_path *path, uintptr_t address, bool before)
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

/// Counts at once; the compiler makes it one vector instruction, or as many as the machine needs.
typedef int16_t counted __attribute__((vector_size(COUNTED_AT_ONCE * sizeof(int16_t))));

/// How many blocks of the page start at or before `offset`. Counting all is faster than searching:
/// no step waits for another.
static unsigned count_up_to(const struct hd_page *page, unsigned offset)
{
    counted count = {0};
    for (unsigned i = 0; i < page->count; i += COUNTED_AT_ONCE) {
        counted offsets;
        memcpy(&offsets, page->offsets + i, sizeof offsets);
        count -= offsets <= (int16_t)offset; // true is -1
    }
    unsigned sum = 0;
    for (unsigned i = 0; i < COUNTED_AT_ONCE; i++) sum += (unsigned)count[i];
    return sum;
}

static struct hd_page *page_grow(struct hd_page_index *index, struct hd_page *page)
{
    struct hd_page *bigger = page_take(index, page->class + 1);
    bigger->count = page->count;
    memcpy(bigger->offsets, page->offsets, page->count * sizeof page->offsets[0]);
    memcpy(page_slots(bigger), page_slots(page), page->count * sizeof(uint32_t));
    page_give(index, page);
    return bigger;
}

/// `at` blocks start before it.
static void page_insert(struct hd_page *page, unsigned at, unsigned offset, uint32_t slot)
{
    HD_ASSERT(at == 0 || page->offsets[at - 1] != (int16_t)offset);
    uint32_t *slots = page_slots(page);
    const unsigned after = page->count - at;
    memmove(page->offsets + at + 1, page->offsets + at, after * sizeof page->offsets[0]);
    memmove(slots + at + 1, slots + at, after * sizeof slots[0]);
    page->offsets[at] = (int16_t)offset;
    slots[at] = slot;
    page->count++;
}

/// `end` blocks start at or before it.
static void page_remove(struct hd_page *page, unsigned end, unsigned offset)
{
    HD_ASSERT(end > 0 && page->offsets[end - 1] == (int16_t)offset);
    uint32_t *slots = page_slots(page);
    const unsigned after = page->count - end;
    memmove(page->offsets + end - 1, page->offsets + end, after * sizeof page->offsets[0]);
    memmove(slots + end - 1, slots + end, after * sizeof slots[0]);
    page->offsets[--page->count] = NO_OFFSET;
}

// ---------------------------------------------------------------------------- the index

/// The path to an address, and how many blocks of its page start up to it: once for a look-up and
/// the insertion that follows.
static struct hd_path *look_up(const struct hd_page_index *index, uintptr_t address)
{
    struct hd_path *path = find_path(index, address);
    if (path->address == address) return path;
    path->address = address;
    path->below = path->page != NULL ? count_up_to(path->page, offset_in_page(address)) : 0;
    return path;
}

void hd_page_index_open(struct hd_page_index *index, struct hd_arena *arena)
{
    *index = (struct hd_page_index){.arena = arena};
    index->root = directory_take(index);
    index->last_path = hd_arena_take(arena, sizeof *index->last_path, 64);
    *index->last_path = (struct hd_path){.number = NOT_LOOKED_UP, .address = NOT_LOOKED_UP};
}

struct hd_neighbours hd_page_index_neighbours(const struct hd_page_index *index, uintptr_t address)
{
    HD_ASSERT(address < HD_ADDRESS_END);
    const struct hd_path *path = look_up(index, address);
    const struct hd_page *page = path->page;
    const unsigned below = path->below;
    struct hd_neighbours found = {HD_NO_SLOT, HD_NO_SLOT};
    if (below > 0) {
        found.below = page_slots(page)[below - 1];
    } else {
        const struct hd_page *before = page_beside(path, address, true);
        if (before != NULL) found.below = page_slots(before)[before->count - 1];
    }
    if (page != NULL && below < page->count) {
        found.above = page_slots(page)[below];
    } else {
        const struct hd_page *after = page_beside(path, address, false);
        if (after != NULL) found.above = page_slots(after)[0];
    }
    return found;
}

void hd_page_index_prefetch(const struct hd_page_index *index, uintptr_t address)
{
    const struct hd_directory *directory = index->root;
    for (unsigned level = 0; level < LEVELS - 1; level++) {
        directory = directory->entry[digit(address, level)];
        if (directory == NULL) return;
    }
    const void *page = directory->entry[digit(address, LEVELS - 1)];
    if (page == NULL) return;
    __builtin_prefetch(page);
    __builtin_prefetch((const uint8_t *)page + 64);
}

void hd_page_index_insert(struct hd_page_index *index, uintptr_t address, uint32_t slot)
{
    HD_ASSERT(address < HD_ADDRESS_END);
    struct hd_path *path = look_up(index, address);
    while (path->depth < LEVELS) {
        struct hd_directory *next = directory_take(index);
        directory_set(path->directory[path->depth - 1], digit(address, path->depth - 1), next);
        path->directory[path->depth++] = next;
    }
    if (path->page == NULL || path->page->count == path->page->capacity) {
        path->page = path->page == NULL ? page_take(index, 0) : page_grow(index, path->page);
        directory_set(path->directory[LEVELS - 1], digit(address, LEVELS - 1), path->page);
    }
    page_insert(path->page, path->below, offset_in_page(address), slot);
    path->address = NOT_LOOKED_UP;
}

void hd_page_index_remove(struct hd_page_index *index, uintptr_t address)
{
    HD_ASSERT(address < HD_ADDRESS_END);
    struct hd_path *path = look_up(index, address);
    HD_ASSERT(path->page != NULL);
    page_remove(path->page, path->below, offset_in_page(address));
    path->address = NOT_LOOKED_UP;
    if (path->page->count > 0) return;

    page_give(index, path->page);
    path->number = NOT_LOOKED_UP; // the page is gone, and perhaps directories with it
    for (unsigned level = LEVELS; level-- > 0;) {
        directory_clear(path->directory[level], digit(address, level));
        if (level == 0 || path->directory[level]->summary != 0) return;
        directory_give(index, path->directory[level]);
    }
}
