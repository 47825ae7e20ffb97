// SPDX-License-Identifier: MIT
/// foreign.c: pages behind mappings, pieces of the break.
#include "harness/engine/foreign.h"

#include "harness/base/page.h"
#include "harness/model/pattern.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BREAK_MAX  ((int64_t)1 << 20)
#define READ_WRITE (PROT_READ | PROT_WRITE)

static void watch(struct hd_foreign *foreign, struct hd_space *space, uintptr_t start, size_t size,
                  bool by_break)
{
    struct hd_watched *watched = &foreign->watched[foreign->count++];
    *watched = (struct hd_watched){.start = start,
                                   .size = size,
                                   .key = hd_pattern_key(foreign->fillings++),
                                   .by_break = by_break};
    hd_pattern_fill(start, size, 0, watched->key);
    hd_space_set(space, start, start + size, READ_WRITE, HD_OWNER_FOREIGN);
}

static void forget(struct hd_foreign *foreign, size_t i)
{
    for (foreign->count--; i < foreign->count; i++)
        foreign->watched[i] = foreign->watched[i + 1];
}

bool hd_foreign_mmap(struct hd_foreign *foreign, struct hd_space *space, uintptr_t behind)
{
    if (foreign->count == HD_FOREIGN_MAX) return false;
    hd_tap_stand_aside();
    void *wanted = (void *)hd_page_from(behind);
    void *page =
        mmap(wanted, HD_PAGE, READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (page != wanted) return false;
    watch(foreign, space, (uintptr_t)page, HD_PAGE, false);
    return true;
}

// ---------------------------------------------------------------------------- the break

/// The newest piece, if the break ends with it; else NULL.
static struct hd_watched *top_piece(struct hd_foreign *foreign)
{
    struct hd_watched *newest = NULL;
    for (size_t i = 0; i < foreign->count; i++)
        if (foreign->watched[i].by_break) newest = &foreign->watched[i];
    const bool on_top = newest != NULL && newest->start + newest->size == (uintptr_t)sbrk(0);
    return on_top ? newest : NULL;
}

static bool raise_break(struct hd_foreign *foreign, struct hd_space *space, intptr_t bytes)
{
    if (foreign->count == HD_FOREIGN_MAX) return false;
    void *start = sbrk(bytes);
    if ((intptr_t)start == -1) return false;
    watch(foreign, space, (uintptr_t)start, (size_t)bytes, true);
    space->brk_end = (uintptr_t)start + (uintptr_t)bytes;
    return true;
}

static bool lower_break(struct hd_foreign *foreign, struct hd_space *space, size_t bytes)
{
    struct hd_watched *piece = top_piece(foreign);
    if (piece == NULL || piece->size < bytes) return false;
    if ((intptr_t)sbrk(-(intptr_t)bytes) == -1) return false;
    piece->size -= bytes;
    const uintptr_t end = piece->start + piece->size;
    hd_space_set(space, end, end + bytes, 0, HD_OWNER_NOBODY);
    space->brk_end = end;
    // Which bytes of a large piece are sampled depends on its size.
    hd_pattern_fill(piece->start, piece->size, 0, piece->key);
    if (piece->size == 0) forget(foreign, (size_t)(piece - foreign->watched));
    return true;
}

bool hd_foreign_sbrk(struct hd_foreign *foreign, struct hd_space *space, int64_t bytes)
{
    const int error = errno;
    bool moved = false;
    hd_tap_stand_aside();
    // An allocator that moves the break behind libc's back: libc's next sbrk would take its memory.
    if ((uintptr_t)sbrk(0) != (uintptr_t)syscall(SYS_brk, 0)) return false;
    if (bytes > 0 && bytes <= BREAK_MAX) moved = raise_break(foreign, space, (intptr_t)bytes);
    if (bytes < 0 && bytes >= -BREAK_MAX) moved = lower_break(foreign, space, (size_t)-bytes);
    errno = error;
    return moved;
}

// ---------------------------------------------------------------------------- looking

/// All of it is still foreign to the allocator: nobody unmapped it.
static bool is_there(const struct hd_watched *watched, const struct hd_space *space)
{
    const uintptr_t end = watched->start + watched->size;
    uintptr_t at = watched->start;
    while (at < end) {
        const struct hd_region *region = hd_space_find(space, at);
        if (region == NULL || region->start > at || region->owner != HD_OWNER_FOREIGN ||
            (region->prot & PROT_READ) == 0)
            return false;
        at = region->end;
    }
    return true;
}

uintptr_t hd_foreign_check(struct hd_foreign *foreign, const struct hd_space *space)
{
    for (size_t i = 0; i < foreign->count;) {
        const struct hd_watched watched = foreign->watched[i];
        if (!is_there(&watched, space)) { // the call that took it is judged by its effect
            forget(foreign, i);
            continue;
        }
        const size_t wrong =
            hd_pattern_check(watched.start, watched.size, watched.size, watched.key);
        if (wrong < watched.size) {
            foreign->watched[i].key = hd_pattern_key(foreign->fillings++);
            hd_pattern_fill(watched.start, watched.size, 0, foreign->watched[i].key);
            return watched.start + wrong;
        }
        i++;
    }
    return 0;
}

static void leave(struct hd_foreign *foreign, struct hd_space *space, size_t i)
{
    const struct hd_watched watched = foreign->watched[i];
    const uintptr_t end = watched.start + watched.size;
    if (!is_there(&watched, space)) return;
    if (!watched.by_break) {
        (void)munmap((void *)watched.start, watched.size);
        hd_space_set(space, watched.start, end, 0, HD_OWNER_NOBODY);
    } else if (end == (uintptr_t)sbrk(0) && (intptr_t)sbrk(-(intptr_t)watched.size) != -1) {
        hd_space_set(space, watched.start, end, 0, HD_OWNER_NOBODY);
        space->brk_end = watched.start;
    }
}

void hd_foreign_leave(struct hd_foreign *foreign, struct hd_space *space)
{
    while (foreign->count > 0) {
        leave(foreign, space, foreign->count - 1);
        foreign->count--;
    }
}
