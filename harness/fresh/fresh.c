// SPDX-License-Identifier: MIT
/// fresh.c: the parts of the state, kept and put back in their order.
#include "harness/fresh/fresh.h"

#include "allocators/elf_symbols.h"
#include "harness/fresh/library.h"
#include "harness/fresh/registered.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

const char *const hd_fresh_names[HD_FRESH_WAYS] = {
#define HD_FRESH_WAY(id, name, summary) [HD_FRESH_##id] = (name),
#include "harness/fresh/ways.def"
#undef HD_FRESH_WAY
};

const char *const hd_fresh_summaries[HD_FRESH_WAYS] = {
#define HD_FRESH_WAY(id, name, summary) [HD_FRESH_##id] = (summary),
#include "harness/fresh/ways.def"
#undef HD_FRESH_WAY
};

enum hd_status hd_fresh_find(const char *name, enum hd_fresh_way *way, struct hd_message *message)
{
    for (*way = 0; *way < HD_FRESH_WAYS; (*way)++)
        if (strcmp(name, hd_fresh_names[*way]) == 0) return HD_OK;
    if (strcmp(name, "auto") == 0) return HD_OK; // HD_FRESH_AUTO, the last
    return hd_fail(message, HD_BAD_INPUT,
                   "a heap is made fresh by auto, reset, writeprotect, copy or none, not '%.100s'",
                   name);
}

// ---------------------------------------------------------------------------- keeping

/// The break may lie in the middle of a page: the whole ones are apart.
static bool keep_region(struct hd_image *image, uintptr_t start, uintptr_t end)
{
    const uintptr_t first = hd_page_from(start);
    const uintptr_t last = hd_page_of(end);
    if (first >= last) return hd_image_keep(image, start, end, HD_IMAGE_BYTES);
    return hd_image_keep(image, start, first, HD_IMAGE_BYTES) &&
           hd_image_keep(image, first, last, HD_IMAGE_ANONYMOUS) &&
           hd_image_keep(image, last, end, HD_IMAGE_BYTES);
}

/// What of the allocator's memory can be written holds what it holds now.
static bool keep_mapped(struct hd_fresh *fresh)
{
    for (size_t i = 0; i < fresh->start.count; i++) {
        const struct hd_region *region = &fresh->start.regions[i];
        if (!hd_owner_is_allocators(region->owner) || region->prot == PROT_NONE) continue;
        if (region->prot != HD_READ_WRITE) return false;
        if (!keep_region(&fresh->image, region->start, region->end)) return false;
    }
    return true;
}

static enum hd_status keep_library(struct hd_fresh *fresh, struct hd_message *message)
{
    const struct link_map *library = fresh->engine->subject.library;
    if (library == NULL)
        return hd_fail(message, HD_UNAVAILABLE, "it is neither a library nor has it a reset");
    if (hd_elf_is_libc(library))
        return hd_fail(message, HD_UNAVAILABLE,
                       "the process works with the same malloc, and would lose its own memory");
    if (hd_library_imports_malloc(library))
        return hd_fail(message, HD_UNAVAILABLE,
                       "it works with libc's malloc, whose memory is the whole process's");
    hd_registered_watch(library);
    hd_image_open(&fresh->image, &fresh->pages);
    if (!hd_library_keep(&fresh->image, library, &fresh->start) || !keep_mapped(fresh)) {
        hd_image_close(&fresh->image);
        return hd_fail(message, HD_UNAVAILABLE, "its data cannot be kept");
    }
    return HD_OK;
}

static enum hd_status keep(struct hd_fresh *fresh, enum hd_fresh_way way,
                           struct hd_message *message)
{
    const struct hd_allocator *allocator = &fresh->engine->subject.allocator;
    if (!hd_tap_sees_all())
        return hd_fail(message, HD_UNAVAILABLE,
                       "what it gets from the kernel is not seen: that takes --tap dispatch or "
                       "seccomp");
    if (!fresh->engine->kernel_side.tapped)
        return hd_fail(message, HD_UNAVAILABLE,
                       "it has started a thread, or its system calls were not all seen");
    const bool resets = allocator->reset != NULL;
    if (way == HD_FRESH_RESET && !resets)
        return hd_fail(message, HD_UNAVAILABLE, "it has no function for it");
    if (way == HD_FRESH_RESET || (way == HD_FRESH_AUTO && resets)) {
        fresh->way = HD_FRESH_RESET;
        return HD_OK;
    }
    if (way == HD_FRESH_WRITEPROTECT && !hd_pages_can_watch(&fresh->pages))
        return hd_fail(message, HD_UNAVAILABLE,
                       "the kernel cannot tell which pages were written (Linux 6.7 can, where "
                       "userfaultfd is allowed)");
    const enum hd_status status = keep_library(fresh, message);
    if (status != HD_OK) return status;
    const bool watch = way != HD_FRESH_COPY && hd_pages_can_watch(&fresh->pages);
    fresh->way = watch ? HD_FRESH_WRITEPROTECT : HD_FRESH_COPY;
    return HD_OK;
}

enum hd_status hd_fresh_open(struct hd_fresh *fresh, struct hd_engine *engine,
                             enum hd_fresh_way way, struct hd_message *message)
{
    fresh->engine = engine;
    fresh->way = HD_FRESH_NONE;
    fresh->owner = 0;
    fresh->torn = false;
    *message = (struct hd_message){""};
    hd_space_open(&fresh->start);
    if (way == HD_FRESH_NONE) return HD_OK;
    hd_pages_open(&fresh->pages);
    hd_parked_open(&fresh->parked, &fresh->pages, true);
    hd_space_copy(&fresh->start, &engine->kernel_side.space);
    const enum hd_status status = keep(fresh, way, message);
    hd_pages_close(&fresh->pages); // a fork may come before the first run
    return way == HD_FRESH_AUTO ? HD_OK : status;
}

static bool has_image(const struct hd_fresh *fresh)
{
    return fresh->way == HD_FRESH_WRITEPROTECT || fresh->way == HD_FRESH_COPY;
}

void hd_fresh_close(struct hd_fresh *fresh)
{
    if (has_image(fresh)) hd_image_close(&fresh->image);
    if (fresh->way != HD_FRESH_NONE) hd_parked_close(&fresh->parked);
    if (fresh->owner != 0) hd_pages_close(&fresh->pages);
    hd_space_close(&fresh->start);
    fresh->way = HD_FRESH_NONE;
}

// ---------------------------------------------------------------------------- around a run

/// What the kernel tells, it tells of the process that asked first.
static void take_ownership(struct hd_fresh *fresh)
{
    const int self = (int)getpid();
    if (fresh->owner == self) return;
    if (fresh->owner != 0) hd_pages_close(&fresh->pages);
    fresh->owner = self;
    hd_pages_open(&fresh->pages);
    if (has_image(fresh)) hd_image_watch(&fresh->image, fresh->way == HD_FRESH_WRITEPROTECT);
}

void hd_fresh_begin(struct hd_fresh *fresh)
{
    if (fresh->way == HD_FRESH_NONE) return;
    take_ownership(fresh);
    if (!hd_parked_begin(&fresh->parked)) {
        hd_space_meet_break(&fresh->start, fresh->parked.break_start);
        fresh->start.break_moved = false; // that matters within a run
        hd_space_copy(&fresh->engine->kernel_side.space, &fresh->start);
    }
}

/// Memory that a call took from the allocator holds something else now, unseen by who watches.
static void heat_lost(struct hd_fresh *fresh)
{
    const struct hd_parked *parked = &fresh->parked;
    if (parked->made_more) hd_image_heat_lost(&fresh->image, 0, UINTPTR_MAX);
    for (uint32_t i = 0; i < parked->made_count; i++) {
        const struct hd_parked_call *call = &parked->made[i];
        if (call->id == HD_SYSCALL_mmap)
            hd_image_heat_lost(&fresh->image, (uintptr_t)call->result,
                               (uintptr_t)call->result + call->args[1]);
        else if (call->id != HD_SYSCALL_brk)
            hd_image_heat_lost(&fresh->image, call->args[0], call->args[0] + call->args[1]);
    }
}

/// What the run did to the rights of memory that is kept; restored by hd_parked_put_back is only
/// what the allocator had from the kernel.
static bool make_writable(const struct hd_fresh *fresh, const struct hd_image_part *part)
{
    const struct hd_space *space = &fresh->engine->kernel_side.space;
    const struct hd_region *region = hd_space_find(space, part->start);
    for (; region != NULL && region->start < part->end;
         region = hd_space_find(space, region->end)) {
        const uintptr_t start = region->start > part->start ? region->start : part->start;
        const uintptr_t end = region->end < part->end ? region->end : part->end;
        if ((region->prot & PROT_WRITE) == 0 &&
            mprotect((void *)start, end - start, HD_READ_WRITE) != 0)
            return false;
    }
    return true;
}

static bool put_image_back(struct hd_fresh *fresh)
{
    heat_lost(fresh);
    for (size_t i = 0; i < fresh->image.part_count; i++) {
        const struct hd_image_part *part = &fresh->image.parts[i];
        if (part->pages != NULL && !make_writable(fresh, part)) return false;
    }
    return hd_image_put_back(&fresh->image);
}

enum hd_status hd_fresh_put_back(struct hd_fresh *fresh, struct hd_message *message)
{
    struct hd_engine *engine = fresh->engine;
    hd_engine_abandon(engine);
    if (fresh->way == HD_FRESH_NONE) return HD_OK;
    hd_parked_end(&fresh->parked);
    if (!engine->kernel_side.tapped)
        return hd_fail(message, HD_UNAVAILABLE,
                       "it has started a thread, or made more system calls than can be followed");
    fresh->torn = true;
    if (!hd_parked_put_back(&fresh->parked, &engine->kernel_side.space, &fresh->start))
        return hd_fail(message, HD_UNAVAILABLE, "its memory could not be put back");
    if (has_image(fresh) && !put_image_back(fresh))
        return hd_fail(message, HD_UNAVAILABLE, "what its memory held could not be put back");
    if (fresh->way == HD_FRESH_RESET) engine->subject.allocator.reset(engine->subject.heap);
    hd_registered_put_keys_back();
    hd_registered_start_anew();
    hd_space_copy(&engine->kernel_side.space, &fresh->start);
    hd_engine_start_anew(engine);
    fresh->torn = false;
    return HD_OK;
}

const char *hd_fresh_step_down(struct hd_fresh *fresh)
{
    if (fresh->way == HD_FRESH_NONE) return "nothing more can be given up";
    const bool seen = fresh->engine->kernel_side.tapped;
    if (seen && fresh->parked.keeps) {
        hd_parked_close(&fresh->parked);
        fresh->parked.keeps = false;
        return "memory is no longer kept mapped between inputs";
    }
    if (seen && fresh->way == HD_FRESH_WRITEPROTECT) {
        fresh->way = HD_FRESH_COPY;
        hd_pages_close(&fresh->pages); // nothing is watched by them any more
        fresh->owner = 0;
        return "all its pages are copied back after each input";
    }
    hd_fresh_close(fresh);
    return "its heap is not made fresh any more";
}
