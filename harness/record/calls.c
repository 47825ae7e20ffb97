// SPDX-License-Identifier: MIT
/// calls.c: the preloaded library: each call is passed on to the allocator behind, and written
/// down.
///
/// The allocator behind is whichever comes next: a library preloaded after this one, or libc. Calls
/// that it makes itself through these names (glibc's reallocarray calls realloc) are not the
/// program's and not written down.
#include "harness/record/event_log.h"

#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/// What the program calls must be seen from outside, whatever the build hides.
#define EXPORTED __attribute__((visibility("default")))

static struct {
    void *(*malloc)(size_t);
    void (*free)(void *);
    void *(*calloc)(size_t, size_t);
    void *(*realloc)(void *, size_t);
    void *(*aligned_alloc)(size_t, size_t);
    int (*posix_memalign)(void **, size_t, size_t);
    void *(*memalign)(size_t, size_t);
    void *(*valloc)(size_t);
} behind;

static _Atomic bool found; // all of these

/// Above 0 while the allocator behind is at work in this thread.
static __thread unsigned depth __attribute__((tls_model("initial-exec")));

// ---------------------------------------------------------------------------- before all

/// dlsym may allocate itself: that comes from here, and stays.
static _Alignas(16) unsigned char early[1 << 16];
static size_t early_used;

static bool is_early(const void *block)
{
    return (uintptr_t)block - (uintptr_t)early < sizeof early;
}

static void *early_calloc(size_t size)
{
    const size_t rounded = (size + 15) & ~(size_t)15;
    if (size > sizeof early || rounded > sizeof early - early_used) return NULL;
    void *block = early + early_used;
    early_used += rounded;
    return block;
}

static void find(void *pointer, const char *name)
{
    void *symbol = dlsym(RTLD_NEXT, name);
    memcpy(pointer, &symbol, sizeof symbol);
}

static void find_all(void)
{
    depth++;
    find(&behind.malloc, "malloc");
    find(&behind.free, "free");
    find(&behind.calloc, "calloc");
    find(&behind.realloc, "realloc");
    find(&behind.aligned_alloc, "aligned_alloc");
    find(&behind.posix_memalign, "posix_memalign");
    find(&behind.memalign, "memalign");
    find(&behind.valloc, "valloc");
    depth--;
    atomic_store_explicit(&found, true, memory_order_release);
}

/// Whether the call is to be passed on; false: dlsym is at work, and made it.
static bool is_ready(void)
{
    if (atomic_load_explicit(&found, memory_order_acquire)) return true;
    if (depth > 0) return false;
    const int error = errno;
    find_all();
    errno = error;
    return true;
}

// ---------------------------------------------------------------------------- the calls

/// Writes down a call that the program made and that gave `block`, or NULL.
static void made(enum hd_op_kind kind, const void *block, size_t size, size_t extra)
{
    if (depth == 0) hd_event_log_put(HD_EVENT_OF(kind), (uintptr_t)block, size, extra);
}

EXPORTED void *malloc(size_t size)
{
    if (!is_ready()) return early_calloc(size);
    depth++;
    void *block = behind.malloc(size);
    depth--;
    made(HD_OP_MALLOC, block, size, 0);
    return block;
}

EXPORTED void free(void *block)
{
    if (is_early(block) || !is_ready()) return;
    made(block != NULL ? HD_OP_FREE : HD_OP_FREE_NULL, block, 0, 0);
    depth++;
    behind.free(block);
    depth--;
}

EXPORTED void *calloc(size_t count, size_t size)
{
    size_t bytes = 0;
    if (!is_ready())
        return __builtin_mul_overflow(count, size, &bytes) ? NULL : early_calloc(bytes);
    depth++;
    void *block = behind.calloc(count, size);
    depth--;
    made(HD_OP_CALLOC, block, size, count);
    return block;
}

/// A block from before all moves to the allocator behind. How large it is nobody knows; what lies
/// behind it in `early` may be copied too.
static void *leave_early(const void *block, size_t size)
{
    const size_t rest = (size_t)(early + sizeof early - (const unsigned char *)block);
    void *moved = malloc(size);
    if (moved != NULL) memcpy(moved, block, size < rest ? size : rest);
    return moved;
}

EXPORTED void *realloc(void *block, size_t size)
{
    if (!is_ready()) return early_calloc(size);
    if (is_early(block)) return leave_early(block, size);
    if (depth == 0 && block != NULL) hd_event_log_put(HD_EVENT_RESIZE, (uintptr_t)block, size, 0);
    depth++;
    void *resized = behind.realloc(block, size);
    depth--;
    if (block == NULL)
        made(HD_OP_REALLOC, resized, size, 0);
    else if (depth == 0)
        hd_event_log_put(HD_EVENT_RESIZED, (uintptr_t)resized, size, (uintptr_t)block);
    return resized;
}

/// Written down as the realloc that it is.
EXPORTED void *reallocarray(void *block, size_t count, size_t size)
{
    size_t bytes = 0;
    if (!__builtin_mul_overflow(count, size, &bytes)) return realloc(block, bytes);
    errno = ENOMEM;
    return NULL;
}

EXPORTED void *aligned_alloc(size_t alignment, size_t size)
{
    if (!is_ready()) return NULL;
    depth++;
    void *block = behind.aligned_alloc(alignment, size);
    depth--;
    made(HD_OP_ALIGNED_ALLOC, block, size, alignment);
    return block;
}

EXPORTED int posix_memalign(void **pointer, size_t alignment, size_t size)
{
    if (!is_ready()) return ENOMEM;
    depth++;
    const int result = behind.posix_memalign(pointer, alignment, size);
    depth--;
    made(HD_OP_POSIX_MEMALIGN, result == 0 ? *pointer : NULL, size, alignment);
    return result;
}

EXPORTED void *memalign(size_t alignment, size_t size)
{
    if (!is_ready()) return NULL;
    depth++;
    void *block = behind.memalign(alignment, size);
    depth--;
    made(HD_OP_MEMALIGN, block, size, alignment);
    return block;
}

EXPORTED void *valloc(size_t size)
{
    if (!is_ready()) return NULL;
    depth++;
    void *block = behind.valloc(size);
    depth--;
    made(HD_OP_VALLOC, block, size, 0);
    return block;
}

/// Whole pages, of a page's alignment.
EXPORTED void *pvalloc(size_t size)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    if (size > SIZE_MAX - page) {
        errno = ENOMEM;
        return NULL;
    }
    return memalign(page, size == 0 ? page : (size + page - 1) & ~(page - 1));
}
