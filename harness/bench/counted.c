// SPDX-License-Identifier: MIT
/// counted.c: the tap around each call.
#include "harness/bench/counted.h"

#include "harness/tap/tap.h"

static void apply_log(struct hd_counted *counted)
{
    const struct hd_tap_log *log = hd_tap_log();
    if (log->count == 0) return;
    for (uint32_t i = 0; i < log->count; i++) {
        struct hd_effect effect;
        hd_space_apply(&counted->space, &log->calls[i], &effect);
    }
    counted->lost |= log->lost != 0;
    counted->syscalls += (uint64_t)log->count + log->lost;
    hd_tap_clear();
}

// ---------------------------------------------------------------------------- the functions

static struct hd_counted *begin(struct hd_heap *heap)
{
    hd_tap_arm();
    return (struct hd_counted *)heap;
}

static void *end(struct hd_counted *counted, void *block)
{
    hd_tap_disarm();
    apply_log(counted);
    return block;
}

static void *allocate(struct hd_heap *heap, size_t size)
{
    struct hd_counted *to = begin(heap);
    return end(to, to->inner.allocator.allocate(to->inner.heap, size));
}

static void release(struct hd_heap *heap, void *block)
{
    struct hd_counted *to = begin(heap);
    to->inner.allocator.release(to->inner.heap, block);
    (void)end(to, NULL);
}

static void *allocate_zeroed(struct hd_heap *heap, size_t count, size_t size)
{
    struct hd_counted *to = begin(heap);
    return end(to, to->inner.allocator.allocate_zeroed(to->inner.heap, count, size));
}

static void *resize(struct hd_heap *heap, void *block, size_t size)
{
    struct hd_counted *to = begin(heap);
    return end(to, to->inner.allocator.resize(to->inner.heap, block, size));
}

static void *resize_array(struct hd_heap *heap, void *block, size_t count, size_t size)
{
    struct hd_counted *to = begin(heap);
    return end(to, to->inner.allocator.resize_array(to->inner.heap, block, count, size));
}

static void *allocate_aligned(struct hd_heap *heap, size_t alignment, size_t size)
{
    struct hd_counted *to = begin(heap);
    return end(to, to->inner.allocator.allocate_aligned(to->inner.heap, alignment, size));
}

static int allocate_posix(struct hd_heap *heap, void **block, size_t alignment, size_t size)
{
    struct hd_counted *to = begin(heap);
    const int status = to->inner.allocator.allocate_posix(to->inner.heap, block, alignment, size);
    (void)end(to, NULL);
    return status;
}

static void *allocate_memalign(struct hd_heap *heap, size_t alignment, size_t size)
{
    struct hd_counted *to = begin(heap);
    return end(to, to->inner.allocator.allocate_memalign(to->inner.heap, alignment, size));
}

static void *allocate_page_aligned(struct hd_heap *heap, size_t size)
{
    struct hd_counted *to = begin(heap);
    return end(to, to->inner.allocator.allocate_page_aligned(to->inner.heap, size));
}

static size_t usable_size(struct hd_heap *heap, void *block)
{
    struct hd_counted *to = begin(heap);
    const size_t size = to->inner.allocator.usable_size(to->inner.heap, block);
    (void)end(to, NULL);
    return size;
}

// ---------------------------------------------------------------------------- opening

void hd_counted_open(struct hd_counted *counted, const struct hd_subject *inner)
{
    *counted = (struct hd_counted){.inner = *inner};
    hd_space_open(&counted->space);
    apply_log(counted); // what loading it took
    counted->syscalls = 0;
    hd_space_learn_all(&counted->space);
    hd_space_meet_break(&counted->space, hd_tap_break());
    hd_space_restart_peak(&counted->space);
}

struct hd_subject hd_counted_subject(struct hd_counted *counted)
{
    const struct hd_allocator *inner = &counted->inner.allocator;
    return (struct hd_subject){
        .allocator =
            {
                .name = inner->name,
                .allocate = allocate,
                .release = release,
                .allocate_zeroed = inner->allocate_zeroed != NULL ? allocate_zeroed : NULL,
                .resize = inner->resize != NULL ? resize : NULL,
                .resize_array = inner->resize_array != NULL ? resize_array : NULL,
                .allocate_aligned = inner->allocate_aligned != NULL ? allocate_aligned : NULL,
                .allocate_posix = inner->allocate_posix != NULL ? allocate_posix : NULL,
                .allocate_memalign = inner->allocate_memalign != NULL ? allocate_memalign : NULL,
                .allocate_page_aligned =
                    inner->allocate_page_aligned != NULL ? allocate_page_aligned : NULL,
                .usable_size = inner->usable_size != NULL ? usable_size : NULL,
            },
        .heap = (struct hd_heap *)counted,
    };
}
