// SPDX-License-Identifier: MIT
/// test_oracles_place.c: where a block may lie: limits, overlap, usable, alignment.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/mman.h>

#include "tests/unit/judging.h"

#define MAX PTRDIFF_MAX
#define END HD_ADDRESS_END

static const struct hd_policy misaligning = {
    .misaligns = {.alignment_min = 256, .size_max = 1024}};
static const struct hd_policy plain;
static const struct hd_policy rounded = {.bad_alignment_served = true};

// ---------------------------------------------------------------------------- limits

static const struct {
    const char *name;
    struct hd_op op;
    size_t size;
    bool overflow;
    uintptr_t result;
    const struct hd_policy *policy;
    enum hd_verdict want;
    const char *place;
} limits_rows[] = {
    {"a block", {.kind = HD_OP_MALLOC}, 24, false, 0x1000, &plain, HD_HOLDS, ""},
    {"NULL for a size that can be", {.kind = HD_OP_MALLOC}, 24, false, 0, &plain, HD_NOT_JUDGED,
     ""},
    {"NULL for PTRDIFF_MAX", {.kind = HD_OP_MALLOC}, MAX, false, 0, &plain, HD_NOT_JUDGED, ""},
    {"NULL past PTRDIFF_MAX", {.kind = HD_OP_MALLOC}, (size_t)MAX + 1, false, 0, &plain, HD_HOLDS,
     ""},
    {"a block past PTRDIFF_MAX", {.kind = HD_OP_MALLOC}, (size_t)MAX + 1, false, 0x1000, &plain,
     HD_BROKEN, "past-ptrdiff-max"},
    {"a block of SIZE_MAX", {.kind = HD_OP_VALLOC}, SIZE_MAX, false, 0x1000, &plain, HD_BROKEN,
     "past-ptrdiff-max"},
    {"a block of PTRDIFF_MAX", {.kind = HD_OP_MALLOC}, MAX, false, 0x1000, &plain, HD_BROKEN,
     "outside-address-space"},
    {"NULL for a product that wraps", {.kind = HD_OP_CALLOC}, SIZE_MAX, true, 0, &plain, HD_HOLDS,
     ""},
    {"a block for a product that wraps", {.kind = HD_OP_CALLOC}, SIZE_MAX, true, 0x1000, &plain,
     HD_BROKEN, "product-overflows"},
    {"reallocarray, a product that wraps", {.kind = HD_OP_REALLOCARRAY}, SIZE_MAX, true, 0x1000,
     &plain, HD_BROKEN, "product-overflows"},
    {"ends with the address space", {.kind = HD_OP_MALLOC}, 16, false, END - 16, &plain, HD_HOLDS,
     ""},
    {"ends a byte past the address space", {.kind = HD_OP_MALLOC}, 17, false, END - 16, &plain,
     HD_BROKEN, "outside-address-space"},
    {"empty, on the last address", {.kind = HD_OP_MALLOC}, 0, false, END - 1, &plain, HD_HOLDS, ""},
    {"empty, past the last address", {.kind = HD_OP_MALLOC}, 0, false, END, &plain, HD_BROKEN,
     "outside-address-space"},
    {"on the highest address", {.kind = HD_OP_MALLOC}, 8, false, UINTPTR_MAX, &plain, HD_BROKEN,
     "outside-address-space"},

    {"aligned_alloc 1", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 1}, 8, false, 0x1000, &plain,
     HD_HOLDS, ""},
    {"aligned_alloc 0", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 0}, 8, false, 0x1000, &plain,
     HD_BROKEN, "bad-alignment"},
    {"aligned_alloc 0 refused", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 0}, 8, false, 0, &plain,
     HD_HOLDS, ""},
    {"aligned_alloc 48", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 48}, 8, false, 0x1000, &plain,
     HD_BROKEN, "bad-alignment"},
    {"aligned_alloc 48, rounded", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 48}, 8, false, 0x1000,
     &rounded, HD_HOLDS, ""},
    {"aligned_alloc 48, rounded, NULL", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 48}, 8, false, 0,
     &rounded, HD_NOT_JUDGED, ""},
    {"aligned_alloc 48, rounded, too large", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 48},
     (size_t)MAX + 1, false, 0x1000, &rounded, HD_BROKEN, "past-ptrdiff-max"},
    {"aligned_alloc 64, NULL", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 64}, 8, false, 0, &plain,
     HD_NOT_JUDGED, ""},
    {"posix_memalign 4", {.kind = HD_OP_POSIX_MEMALIGN, .extra = 4}, 8, false, 0x1000, &plain,
     HD_BROKEN, "bad-alignment"},
    {"posix_memalign 8", {.kind = HD_OP_POSIX_MEMALIGN, .extra = 8}, 8, false, 0x1000, &plain,
     HD_HOLDS, ""},
    {"posix_memalign 24", {.kind = HD_OP_POSIX_MEMALIGN, .extra = 24}, 8, false, 0x1000, &plain,
     HD_BROKEN, "bad-alignment"},
    {"posix_memalign 24, rounded says aligned_alloc alone",
     {.kind = HD_OP_POSIX_MEMALIGN, .extra = 24}, 8, false, 0x1000, &rounded, HD_BROKEN,
     "bad-alignment"},
    {"posix_memalign 4 refused", {.kind = HD_OP_POSIX_MEMALIGN, .extra = 4}, 8, false, 0, &plain,
     HD_HOLDS, ""},
    {"memalign 48 has no standard", {.kind = HD_OP_MEMALIGN, .extra = 48}, 8, false, 0x1000, &plain,
     HD_HOLDS, ""},
    {"calloc's count is no alignment", {.kind = HD_OP_CALLOC, .extra = 3}, 24, false, 0x1000,
     &plain, HD_HOLDS, ""},
};

static void limits(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(limits_rows); i++) {
        const struct hd_step step = {.op = &limits_rows[i].op,
                                     .policy = limits_rows[i].policy,
                                     .size = limits_rows[i].size,
                                     .overflow = limits_rows[i].overflow,
                                     .result = limits_rows[i].result};
        assert_judged(limits_rows[i].name, hd_oracle_limits.judge, NULL, &step,
                      limits_rows[i].want, limits_rows[i].place);
    }
}

static void limits_tells_alignments_by_their_function(void **state)
{
    (void)state;
    static const struct {
        enum hd_op_kind kind;
        uint64_t alignment;
        bool bad;
    } rows[] = {
        {HD_OP_ALIGNED_ALLOC, 0, true},   {HD_OP_ALIGNED_ALLOC, 1, false},
        {HD_OP_ALIGNED_ALLOC, 2, false},  {HD_OP_ALIGNED_ALLOC, 3, true},
        {HD_OP_ALIGNED_ALLOC, UINT64_C(1) << 63, false},
        {HD_OP_ALIGNED_ALLOC, UINT64_MAX, true},
        {HD_OP_POSIX_MEMALIGN, 0, true},  {HD_OP_POSIX_MEMALIGN, 1, true},
        {HD_OP_POSIX_MEMALIGN, 4, true},  {HD_OP_POSIX_MEMALIGN, 8, false},
        {HD_OP_POSIX_MEMALIGN, 16, false}, {HD_OP_POSIX_MEMALIGN, 24, true},
        {HD_OP_MEMALIGN, 0, false},       {HD_OP_MEMALIGN, 3, false},
        {HD_OP_CALLOC, 3, false},         {HD_OP_MALLOC, 0, false},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        const struct hd_op op = {.kind = (uint8_t)rows[i].kind, .extra = rows[i].alignment};
        assert_int_equal(hd_alignment_is_bad(&op), rows[i].bad);
    }
}

// ---------------------------------------------------------------------------- overlap

static const struct {
    const char *name;
    size_t size;
    uintptr_t result;
    struct hd_block below, above; // address 0: none
    bool untouchable;
    enum hd_verdict want;
} overlap_rows[] = {
    {"alone", 16, 0x1000, {0}, {0}, false, HD_HOLDS},
    {"NULL", 16, 0, {.address = 0x1000, .size = 1}, {0}, false, HD_NOT_JUDGED},
    {"rejected before", 16, 0x1000, {.address = 0x1000, .size = 1}, {0}, true, HD_NOT_JUDGED},
    {"begins where the one below ends", 16, 0x1000, {.address = 0xff0, .size = 16}, {0}, false,
     HD_HOLDS},
    {"begins long after it", 16, 0x1000, {.address = 0x100, .size = 16}, {0}, false, HD_HOLDS},
    {"begins on its last byte", 16, 0x1000, {.address = 0xff0, .size = 17}, {0}, false, HD_BROKEN},
    {"same address", 16, 0x1000, {.address = 0x1000, .size = 16}, {0}, false, HD_BROKEN},
    {"same address, that one empty", 16, 0x1000, {.address = 0x1000}, {0}, false, HD_BROKEN},
    {"same address, both empty", 0, 0x1000, {.address = 0x1000}, {0}, false, HD_BROKEN},
    {"a byte after an empty one", 16, 0x1000, {.address = 0xfff}, {0}, false, HD_HOLDS},
    {"empty, a byte after a block", 0, 0x1000, {.address = 0xff0, .size = 16}, {0}, false,
     HD_HOLDS},
    {"empty, on a block's last byte", 0, 0x1000, {.address = 0xff0, .size = 17}, {0}, false,
     HD_BROKEN},
    {"ends where the one above begins", 16, 0x1000, {0}, {.address = 0x1010, .size = 16}, false,
     HD_HOLDS},
    {"ends long before it", 16, 0x1000, {0}, {.address = 0x2000, .size = 16}, false, HD_HOLDS},
    {"last byte is its first", 17, 0x1000, {0}, {.address = 0x1010, .size = 16}, false, HD_BROKEN},
    {"its last byte lies on an empty one", 17, 0x1000, {0}, {.address = 0x1010}, false, HD_BROKEN},
    {"empty, a byte before one", 0, 0x1000, {0}, {.address = 0x1001, .size = 1}, false, HD_HOLDS},
    {"fits between two", 16, 0x1000, {.address = 0xff0, .size = 16},
     {.address = 0x1010, .size = 16}, false, HD_HOLDS},
    {"usable bytes are no matter here", 16, 0x1000, {.address = 0xff0, .size = 16, .usable = 99},
     {0}, false, HD_HOLDS},
    {"fits below, not above", 17, 0x1000, {.address = 0xff0, .size = 16},
     {.address = 0x1010, .size = 16}, false, HD_BROKEN},
};

static struct hd_step step_between(const struct hd_block *below, const struct hd_block *above)
{
    static const struct hd_op op = {.kind = HD_OP_MALLOC, .slot = 9};
    return (struct hd_step){.op = &op,
                            .policy = &plain,
                            .below = below->address != 0 ? below : NULL,
                            .above = above->address != 0 ? above : NULL,
                            .below_slot = 3,
                            .above_slot = 4};
}

static void overlap(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(overlap_rows); i++) {
        struct hd_step step = step_between(&overlap_rows[i].below, &overlap_rows[i].above);
        step.size = overlap_rows[i].size;
        step.result = overlap_rows[i].result;
        step.untouchable = overlap_rows[i].untouchable;
        assert_judged(overlap_rows[i].name, hd_oracle_overlap.judge, NULL, &step,
                      overlap_rows[i].want,
                      overlap_rows[i].want == HD_BROKEN ? "shares-bytes" : "");
    }
}

static void overlap_says_which_slot_and_how_many_bytes(void **state)
{
    (void)state;
    static const struct {
        size_t size;
        uintptr_t result;
        struct hd_block below, above;
        const char *evidence;
    } rows[] = {
        {32, 0x1008, {.address = 0x1000, .size = 24}, {0},
         "32 bytes at 0x1008 lie over live slot 3, 24 bytes at 0x1000: 16 shared"},
        {8, 0x1008, {.address = 0x1000, .size = 1000}, {0},
         "8 bytes at 0x1008 lie over live slot 3, 1000 bytes at 0x1000: 8 shared"},
        {100, 0x1000, {0}, {.address = 0x1060, .size = 64},
         "100 bytes at 0x1000 lie over live slot 4, 64 bytes at 0x1060: 4 shared"},
        {100, 0x1000, {0}, {.address = 0x1010, .size = 0},
         "100 bytes at 0x1000 lie over live slot 4, 0 bytes at 0x1010: 1 shared"},
        {0, 0x1000, {.address = 0x1000, .size = 0}, {0},
         "a block of no bytes at 0x1000 has the address of live slot 3, 0 bytes at 0x1000"},
        {0, 0x1008, {.address = 0x1000, .size = 24}, {0},
         "a block of no bytes at 0x1008 lies in live slot 3, 24 bytes at 0x1000"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct hd_step step = step_between(&rows[i].below, &rows[i].above);
        step.size = rows[i].size;
        step.result = rows[i].result;
        struct hd_finding finding;
        assert_int_equal(hd_oracle_overlap.judge(NULL, &step, &finding), HD_BROKEN);
        assert_string_equal(finding.evidence, rows[i].evidence);
    }
}

// ---------------------------------------------------------------------------- usable

static const struct {
    const char *name;
    size_t size, usable;
    uintptr_t result;
    struct hd_block below, above;
    bool unanswered, untouchable;
    enum hd_verdict want;
    const char *place;
} usable_rows[] = {
    {.name = "as much as asked", .size = 24, .usable = 24, .result = 0x1000, .want = HD_HOLDS},
    {.name = "more than asked", .size = 24, .usable = 32, .result = 0x1000, .want = HD_HOLDS},
    {.name = "a byte less", .size = 24, .usable = 23, .result = 0x1000, .want = HD_BROKEN,
     .place = "less-than-asked"},
    {.name = "nothing of nothing", .result = 0x1000, .want = HD_HOLDS},
    {.name = "no function to ask", .size = 24, .usable = 23, .result = 0x1000, .unanswered = true,
     .want = HD_NOT_JUDGED},
    {.name = "no block of its own", .size = 24, .usable = 23, .result = 0x1000,
     .untouchable = true, .want = HD_NOT_JUDGED},
    {.name = "up to the one above", .size = 8, .usable = 16, .result = 0x1000,
     .above = {.address = 0x1010, .size = 8}, .want = HD_HOLDS},
    {.name = "a byte of the one above", .size = 8, .usable = 17, .result = 0x1000,
     .above = {.address = 0x1010, .size = 8}, .want = HD_BROKEN, .place = "reaches-neighbour"},
    {.name = "up to the end", .size = 8, .usable = 16, .result = END - 16, .want = HD_HOLDS},
    {.name = "a byte past the end", .size = 8, .usable = 17, .result = END - 16,
     .want = HD_BROKEN, .place = "outside-address-space"},
    {.name = "SIZE_MAX", .size = 8, .usable = SIZE_MAX, .result = 0x1000, .want = HD_BROKEN,
     .place = "outside-address-space"},
    {.name = "after the usable bytes below", .size = 8, .usable = 8, .result = 0x1000,
     .below = {.address = 0xff0, .size = 8, .usable = 16}, .want = HD_HOLDS},
    {.name = "long after them", .size = 8, .usable = 8, .result = 0x1000,
     .below = {.address = 0x100, .size = 8, .usable = 16}, .want = HD_HOLDS},
    {.name = "in the usable bytes below", .size = 8, .usable = 8, .result = 0x1000,
     .below = {.address = 0xff0, .size = 8, .usable = 17}, .want = HD_BROKEN,
     .place = "given-away"},
};

static void usable_of_a_new_block(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(usable_rows); i++) {
        struct hd_step step = step_between(&usable_rows[i].below, &usable_rows[i].above);
        step.size = usable_rows[i].size;
        step.usable = usable_rows[i].usable;
        step.result = usable_rows[i].result;
        step.usable_answered = !usable_rows[i].unanswered;
        step.untouchable = usable_rows[i].untouchable;
        assert_judged(usable_rows[i].name, hd_oracle_usable.judge, NULL, &step,
                      usable_rows[i].want,
                      usable_rows[i].place != NULL ? usable_rows[i].place : "");
    }
}

static void usable_says_how_far_the_neighbour_is(void **state)
{
    (void)state;
    const struct hd_block above = {.address = 0x1010, .size = 8};
    struct hd_step step = step_between(&(struct hd_block){0}, &above);
    step.size = 8;
    step.usable = 17;
    step.usable_answered = true;
    step.result = 0x1000;
    struct hd_finding finding;
    assert_int_equal(hd_oracle_usable.judge(NULL, &step, &finding), HD_BROKEN);
    assert_string_equal(finding.evidence, "malloc_usable_size of 0x1000 says 17, but live slot 4 "
                                          "begins 16 bytes after it");
}

static void usable_asked_of_a_live_block(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t usable;
        uint32_t slot;
        enum hd_verdict want;
        const char *place;
    } rows[] = {
        {"as much as asked", 20, 0, HD_HOLDS, ""},
        {"a byte less", 19, 0, HD_BROKEN, "less-than-asked"},
        {"up to the next block", 64, 0, HD_HOLDS, ""},
        {"a byte of the next block", 65, 0, HD_BROKEN, "reaches-neighbour"},
        {"nothing above the last", 4096, 1, HD_HOLDS, ""},
        {"past the end of memory", END, 1, HD_BROKEN, "outside-address-space"},
    };
    static struct hd_model model;
    hd_model_open(&model);
    hd_model_reset(&model, 2);
    static uint8_t memory[256];
    hd_model_adopt(&model, 0, (uintptr_t)memory, 20, 24, 0, 1);
    hd_model_adopt(&model, 1, (uintptr_t)memory + 64, 20, 24, 0, 2);
    for (size_t i = 0; i < ROWS(rows); i++) {
        const struct hd_op op = {.kind = HD_OP_USABLE_SIZE, .slot = rows[i].slot};
        const struct hd_step step = {.op = &op,
                                     .policy = &plain,
                                     .before = *hd_model_block(&model, rows[i].slot),
                                     .usable = rows[i].usable,
                                     .usable_answered = true};
        assert_judged(rows[i].name, hd_oracle_usable.judge, &model, &step, rows[i].want,
                      rows[i].place);
    }
    hd_model_close(&model);
}

// ---------------------------------------------------------------------------- alignment

static const struct hd_policy at_least_16 = {.alignment_min = 16};
static const struct hd_policy at_least_4 = {.alignment_min = 4};
// Found by trying, of 1, 2-3, 4-7 and 8-15 bytes.
static const struct hd_policy found = {.choices.alignment = {8, 0, 32, 16}};
static const struct hd_policy found_less = {.alignment_min = 16, .choices.alignment = {8, 8, 8, 8}};

static const struct {
    const char *name;
    struct hd_op op;
    size_t size;
    uintptr_t result;
    const struct hd_policy *policy;
    enum hd_verdict want;
} alignment_rows[] = {
    {"NULL", {.kind = HD_OP_MALLOC}, 16, 0, &plain, HD_NOT_JUDGED},
    {"16 bytes on 16", {.kind = HD_OP_MALLOC}, 16, 0x1010, &plain, HD_HOLDS},
    {"16 bytes on 8", {.kind = HD_OP_MALLOC}, 16, 0x1008, &plain, HD_BROKEN},
    {"17 bytes on 8", {.kind = HD_OP_CALLOC}, 17, 0x1008, &plain, HD_BROKEN},
    {"1000 bytes on 16", {.kind = HD_OP_REALLOC}, 1000, 0x1010, &plain, HD_HOLDS},
    {"15 bytes on 8", {.kind = HD_OP_MALLOC}, 15, 0x1008, &plain, HD_HOLDS},
    {"15 bytes on 4", {.kind = HD_OP_MALLOC}, 15, 0x1004, &plain, HD_BROKEN},
    {"8 bytes on 8", {.kind = HD_OP_REALLOCARRAY}, 8, 0x1008, &plain, HD_HOLDS},
    {"8 bytes on 4", {.kind = HD_OP_REALLOCARRAY}, 8, 0x1004, &plain, HD_BROKEN},
    {"7 bytes on 4", {.kind = HD_OP_MALLOC}, 7, 0x1004, &plain, HD_HOLDS},
    {"1 byte anywhere", {.kind = HD_OP_MALLOC}, 1, 0x1001, &plain, HD_HOLDS},
    {"2 bytes on 1", {.kind = HD_OP_MALLOC}, 2, 0x1001, &plain, HD_BROKEN},
    {"no bytes anywhere", {.kind = HD_OP_MALLOC}, 0, 0x1001, &plain, HD_HOLDS},
    {"1 byte, 16 promised", {.kind = HD_OP_MALLOC}, 1, 0x1008, &at_least_16, HD_BROKEN},
    {"1 byte on the 16 promised", {.kind = HD_OP_MALLOC}, 1, 0x1010, &at_least_16, HD_HOLDS},
    {"no bytes, 16 promised", {.kind = HD_OP_REALLOC}, 0, 0x1008, &at_least_16, HD_BROKEN},
    {"a smaller promise takes nothing away", {.kind = HD_OP_MALLOC}, 16, 0x1008, &at_least_4,
     HD_BROKEN},
    {"1 byte on the 8 found", {.kind = HD_OP_MALLOC}, 1, 0x1008, &found, HD_HOLDS},
    {"1 byte, 8 found", {.kind = HD_OP_MALLOC}, 1, 0x1004, &found, HD_BROKEN},
    {"2 bytes, nothing found", {.kind = HD_OP_CALLOC}, 2, 0x1002, &found, HD_HOLDS},
    {"3 bytes, nothing found", {.kind = HD_OP_CALLOC}, 3, 0x1002, &found, HD_HOLDS},
    {"3 bytes, nothing found, on 1", {.kind = HD_OP_CALLOC}, 3, 0x1001, &found, HD_BROKEN},
    {"4 bytes, 32 found", {.kind = HD_OP_MALLOC}, 4, 0x1010, &found, HD_BROKEN},
    {"7 bytes, 32 found", {.kind = HD_OP_MALLOC}, 7, 0x1010, &found, HD_BROKEN},
    {"8 bytes, 16 found", {.kind = HD_OP_REALLOC}, 8, 0x1008, &found, HD_BROKEN},
    {"15 bytes, 16 found", {.kind = HD_OP_REALLOC}, 15, 0x1008, &found, HD_BROKEN},
    {"15 bytes on the 16 found", {.kind = HD_OP_REALLOC}, 15, 0x1010, &found, HD_HOLDS},
    {"16 bytes are of no range", {.kind = HD_OP_MALLOC}, 16, 0x1010, &found, HD_HOLDS},
    {"no bytes are of no range", {.kind = HD_OP_MALLOC}, 0, 0x1001, &found, HD_HOLDS},
    {"less found than promised", {.kind = HD_OP_MALLOC}, 4, 0x1008, &found_less, HD_BROKEN},
    {"what was found is not asked of aligned_alloc", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 1}, 4,
     0x1001, &found, HD_HOLDS},
    {"aligned_alloc 64 on 64", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 64}, 1, 0x1040, &plain,
     HD_HOLDS},
    {"aligned_alloc 64 on 32", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 64}, 1, 0x1020, &plain,
     HD_BROKEN},
    {"posix_memalign 8 on 8", {.kind = HD_OP_POSIX_MEMALIGN, .extra = 8}, 64, 0x1008, &plain,
     HD_HOLDS},
    {"posix_memalign 4096 on 2048", {.kind = HD_OP_POSIX_MEMALIGN, .extra = 4096}, 64, 0x1800,
     &plain, HD_BROKEN},
    {"memalign 32 on 16", {.kind = HD_OP_MEMALIGN, .extra = 32}, 64, 0x1010, &plain, HD_BROKEN},
    {"memalign 48 promises nothing", {.kind = HD_OP_MEMALIGN, .extra = 48}, 64, 0x1001, &plain,
     HD_NOT_JUDGED},
    {"memalign 0 promises nothing", {.kind = HD_OP_MEMALIGN, .extra = 0}, 64, 0x1001, &plain,
     HD_NOT_JUDGED},
    {"valloc on a page", {.kind = HD_OP_VALLOC}, 1, 0x2000, &plain, HD_HOLDS},
    {"valloc on half a page", {.kind = HD_OP_VALLOC}, 1, 0x2800, &plain, HD_BROKEN},
    {"valloc of no bytes", {.kind = HD_OP_VALLOC}, 0, 0x2008, &plain, HD_NOT_JUDGED},
    {"memalign of no bytes", {.kind = HD_OP_MEMALIGN, .extra = 64}, 0, 0x2008, &plain,
     HD_NOT_JUDGED},
    {"aligned_alloc of no bytes", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 64}, 0, 0x2008, &plain,
     HD_BROKEN},
    {"size as said to lose it", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 256}, 1024, 0x2080,
     &misaligning, HD_NOT_JUDGED},
    {"alignment is the size", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 256}, 256, 0x2080,
     &misaligning, HD_NOT_JUDGED},
    {"alignment larger than said, no larger than the size",
     {.kind = HD_OP_ALIGNED_ALLOC, .extra = 512}, 1024, 0x2080, &misaligning, HD_NOT_JUDGED},
    {"alignment larger than the size", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 512}, 256, 0x2080,
     &misaligning, HD_BROKEN},
    {"size larger than said", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 256}, 2048, 0x2080,
     &misaligning, HD_BROKEN},
    {"size no power of two", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 256}, 768, 0x2080,
     &misaligning, HD_BROKEN},
    {"alignment smaller than said", {.kind = HD_OP_ALIGNED_ALLOC, .extra = 128}, 256, 0x2040,
     &misaligning, HD_BROKEN},
};

static void alignment(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(alignment_rows); i++) {
        struct hd_step step = {.op = &alignment_rows[i].op,
                               .policy = alignment_rows[i].policy,
                               .size = alignment_rows[i].size,
                               .result = alignment_rows[i].result};
        const enum hd_verdict want = alignment_rows[i].want;
        assert_judged(alignment_rows[i].name, hd_oracle_alignment.judge, NULL, &step, want,
                      want == HD_BROKEN ? "misaligned" : "");
        step.untouchable = true;
        assert_judged(alignment_rows[i].name, hd_oracle_alignment.judge, NULL, &step,
                      HD_NOT_JUDGED, "");
    }
}

/// Whatever stands behind the table in memory.
static void alignments_are_found_of_tiny_blocks_alone(void **state)
{
    (void)state;
    struct hd_policy policy;
    memset(&policy, 32, sizeof policy);
    policy.alignment_min = 0;
    memset(&policy.misaligns, 0, sizeof policy.misaligns);
    const struct hd_op op = {.kind = HD_OP_MALLOC};
    struct hd_step step = {.op = &op, .policy = &policy, .size = 16, .result = 0x1010};
    memset(policy.choices.alignment, 0, sizeof policy.choices.alignment);
    assert_judged("16 bytes", hd_oracle_alignment.judge, NULL, &step, HD_HOLDS, "");
    step.size = 15;
    policy.choices.alignment[HD_TINY_RANGES - 1] = 32;
    assert_judged("15 bytes", hd_oracle_alignment.judge, NULL, &step, HD_BROKEN, "misaligned");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits),
        cmocka_unit_test(limits_tells_alignments_by_their_function),
        cmocka_unit_test(overlap),
        cmocka_unit_test(overlap_says_which_slot_and_how_many_bytes),
        cmocka_unit_test(usable_of_a_new_block),
        cmocka_unit_test(usable_says_how_far_the_neighbour_is),
        cmocka_unit_test(usable_asked_of_a_live_block),
        cmocka_unit_test(alignment),
        cmocka_unit_test(alignments_are_found_of_tiny_blocks_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
