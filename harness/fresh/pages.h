// SPDX-License-Identifier: MIT
/// pages.h: which pages of a process are resident, and which were written since they were
/// watched: PAGEMAP_SCAN, and userfaultfd's asynchronous write protection (Linux 6.7).
///
/// Ranges are half open, multiples of a page. Nothing here allocates from a heap.
#ifndef HD_PAGES_H
#define HD_PAGES_H

#include "allocators/status.h"
#include "harness/base/page.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/types.h>

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif
#define HD_READ_WRITE (PROT_READ | PROT_WRITE)

/// The kernel's files for it. They tell of the process that opened them: a fork opens its own.
struct hd_pages {
    int pagemap; // -1: not open
    int faults;  // userfaultfd; -1: not open
};

/// For tests: true as on a kernel that offers nothing of it (before Linux 6.7), or without /proc.
extern bool hd_pages_hidden;

/// Opens what the kernel offers: afterwards hd_pages_can_list, hd_pages_can_watch say what it is.
void hd_pages_open(struct hd_pages *pages);

/// The same of another process, which this one may trace: its pages can be listed at most.
void hd_pages_open_of(struct hd_pages *pages, pid_t process);

void hd_pages_close(struct hd_pages *pages);

static inline bool hd_pages_can_list(const struct hd_pages *pages)
{
    return pages->pagemap >= 0;
}
static inline bool hd_pages_can_watch(const struct hd_pages *pages)
{
    return pages->faults >= 0;
}

/// From here on what is written in the range is known. False: the kernel refused.
HD_MUST_USE bool hd_pages_watch(const struct hd_pages *pages, uintptr_t start, uintptr_t end);

/// No longer watched.
void hd_pages_unwatch(const struct hd_pages *pages, uintptr_t start, uintptr_t end);

enum hd_pages_kind {
    HD_PAGES_RESIDENT, // that hold something else than what reading them for the first time gives
    HD_PAGES_WRITTEN,  // since they were watched
};

struct hd_page_run {
    uintptr_t start;
    uintptr_t end;
};

/// Calls `each` for the pages of that kind in the range, in runs, by ascending addresses. False:
/// the kernel refused.
HD_MUST_USE bool hd_pages_list(const struct hd_pages *pages, uintptr_t start, uintptr_t end,
                               enum hd_pages_kind kind,
                               void (*each)(void *context, struct hd_page_run run), void *context);

/// True where all bytes of the page that begins there are zero.
bool hd_page_is_zero(uintptr_t page);

/// Copies `size` bytes; fills them with zeros. No sanitizer sees it, whoever's the memory is.
static inline void hd_bytes_copy(uintptr_t to, uintptr_t from, size_t size);
static inline void hd_bytes_clear(uintptr_t start, size_t size);

#if defined(__x86_64__)
static inline void hd_bytes_copy(uintptr_t to, uintptr_t from, size_t size)
{
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
}

static inline void hd_bytes_clear(uintptr_t start, size_t size)
{
    __asm__ volatile("rep stosb" : "+D"(start), "+c"(size) : "a"(0) : "memory");
}
#else
static inline void hd_bytes_copy(uintptr_t to, uintptr_t from, size_t size)
{
    for (size_t i = 0; i < size; i++)
        ((volatile uint8_t *)to)[i] = ((volatile uint8_t *)from)[i];
}

static inline void hd_bytes_clear(uintptr_t start, size_t size)
{
    for (size_t i = 0; i < size; i++)
        ((volatile uint8_t *)start)[i] = 0;
}
#endif

#endif
