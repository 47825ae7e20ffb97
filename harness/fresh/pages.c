// SPDX-License-Identifier: MIT
/// pages.c: the kernel's interfaces, which Debian 12's headers lack.
#include "harness/fresh/pages.h"

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// linux/userfaultfd.h from 6.7 on.
#define FEATURE_WP_UNPOPULATED (1 << 13)
#define FEATURE_WP_ASYNC       (1 << 15)
#define USER_MODE_ONLY         1

// linux/fs.h from 6.7 on.
#define PAGE_IS_WRITTEN ((uint64_t)1 << 1)
#define PAGE_IS_PRESENT ((uint64_t)1 << 3)
#define PAGE_IS_SWAPPED ((uint64_t)1 << 4)
#define PAGE_IS_PFNZERO ((uint64_t)1 << 5)

struct scan_region {
    uint64_t start;
    uint64_t end;
    uint64_t categories;
};

struct scan {
    uint64_t size;
    uint64_t flags;
    uint64_t start;
    uint64_t end;
    uint64_t walk_end; // told: how far it came
    uint64_t vec;
    uint64_t vec_len;
    uint64_t max_pages;
    uint64_t category_inverted;
    uint64_t category_mask;
    uint64_t category_anyof_mask;
    uint64_t return_mask;
};

#define SCAN _IOWR('f', 16, struct scan)
#define RUNS 128

static int open_faults(void)
{
    const int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | USER_MODE_ONLY);
    if (fd < 0) return -1;
    struct uffdio_api api = {.api = UFFD_API,
                             .features = FEATURE_WP_ASYNC | FEATURE_WP_UNPOPULATED};
    if (ioctl(fd, UFFDIO_API, &api) == 0) return fd;
    (void)close(fd);
    return -1;
}

bool hd_pages_hidden;

static void open_pagemap(struct hd_pages *pages, const char *path)
{
    *pages = (struct hd_pages){.pagemap = -1, .faults = -1};
    if (hd_pages_hidden) return;
    pages->pagemap = open(path, O_RDONLY | O_CLOEXEC);
    struct scan nothing = {
        .size = sizeof nothing, .category_mask = PAGE_IS_PRESENT, .return_mask = PAGE_IS_PRESENT};
    if (pages->pagemap >= 0 && ioctl(pages->pagemap, SCAN, &nothing) < 0) {
        (void)close(pages->pagemap);
        pages->pagemap = -1;
    }
}

void hd_pages_open(struct hd_pages *pages)
{
    open_pagemap(pages, "/proc/self/pagemap");
    if (pages->pagemap >= 0) pages->faults = open_faults();
}

void hd_pages_open_of(struct hd_pages *pages, pid_t process)
{
    char path[32];
    (void)snprintf(path, sizeof path, "/proc/%d/pagemap", (int)process);
    open_pagemap(pages, path);
}

void hd_pages_close(struct hd_pages *pages)
{
    if (pages->faults >= 0) (void)close(pages->faults); // and nothing is watched by it
    if (pages->pagemap >= 0) (void)close(pages->pagemap);
    *pages = (struct hd_pages){.pagemap = -1, .faults = -1};
}

bool hd_pages_watch(const struct hd_pages *pages, uintptr_t start, uintptr_t end)
{
    struct uffdio_register range = {.range = {.start = start, .len = end - start},
                                    .mode = UFFDIO_REGISTER_MODE_WP};
    struct uffdio_writeprotect protect = {.range = {.start = start, .len = end - start},
                                          .mode = UFFDIO_WRITEPROTECT_MODE_WP};
    return ioctl(pages->faults, UFFDIO_REGISTER, &range) == 0 &&
           ioctl(pages->faults, UFFDIO_WRITEPROTECT, &protect) == 0;
}

void hd_pages_unwatch(const struct hd_pages *pages, uintptr_t start, uintptr_t end)
{
    struct uffdio_range range = {.start = start, .len = end - start};
    if (pages->faults >= 0) (void)ioctl(pages->faults, UFFDIO_UNREGISTER, &range);
}

bool hd_pages_list(const struct hd_pages *pages, uintptr_t start, uintptr_t end,
                   enum hd_pages_kind kind, void (*each)(void *context, struct hd_page_run run),
                   void *context)
{
    struct scan_region regions[RUNS];
    while (start < end) {
        struct scan scan = {.size = sizeof scan,
                            .start = start,
                            .end = end,
                            .vec = (uint64_t)regions,
                            .vec_len = RUNS};
        if (kind == HD_PAGES_WRITTEN) {
            scan.category_mask = scan.return_mask = PAGE_IS_WRITTEN;
        } else {
            scan.category_inverted = scan.category_mask = PAGE_IS_PFNZERO;
            scan.category_anyof_mask = PAGE_IS_PRESENT | PAGE_IS_SWAPPED;
            scan.return_mask = PAGE_IS_PRESENT;
        }
        const int count = ioctl(pages->pagemap, SCAN, &scan);
        if (count < 0) return false;
        for (int i = 0; i < count; i++)
            each(context, (struct hd_page_run){.start = regions[i].start, .end = regions[i].end});
        start = scan.walk_end > start ? scan.walk_end : end;
    }
    return true;
}

bool hd_page_is_zero(uintptr_t page)
{
    const uint64_t *words = (const uint64_t *)page;
    for (size_t i = 0; i < HD_PAGE / sizeof *words; i += 8) {
        uint64_t any = 0;
        for (size_t j = 0; j < 8; j++)
            any |= words[i + j];
        if (any != 0) return false;
    }
    return true;
}
