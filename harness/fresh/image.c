// SPDX-License-Identifier: MIT
/// image.c: hot pages copied, the others watched.
#include "harness/fresh/image.h"

// A part this small is hot as a whole: to ask about it costs more than to copy it.
#define SMALL ((uintptr_t)16 * HD_PAGE)

#define LINE 64 // bytes of what is shared, compared at once

// Pages that were written once and never again are copied each time. After so many times, or with
// so many hot ones, all are watched anew.
#define TIMES_HOT 128
#define HOT_MANY  512

void hd_image_open(struct hd_image *image, const struct hd_pages *pages)
{
    image->part_count = 0;
    image->hole_count = 0;
    image->hot_count = 0;
    image->hot_more = image->hot_all = false;
    image->pages = pages;
    image->watches = false;
    image->times = 0;
    hd_arena_open(&image->arena, (size_t)2 << 30);
}

void hd_image_close(struct hd_image *image)
{
    for (size_t i = 0; i < image->part_count; i++)
        if (image->parts[i].watched)
            hd_pages_unwatch(image->pages, image->parts[i].start, image->parts[i].end);
    hd_arena_close(&image->arena);
    image->part_count = 0;
}

bool hd_image_leave_out(struct hd_image *image, uintptr_t start, uintptr_t end)
{
    if (start == end) return true;
    if (image->hole_count == HD_IMAGE_HOLES_MAX) return false;
    image->holes[image->hole_count++] = (struct hd_page_run){start, end};
    return true;
}

// ---------------------------------------------------------------------------- copying

/// All but the holes.
static void copy_back(const struct hd_image *image, uintptr_t to, uintptr_t from, size_t size)
{
    const uintptr_t end = to + size;
    for (size_t i = 0; i < image->hole_count; i++) {
        const struct hd_page_run *hole = &image->holes[i];
        if (hole->start >= end || hole->end <= to) continue;
        if (hole->start > to) copy_back(image, to, from, hole->start - to);
        if (hole->end < end) copy_back(image, hole->end, from + (hole->end - to), end - hole->end);
        return;
    }
    hd_bytes_copy(to, from, size);
}

static void keep_run(void *context, struct hd_page_run run)
{
    const struct hd_image_part *part = context;
    const uintptr_t start = run.start > part->start ? run.start : part->start;
    const uintptr_t end = run.end < part->end ? run.end : part->end;
    hd_bytes_copy(part->copy + (start - part->start), start, end - start);
    if (part->pages == NULL) return;
    for (uintptr_t at = start; at < end; at += HD_PAGE)
        part->pages[(at - part->start) / HD_PAGE] = HD_IMAGE_HELD;
}

bool hd_image_keep(struct hd_image *image, uintptr_t start, uintptr_t end, enum hd_image_kind kind)
{
    if (start >= end) return true;
    if (image->part_count == HD_IMAGE_PARTS_MAX ||
        end - start > image->arena.reserved - image->arena.used - HD_PAGE)
        return false;
    struct hd_image_part *part = &image->parts[image->part_count++];
    *part = (struct hd_image_part){.start = start, .end = end, .shared = kind == HD_IMAGE_SHARED};
    part->copy = (uintptr_t)hd_arena_take(&image->arena, end - start, HD_PAGE);
    if (kind == HD_IMAGE_ANONYMOUS || kind == HD_IMAGE_FILE_PAGES)
        part->pages = hd_arena_take(&image->arena, (end - start) / HD_PAGE, 1);
    // A copy of what was never written is never written either: an arena's memory is zero.
    if (kind == HD_IMAGE_ANONYMOUS && hd_pages_can_list(image->pages))
        return hd_pages_list(image->pages, start, end, HD_PAGES_RESIDENT, keep_run, part);
    keep_run(part, (struct hd_page_run){start, end});
    return true;
}

void hd_image_keep_shared(struct hd_image *image)
{
    for (size_t i = 0; i < image->part_count; i++) {
        const struct hd_image_part *part = &image->parts[i];
        if (part->shared) hd_bytes_copy(part->copy, part->start, part->end - part->start);
    }
}

// ---------------------------------------------------------------------------- heat

static void heat_page(struct hd_image *image, const struct hd_image_part *part, uintptr_t page)
{
    uint8_t *state = &part->pages[(page - part->start) / HD_PAGE];
    if ((*state & HD_IMAGE_HOT) != 0) return;
    *state |= HD_IMAGE_HOT;
    if (image->hot_count == HD_IMAGE_HOT_MAX) {
        image->hot_more = true;
        return;
    }
    image->hot[image->hot_count].to = page;
    image->hot[image->hot_count].from = part->copy + (page - part->start);
    image->hot_count++;
}

/// The pages in [start, end) that have all of `state`; 0: each.
static void heat_part(struct hd_image *image, const struct hd_image_part *part, uintptr_t start,
                      uintptr_t end, uint8_t state)
{
    if (part->pages == NULL) return;
    uintptr_t at = hd_page_of(start > part->start ? start : part->start);
    for (; at < end && at < part->end; at += HD_PAGE)
        if ((part->pages[(at - part->start) / HD_PAGE] & state) == state)
            heat_page(image, part, at);
}

void hd_image_heat_lost(struct hd_image *image, uintptr_t start, uintptr_t end)
{
    for (size_t i = 0; i < image->part_count; i++)
        heat_part(image, &image->parts[i], start, end, HD_IMAGE_HELD);
}

struct heating {
    struct hd_image *image;
    const struct hd_image_part *part;
};

static void heat_run(void *context, struct hd_page_run run)
{
    const struct heating *heating = context;
    heat_part(heating->image, heating->part, run.start, run.end, 0);
}

static void cool(struct hd_image *image)
{
    image->hot_count = 0;
    image->hot_more = image->hot_all = false;
    for (size_t i = 0; i < image->part_count; i++) {
        const struct hd_image_part *part = &image->parts[i];
        for (size_t page = 0; part->pages != NULL && page < (part->end - part->start) / HD_PAGE;
             page++)
            part->pages[page] &= HD_IMAGE_HELD;
    }
}

void hd_image_watch(struct hd_image *image, bool watch)
{
    cool(image);
    image->watches = watch && hd_pages_can_watch(image->pages);
    for (size_t i = 0; i < image->part_count; i++) {
        struct hd_image_part *part = &image->parts[i];
        if (part->pages == NULL) continue;
        part->watched = image->watches && part->end - part->start > SMALL &&
                        hd_pages_watch(image->pages, part->start, part->end);
        if (part->watched) continue;
        struct heating heating = {image, part};
        // Without watching, what is resident at the end of a run may have been written in it.
        if (part->end - part->start <= SMALL)
            heat_part(image, part, part->start, part->end, 0);
        else if (!hd_pages_can_list(image->pages))
            image->hot_all = true;
        else if (!hd_pages_list(image->pages, part->start, part->end, HD_PAGES_RESIDENT, heat_run,
                                &heating))
            image->hot_all = true;
    }
}

// ---------------------------------------------------------------------------- putting back

static bool heat_written(struct hd_image *image)
{
    for (size_t i = 0; i < image->part_count; i++) {
        struct heating heating = {image, &image->parts[i]};
        const struct hd_image_part *part = heating.part;
        if (part->pages == NULL || part->end - part->start <= SMALL) continue;
        const enum hd_pages_kind kind = part->watched ? HD_PAGES_WRITTEN : HD_PAGES_RESIDENT;
        if (!hd_pages_can_list(image->pages))
            image->hot_all = true;
        else if (!hd_pages_list(image->pages, part->start, part->end, kind, heat_run, &heating))
            return false;
    }
    return true;
}

static void copy_hot(const struct hd_image *image, const struct hd_image_part *part)
{
    for (uintptr_t at = part->start; at < part->end; at += HD_PAGE)
        if ((part->pages[(at - part->start) / HD_PAGE] & HD_IMAGE_HOT) != 0)
            copy_back(image, at, part->copy + (at - part->start), HD_PAGE);
}

static bool lines_differ(uintptr_t one, uintptr_t other)
{
    uint64_t any = 0;
    for (size_t i = 0; i < LINE; i += sizeof any)
        any |= *(const uint64_t *)(one + i) ^ *(const uint64_t *)(other + i);
    return any != 0;
}

/// Only the lines that the run changed: another thread may write to others meanwhile.
static void copy_changed(const struct hd_image *image, const struct hd_image_part *part)
{
    const size_t size = part->end - part->start;
    for (size_t at = 0; at < size; at += LINE) {
        const size_t length = size - at < LINE ? size - at : LINE;
        if (length < LINE || lines_differ(part->start + at, part->copy + at))
            copy_back(image, part->start + at, part->copy + at, length);
    }
}

bool hd_image_put_back(struct hd_image *image)
{
    if (!heat_written(image)) return false;
    for (size_t i = 0; i < image->part_count; i++) {
        const struct hd_image_part *part = &image->parts[i];
        if (part->shared)
            copy_changed(image, part);
        else if (part->pages == NULL || image->hot_all)
            copy_back(image, part->start, part->copy, part->end - part->start);
        else if (image->hot_more)
            copy_hot(image, part);
    }
    const bool listed = !image->hot_all && !image->hot_more;
    for (size_t i = 0; i < image->hot_count && listed; i++)
        copy_back(image, image->hot[i].to, image->hot[i].from, HD_PAGE);
    const bool anew = ++image->times % TIMES_HOT == 0 || image->hot_count > HOT_MANY;
    if (image->watches && anew) hd_image_watch(image, true);
    return true;
}
