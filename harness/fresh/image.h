// SPDX-License-Identifier: MIT
/// image.h: what memory held, to be put back.
///
/// A page is *hot* once it was found to be written: hot pages are copied back each time, as a copy
/// of a page costs less than to be told of a write to it. The others are *watched*, so that the
/// first write to them is seen; where the kernel cannot watch, all pages are hot that were
/// resident.
#ifndef HD_IMAGE_H
#define HD_IMAGE_H

#include "harness/base/arena.h"
#include "harness/fresh/pages.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HD_IMAGE_PARTS_MAX 64
#define HD_IMAGE_HOLES_MAX 16
#define HD_IMAGE_HOT_MAX   4096 // pages

#define HD_IMAGE_HOT  1 // the page is copied back each time
#define HD_IMAGE_HELD 2 // it held something when it was kept

enum hd_image_kind {
    HD_IMAGE_BYTES,      // in pages that others may have a part of
    HD_IMAGE_ANONYMOUS,  // whole pages; those not resident hold zeros
    HD_IMAGE_FILE_PAGES, // whole pages; those not resident hold what the file holds
    HD_IMAGE_SHARED,     // bytes to which others write too, between two runs
};

/// Some memory and what it held.
struct hd_image_part {
    uintptr_t start;
    uintptr_t end;
    uintptr_t copy;
    uint8_t *pages; // HD_IMAGE_HOT, _HELD for each; NULL: it is in no whole pages, and all hot
    bool watched;
    bool shared;
};

struct hd_image {
    struct hd_arena arena; // the copies
    struct hd_image_part parts[HD_IMAGE_PARTS_MAX];
    size_t part_count;
    struct hd_page_run holes[HD_IMAGE_HOLES_MAX]; // bytes that are never put back
    size_t hole_count;
    struct {
        uintptr_t to;
        uintptr_t from;
    } hot[HD_IMAGE_HOT_MAX];
    size_t hot_count;
    bool hot_more; // than there is room for: they are looked for in the parts
    bool hot_all;  // nobody can tell which pages were written: all is copied
    const struct hd_pages *pages;
    bool watches;   // else all is hot
    uint64_t times; // that it was put back
};

void hd_image_open(struct hd_image *image, const struct hd_pages *pages);
void hd_image_close(struct hd_image *image);

/// Bytes in [start, end) are left as they are by all that follows. pre: no part holds them yet.
/// False: too many.
HD_MUST_USE bool hd_image_leave_out(struct hd_image *image, uintptr_t start, uintptr_t end);

/// Keeps what the memory holds now. pre: readable, and writable when it is put back. Whole pages
/// may be watched. False: too many parts.
HD_MUST_USE bool hd_image_keep(struct hd_image *image, uintptr_t start, uintptr_t end,
                               enum hd_image_kind kind);

/// Before each run: what is shared (HD_IMAGE_SHARED) is kept as it is now.
void hd_image_keep_shared(struct hd_image *image);

/// From here on writes are told, where `watch`; else all is put back each time. Once more after a
/// fork, with files of its own.
void hd_image_watch(struct hd_image *image, bool watch);

/// The range may have lost what it held, unseen by who watches: what held something is put back
/// each time from now on.
void hd_image_heat_lost(struct hd_image *image, uintptr_t start, uintptr_t end);

/// All memory kept holds again what it held. Of what is shared only the lines (of 64 bytes) are
/// written that hold something else. False: the kernel would not tell.
HD_MUST_USE bool hd_image_put_back(struct hd_image *image);

#endif
