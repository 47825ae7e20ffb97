// SPDX-License-Identifier: MIT
/// host_malloc.c: the program's own malloc and its family, over host_heap.c, so that libc's is left
/// to the allocator under test.
///
/// An engine, libstdc++ and stdio would otherwise live on the heap that is to be tested, and its
/// state could not be put back without theirs. A call made inside an allocator's call, by it or by
/// libc on its behalf, goes to libc's malloc, as in any program; the dynamic linker's own does not,
/// nor what a library asks for while it is loaded.
/// Whose a block is, is told by its address.
///
/// Linked into programs and not into libraries: the linker must not leave it out.
#include "allocators/family.h"
#include "allocators/shared_object.h"
#include "harness/base/page.h"
#include "harness/fresh/host_heap.h"
#include "harness/tap/tap.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/auxv.h>

#define EXPORTED __attribute__((visibility("default")))

bool hd_malloc_gives_way = true;

/// libc's, or a preloaded library's. Before they are known nobody is inside an allocator's call.
static struct hd_family libc;

static struct {
    uintptr_t start;
    uintptr_t size;
} linker; // the dynamic linker, code and data

// ---------------------------------------------------------------------------- who calls

/// libc's reallocarray jumps to realloc: then it is its caller that is seen.
#define CALLER ((uintptr_t)__builtin_return_address(0))

static bool is_inside_allocator(uintptr_t caller)
{
    return hd_tap_thread.armed != 0 && hd_malloc_gives_way && caller - linker.start >= linker.size;
}

static bool is_libcs(const void *block, uintptr_t caller)
{
    return block != NULL ? !hd_host_holds(block) : is_inside_allocator(caller);
}

// ---------------------------------------------------------------------------- the functions

EXPORTED void *malloc(size_t size)
{
    return is_inside_allocator(CALLER) ? libc.malloc(size) : hd_host_allocate(size);
}

EXPORTED void free(void *block)
{
    if (hd_host_holds(block))
        hd_host_release(block);
    else if (block != NULL)
        libc.free(block);
}

EXPORTED void *calloc(size_t count, size_t size)
{
    return is_inside_allocator(CALLER) ? libc.calloc(count, size)
                                       : hd_host_allocate_zeroed(count, size);
}

EXPORTED void *realloc(void *block, size_t size)
{
    return is_libcs(block, CALLER) ? libc.realloc(block, size) : hd_host_resize(block, size);
}

EXPORTED void *reallocarray(void *block, size_t count, size_t size)
{
    size_t bytes;
    if (is_libcs(block, CALLER)) return libc.reallocarray(block, count, size);
    if (!__builtin_mul_overflow(count, size, &bytes)) return hd_host_resize(block, bytes);
    errno = ENOMEM;
    return NULL;
}

EXPORTED void *aligned_alloc(size_t alignment, size_t size)
{
    return is_inside_allocator(CALLER) ? libc.aligned_alloc(alignment, size)
                                       : hd_host_allocate_aligned(alignment, size);
}

EXPORTED void *memalign(size_t alignment, size_t size)
{
    return is_inside_allocator(CALLER) ? libc.memalign(alignment, size)
                                       : hd_host_allocate_aligned(alignment, size);
}

EXPORTED int posix_memalign(void **block, size_t alignment, size_t size)
{
    if (is_inside_allocator(CALLER)) return libc.posix_memalign(block, alignment, size);
    if (alignment % sizeof(void *) != 0) return EINVAL;
    const int error = errno;
    void *result = hd_host_allocate_aligned(alignment, size);
    const int status = result != NULL ? 0 : errno;
    errno = error;
    if (result != NULL) *block = result;
    return status;
}

EXPORTED void *valloc(size_t size)
{
    return is_inside_allocator(CALLER) ? libc.valloc(size)
                                       : hd_host_allocate_aligned(HD_PAGE, size);
}

EXPORTED void *pvalloc(size_t size)
{
    if (is_inside_allocator(CALLER)) return libc.pvalloc(size);
    return hd_host_allocate_aligned(HD_PAGE, hd_whole_pages(size));
}

EXPORTED size_t malloc_usable_size(void *block)
{
    if (block == NULL) return 0;
    return hd_host_holds(block) ? hd_host_usable_size(block) : libc.malloc_usable_size(block);
}

// ---------------------------------------------------------------------------- before main

static void find_linker(void)
{
    const uintptr_t base = getauxval(AT_BASE);
    if (base == 0) return; // it was started as a command
    const ElfW(Ehdr) *header = (const ElfW(Ehdr) *)base;
    const ElfW(Phdr) *segments = (const ElfW(Phdr) *)(base + header->e_phoff);
    linker.start = base;
    for (size_t i = 0; i < header->e_phnum; i++) {
        const uintptr_t end = segments[i].p_vaddr + segments[i].p_memsz;
        if (segments[i].p_type == PT_LOAD && end > linker.size) linker.size = end;
    }
}

static void *next_symbol(const char *name, const void *context)
{
    (void)context;
    return dlsym(RTLD_NEXT, name);
}

__attribute__((constructor)) static void know_libcs(void)
{
    find_linker();
    hd_family_find(&libc, next_symbol, NULL);
    hd_host_heap_watch_forks();
}
