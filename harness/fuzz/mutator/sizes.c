// SPDX-License-Identifier: MIT
/// sizes.c: numbers at which allocators change their mind.
#include "harness/fuzz/mutator/sizes.h"

#include "harness/base/page.h"

#define MMAP_THRESHOLD ((uint64_t)128 << 10) // glibc's M_MMAP_THRESHOLD, and many others'

/// `middle` moved by one of the steps by which allocators differ in headers and rounding.
static uint64_t around(uint64_t middle, uint64_t *random)
{
    static const int8_t steps[] = {0, 0, 0, 1, -1, 8, -8, 16, -16, -24, -32, 2, -2, -7, -9, 15};
    const int64_t step = steps[hd_random_below(random, sizeof steps)];
    if (step < 0 && middle < (uint64_t)-step) return 0;
    return middle + (uint64_t)step;
}

static uint64_t small(struct hd_draft *draft)
{
    return hd_draft_below(draft, 129);
}

/// jemalloc's classes, and those of many after it: four a doubling, from 16 bytes to 16 MiB.
static uint64_t class_edge(struct hd_draft *draft)
{
    const uint64_t quarter = UINT64_C(4) << hd_draft_below(draft, 20);
    const uint64_t edge = quarter * (4 + hd_draft_below(draft, 4));
    return edge - 1 + hd_draft_below(draft, 3);
}

/// A power of two, header and all, is what buddies and bins of glibc's kind hold.
static uint64_t power_less_header(struct hd_draft *draft)
{
    return around(UINT64_C(16) << hd_draft_below(draft, 17), &draft->random);
}

static uint64_t pages(struct hd_draft *draft)
{
    return around(hd_random_few(&draft->random, 512) * HD_PAGE, &draft->random);
}

static uint64_t mmap_threshold(struct hd_draft *draft)
{
    static const uint64_t headers[] = {0, 0, 8, 16, 24, 32, 4096};
    const uint64_t header = headers[hd_draft_below(draft, sizeof headers / sizeof headers[0])];
    const uint64_t threshold = hd_random_once_in(&draft->random, 4)
                                   ? MMAP_THRESHOLD >> hd_draft_below(draft, 5)
                                   : MMAP_THRESHOLD;
    const uint64_t size =
        hd_random_once_in(&draft->random, 2) ? threshold - header : threshold + header;
    return size - 1 + hd_draft_below(draft, 3);
}

/// One that the trace asks for, or nearly.
static uint64_t of_the_trace(struct hd_draft *draft)
{
    const size_t at = hd_draft_any_with(draft, HD_SIZE);
    if (at == draft->count) return small(draft);
    const uint64_t size = draft->ops[at].size;
    return hd_random_once_in(&draft->random, 2) ? size : hd_sizes_near(size, &draft->random);
}

/// No object can be as large as these.
static uint64_t impossible(struct hd_draft *draft)
{
    const uint64_t step = hd_random_few(&draft->random, 8192) - 1;
    if (hd_random_once_in(&draft->random, 3)) return (uint64_t)INT64_MAX - 32 + step;
    return UINT64_MAX - step;
}

static const struct {
    uint64_t (*draw)(struct hd_draft *draft);
    unsigned share; // of 32
} families[] = {
    {small, 8},          {class_edge, 6}, {power_less_header, 4}, {of_the_trace, 7},
    {mmap_threshold, 3}, {pages, 2},      {impossible, 2},
};

uint64_t hd_sizes_any(struct hd_draft *draft)
{
    uint64_t left = hd_draft_below(draft, 32);
    size_t i = 0;
    for (; left >= families[i].share; i++)
        left -= families[i].share;
    return families[i].draw(draft);
}

uint64_t hd_sizes_large(struct hd_draft *draft)
{
    switch (hd_draft_below(draft, 4)) {
    case 0: return around(HD_PAGE << hd_draft_below(draft, 12), &draft->random);
    case 1: return mmap_threshold(draft);
    default: return pages(draft) + 2 * HD_PAGE;
    }
}

uint64_t hd_sizes_near(uint64_t size, uint64_t *random)
{
    static const uint8_t steps[] = {1, 8, 16};
    const uint64_t step = steps[hd_random_below(random, sizeof steps)];
    switch (hd_random_below(random, 8)) {
    case 0: return size / 2;
    case 1: return size > UINT64_MAX / 2 ? UINT64_MAX : size * 2;
    case 2:
    case 3:
    case 4: return size < step ? 0 : size - step;
    default: return size > UINT64_MAX - step ? UINT64_MAX : size + step;
    }
}

uint64_t hd_sizes_alignment(struct hd_draft *draft)
{
    if (hd_random_once_in(&draft->random, 8)) return hd_draft_below(draft, 100); // 0, 3, 24, ...
    if (hd_random_once_in(&draft->random, 16)) return UINT64_C(1) << hd_draft_below(draft, 64);
    return UINT64_C(1) << hd_draft_below(draft, 15);
}

struct hd_factors hd_sizes_overflow(struct hd_draft *draft)
{
    const bool root = hd_random_once_in(&draft->random, 3);
    uint64_t small_one = root ? UINT64_C(1) << 32 : 2 + hd_random_few(&draft->random, 4096);
    if (!root && hd_random_once_in(&draft->random, 2)) // a power divides: the product wraps to 0
        small_one = UINT64_C(2) << hd_draft_below(draft, 30);
    // The least factor with which it overflows, and a little more: the wrapped product is small.
    const uint64_t least = UINT64_MAX / small_one + 1;
    const uint64_t more = hd_random_once_in(&draft->random, 2) ? 0 : hd_draft_below(draft, 64);
    const uint64_t other = hd_random_once_in(&draft->random, 8) ? least - 1 : least + more;
    return hd_random_once_in(&draft->random, 2) ? (struct hd_factors){small_one, other}
                                                : (struct hd_factors){other, small_one};
}

uint64_t hd_sizes_wrapping(struct hd_draft *draft, uint64_t added)
{
    const uint64_t header = hd_random_few(&draft->random, 64) - 1;
    const uint64_t rest = added > 1 ? hd_draft_below(draft, added < 4096 ? added : 4096) : 0;
    return UINT64_MAX - (hd_random_once_in(&draft->random, 2) ? header : rest);
}

static uint64_t count_of_elements(struct hd_draft *draft)
{
    return hd_random_once_in(&draft->random, 8) ? hd_sizes_any(draft) : hd_draft_below(draft, 17);
}

void hd_sizes_fill(struct hd_draft *draft, struct hd_op *op)
{
    const unsigned operands = hd_op_infos[op->kind].operands;
    op->size = op->extra = 0;
    if (operands & HD_SIZE) op->size = hd_sizes_any(draft);
    if (operands & HD_TIMES)
        op->size = hd_random_few(&draft->random, hd_random_once_in(&draft->random, 4) ? 64 : 4);
    if (operands & HD_DELTA) {
        op->size = hd_random_few(&draft->random, 64) * (HD_PAGE / 2) +
                   (hd_random_once_in(&draft->random, 4) ? hd_draft_below(draft, 64) : 0);
        if (hd_random_once_in(&draft->random, 3)) op->size = -op->size;
    }
    if (operands & HD_COUNT) op->extra = count_of_elements(draft);
    if (operands & HD_ALIGNMENT) op->extra = hd_sizes_alignment(draft);
    if (operands & HD_SYSCALL) op->extra = hd_draft_below(draft, HD_REFUSABLES);
}
