// SPDX-License-Identifier: MIT
/// two_level.c: two-level segregated fit, as TLSF does it: each request in a few steps.
///
///     region   | struct region | header | payload | header | payload | ... | header: the end |
///
/// A header has the payload's size, whether it is free, and which block lies below; a free payload
/// begins with the links of its list. What is freed joins with its free neighbours at once.
///
/// Free blocks are in lists by size: the first level is the size's highest bit, the second the five
/// bits behind it. A bitmap says which lists hold a block:
///
///     first_map          ...  0    1    1    0      a bit a power of two
///                                  |    '---------> second_map[1]: 32 ranges of 512 to 1023 bytes
///                                  '--------------> second_map[2]: 32 ranges of 1024 to 2047
///
/// below 512 bytes a list has one size. A request is rounded up to the next range, so that any
/// block of the list that the bitmaps find is large enough (M. Masmano et al., TLSF, ECRTS 2004).
///
/// Regions are mapped as they are needed, and unmapped when nothing lives in them; one of the least
/// size is kept.
#include "allocators/small/small.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>

#define UNIT         16 // sizes and addresses are multiples of it
#define SECOND_BITS  5
#define SECONDS      (1U << SECOND_BITS)
#define SMALL_BITS   9  // below 1 << this a list has one size
#define SIZE_BITS    46 // a free block is smaller than 1 << this
#define FIRSTS       (SIZE_BITS - SMALL_BITS + 1)
#define REQUEST_MOST ((size_t)1 << (SIZE_BITS - 2)) // of size, and of alignment
#define REGION_LEAST ((size_t)256 << 10)
#define FREE         ((size_t)1)

_Static_assert((1U << SMALL_BITS) / SECONDS == UNIT, "a list for each small size");

struct block {
    struct block *below;   // NULL: the region's first
    size_t size_and_state; // of the payload; FREE
    struct block *next;    // from here on payload: links of a free block
    struct block *previous;
};

#define HEADER offsetof(struct block, next)
_Static_assert(HEADER == UNIT, "payloads are aligned");

struct region {
    struct region *next;
    struct region *previous;
    size_t length; // of the mapping
    size_t unused;
};
_Static_assert(sizeof(struct region) % UNIT == 0, "so is the first block");

static uint64_t first_map;
static uint32_t second_map[FIRSTS];
static struct block *lists[FIRSTS][SECONDS];
static struct region *regions;
static struct region *kept; // of the least length, empty or not; NULL: none

static size_t size_of(const struct block *block)
{
    return block->size_and_state & ~FREE;
}
static bool is_free(const struct block *block)
{
    return (block->size_and_state & FREE) != 0;
}
static void *payload_of(struct block *block)
{
    return &block->next;
}

static struct block *block_of(const void *payload)
{
    return (struct block *)((uintptr_t)payload - HEADER);
}

static struct block *above(struct block *block)
{
    return (struct block *)((unsigned char *)payload_of(block) + size_of(block));
}

static size_t round_up(size_t size, size_t unit)
{
    return (size + unit - 1) & ~(unit - 1);
}

// ---------------------------------------------------------------------------- lists

struct place {
    unsigned first;
    unsigned second;
};

/// The list of a free block of that size.
static struct place place_of(size_t size)
{
    if (size >> SMALL_BITS == 0) return (struct place){.second = (unsigned)(size / UNIT)};
    const unsigned highest = 63 - (unsigned)__builtin_clzl(size);
    return (struct place){.first = highest - SMALL_BITS + 1,
                          .second = (unsigned)(size >> (highest - SECOND_BITS)) - SECONDS};
}

static void insert(struct block *block)
{
    const struct place place = place_of(size_of(block));
    struct block **head = &lists[place.first][place.second];
    block->size_and_state |= FREE;
    block->next = *head;
    block->previous = NULL;
    if (*head != NULL) (*head)->previous = block;
    *head = block;
    second_map[place.first] |= 1U << place.second;
    first_map |= UINT64_C(1) << place.first;
}

static void take_out(struct block *block)
{
    const struct place place = place_of(size_of(block));
    block->size_and_state &= ~FREE;
    if (block->next != NULL) block->next->previous = block->previous;
    if (block->previous != NULL) {
        block->previous->next = block->next;
        return;
    }
    lists[place.first][place.second] = block->next;
    if (block->next != NULL) return;
    second_map[place.first] &= ~(1U << place.second);
    if (second_map[place.first] == 0) first_map &= ~(UINT64_C(1) << place.first);
}

/// A free block of at least `size` bytes, out of its list; NULL: there is none in the lists of
/// which all are large enough.
static struct block *find(size_t size)
{
    if (size >> SMALL_BITS != 0) // to the beginning of the next range
        size += ((size_t)1 << (63 - (unsigned)__builtin_clzl(size) - SECOND_BITS)) - 1;
    struct place place = place_of(size);
    uint32_t seconds = second_map[place.first] & (UINT32_MAX << place.second);
    if (seconds == 0) {
        const uint64_t firsts = first_map & (UINT64_MAX << place.first << 1);
        if (firsts == 0) return NULL;
        place.first = (unsigned)__builtin_ctzl(firsts);
        seconds = second_map[place.first];
    }
    struct block *block = lists[place.first][__builtin_ctz(seconds)];
    take_out(block);
    return block;
}

// ---------------------------------------------------------------------------- regions

static struct block *first_of(struct region *region)
{
    return (struct block *)(region + 1);
}

static bool is_end(const struct block *block)
{
    return size_of(block) == 0;
}

static bool is_empty(struct region *region)
{
    struct block *first = first_of(region);
    return is_free(first) && is_end(above(first));
}

/// A new region's only block, in no list; NULL: the kernel refuses.
static struct block *grow(size_t size)
{
    size_t length = round_up(sizeof(struct region) + HEADER + size + HEADER, 4096);
    if (length < REGION_LEAST) length = REGION_LEAST;
    struct region *region =
        mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (region == MAP_FAILED) return NULL;
    *region = (struct region){.next = regions, .length = length};
    if (regions != NULL) regions->previous = region;
    regions = region;

    struct block *block = first_of(region);
    block->size_and_state = length - sizeof *region - 2 * HEADER; // below is NULL, as all is 0
    above(block)->below = block;
    return block;
}

/// True: it is unmapped. False: the kernel refuses, and the region is as it was.
static bool give_back(struct region *region)
{
    const struct region old = *region;
    const int before = errno;
    const bool done = munmap(region, old.length) == 0;
    errno = before;
    if (!done) return false;
    if (old.next != NULL) old.next->previous = old.previous;
    *(old.previous != NULL ? &old.previous->next : &regions) = old.next;
    return true;
}

/// The block is all of its region and free. To be unmapped but where it is to be kept.
static bool is_to_go(struct region *region)
{
    if (region->length > REGION_LEAST) return true;
    const bool enough = kept != NULL && kept != region && is_empty(kept);
    if (!enough) kept = region;
    return enough;
}

// ---------------------------------------------------------------------------- blocks

/// Makes one block of two, `block` and the one above, neither in a list.
static void join(struct block *block)
{
    block->size_and_state += HEADER + size_of(above(block));
    above(block)->below = block;
}

/// Cuts the block behind `size` bytes; what lies above is a block of its own then, in no list.
static struct block *cut(struct block *block, size_t size)
{
    struct block *rest = (struct block *)((unsigned char *)payload_of(block) + size);
    rest->below = block;
    rest->size_and_state = size_of(block) - size - HEADER;
    above(rest)->below = rest;
    block->size_and_state = size;
    return rest;
}

/// Puts a block that nobody holds with its free neighbours into a list, or back to the kernel.
static void put_back(struct block *block)
{
    if (is_free(above(block))) {
        take_out(above(block));
        join(block);
    }
    if (block->below != NULL && is_free(block->below)) {
        block = block->below;
        take_out(block);
        join(block);
    }
    const bool whole = block->below == NULL && is_end(above(block));
    struct region *region = whole ? (struct region *)block - 1 : NULL;
    if (whole && is_to_go(region) && give_back(region)) return;
    insert(block);
}

/// Gives back what a live block has beyond `size`, where that is enough for a block.
static void trim(struct block *block, size_t size)
{
    if (size_of(block) - size >= HEADER + UNIT) put_back(cut(block, size));
}

/// What a payload of `size` bytes takes. pre: size <= REQUEST_MOST.
static size_t taken(size_t size)
{
    return size != 0 ? round_up(size, UNIT) : UNIT;
}

/// Moves the block's beginning up to where its payload is aligned; what lies before it is free.
static struct block *align(struct block *block, size_t alignment)
{
    const uintptr_t start = (uintptr_t)payload_of(block);
    size_t gap = round_up(start, alignment) - start;
    if (gap == 0) return block;
    if (gap < HEADER + UNIT) gap += alignment;
    struct block *aligned = cut(block, gap - HEADER);
    put_back(block);
    return aligned;
}

void *small_allocate(size_t alignment, size_t size)
{
    if (size > REQUEST_MOST || alignment > REQUEST_MOST) return small_no_memory();
    const size_t need = taken(size);
    if (alignment < UNIT) alignment = UNIT;
    const size_t sought = alignment == UNIT ? need : need + alignment + HEADER + UNIT;
    struct block *block = find(sought);
    if (block == NULL) block = grow(sought);
    if (block == NULL) return small_no_memory();
    block = align(block, alignment);
    trim(block, need);
    return payload_of(block);
}

void small_release(void *payload)
{
    put_back(block_of(payload));
}

size_t small_usable(const void *payload)
{
    return size_of(block_of(payload));
}

/// Smaller always; larger where what lies above is free and enough.
bool small_resize(void *payload, size_t size)
{
    struct block *block = block_of(payload);
    if (size > REQUEST_MOST) return false;
    const size_t need = taken(size);
    if (need > size_of(block)) {
        struct block *next = above(block);
        if (!is_free(next) || need > size_of(block) + HEADER + size_of(next)) return false;
        take_out(next);
        join(block);
    }
    trim(block, need);
    return true;
}

// ---------------------------------------------------------------------------- for heapduel

static bool region_is_sound(struct region *region, size_t *free_count)
{
    const uintptr_t end = (uintptr_t)region + region->length - HEADER;
    struct block *below = NULL;
    struct block *block = first_of(region);
    for (; (uintptr_t)block < end; below = block, block = above(block)) {
        if (block->below != below || size_of(block) == 0 || size_of(block) % UNIT != 0)
            return false;
        if (is_free(block) && below != NULL && is_free(below)) return false;
        *free_count += is_free(block);
    }
    return (uintptr_t)block == end && block->below == below && block->size_and_state == 0;
}

static bool list_is_sound(unsigned first, unsigned second, size_t *count, size_t most)
{
    const struct block *previous = NULL;
    for (const struct block *block = lists[first][second]; block != NULL; block = block->next) {
        const struct place place = place_of(size_of(block));
        if (!is_free(block) || block->previous != previous) return false;
        if (place.first != first || place.second != second || ++*count > most) return false;
        previous = block;
    }
    const bool marked = (second_map[first] >> second & 1) != 0;
    return marked == (lists[first][second] != NULL);
}

/// Blocks cover the regions, no two free ones touch, each is in its list, and the bitmaps are
/// right.
SMALL_EXPORT bool heapduel_consistent(void)
{
    size_t free_count = 0;
    size_t listed = 0;
    for (struct region *region = regions; region != NULL; region = region->next)
        if (!region_is_sound(region, &free_count)) return false;
    for (unsigned first = 0; first < FIRSTS; first++) {
        if ((second_map[first] != 0) != ((first_map >> first & 1) != 0)) return false;
        for (unsigned second = 0; second < SECONDS; second++)
            if (!list_is_sound(first, second, &listed, free_count)) return false;
    }
    return listed == free_count;
}
