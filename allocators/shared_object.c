// SPDX-License-Identifier: MIT
/// shared_object.c: from a library's symbols to a struct hd_allocator.
#include "allocators/shared_object.h"

#include <dlfcn.h>
#include <gnu/lib-names.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// A library's own functions, NULL where it has none. They are what `struct hd_heap` is here.
struct functions {
    void *(*malloc)(size_t);
    void (*free)(void *);
    void *(*calloc)(size_t, size_t);
    void *(*realloc)(void *, size_t);
    void *(*reallocarray)(void *, size_t, size_t);
    void *(*aligned_alloc)(size_t, size_t);
    int (*posix_memalign)(void **, size_t, size_t);
    void *(*memalign)(size_t, size_t);
    void *(*valloc)(size_t);
    size_t (*malloc_usable_size)(void *);
    int (*malloc_trim)(size_t);
    bool (*consistent)(void);
    size_t (*capacity)(void);
};

// Few, and for as long as the process runs: libraries stay loaded, and malloc may be under test.
#define LIBRARIES_MAX 64
static struct functions libraries[LIBRARIES_MAX];
static size_t library_count;

static struct functions *functions_of(struct hd_heap *heap) { return (struct functions *)heap; }

// ---------------------------------------------------------------------------- calling it

static void *allocate(struct hd_heap *heap, size_t size) { return functions_of(heap)->malloc(size); }

static void release(struct hd_heap *heap, void *block) { functions_of(heap)->free(block); }

static void *allocate_zeroed(struct hd_heap *heap, size_t count, size_t size)
{
    return functions_of(heap)->calloc(count, size);
}

static void *resize(struct hd_heap *heap, void *block, size_t size)
{
    return functions_of(heap)->realloc(block, size);
}

static void *resize_array(struct hd_heap *heap, void *block, size_t count, size_t size)
{
    return functions_of(heap)->reallocarray(block, count, size);
}

static void *allocate_aligned(struct hd_heap *heap, size_t alignment, size_t size)
{
    return functions_of(heap)->aligned_alloc(alignment, size);
}

static int allocate_posix(struct hd_heap *heap, void **block, size_t alignment, size_t size)
{
    return functions_of(heap)->posix_memalign(block, alignment, size);
}

static void *allocate_memalign(struct hd_heap *heap, size_t alignment, size_t size)
{
    return functions_of(heap)->memalign(alignment, size);
}

static void *allocate_page_aligned(struct hd_heap *heap, size_t size)
{
    return functions_of(heap)->valloc(size);
}

static size_t usable_size(struct hd_heap *heap, void *block)
{
    return functions_of(heap)->malloc_usable_size(block);
}

static void trim(struct hd_heap *heap) { (void)functions_of(heap)->malloc_trim(0); }

static bool consistent(struct hd_heap *heap) { return functions_of(heap)->consistent(); }

static size_t capacity(struct hd_heap *heap) { return functions_of(heap)->capacity(); }

// ---------------------------------------------------------------------------- finding it

/// The library's own definition of a symbol. dlsym on a handle also searches what the library
/// depends on, and so would answer libc's reallocarray for a library that has none.
static void *own_symbol(void *handle, const char *prefix, const char *name)
{
    char symbol[256];
    const int length = snprintf(symbol, sizeof symbol, "%s%s", prefix, name);
    if (length < 0 || (size_t)length >= sizeof symbol) return NULL;
    void *address = dlsym(handle, symbol);
    if (address == NULL) return NULL;

    struct link_map *library;
    Dl_info of_symbol;
    Dl_info of_library;
    if (dlinfo(handle, RTLD_DI_LINKMAP, &library) != 0) return NULL;
    if (dladdr(address, &of_symbol) == 0 || dladdr(library->l_ld, &of_library) == 0) return NULL;
    return of_symbol.dli_fbase == of_library.dli_fbase ? address : NULL;
}

/// The C library's reallocarray calls realloc by name. In a process that has another malloc in
/// front, a sanitizer's or a preloaded one, it would put the block into that one's heap.
static bool reallocarray_is_diverted(void *handle)
{
    void *libc = dlopen(LIBC_SO, RTLD_NOW | RTLD_NOLOAD);
    const bool is_libc = libc == handle;
    if (libc != NULL) (void)dlclose(libc);
    return is_libc && dlsym(RTLD_DEFAULT, "realloc") != dlsym(handle, "realloc");
}

/// dlsym answers a void *, which C will not convert to a function pointer; POSIX lets the bits be
/// copied.
#define RESOLVE(member, handle, prefix, name)                                                      \
    do {                                                                                           \
        void *address_ = own_symbol(handle, prefix, name);                                         \
        memcpy(&(member), &address_, sizeof address_);                                             \
    } while (0)

static void resolve(struct functions *library, void *handle, const char *prefix)
{
    RESOLVE(library->malloc, handle, prefix, "malloc");
    RESOLVE(library->free, handle, prefix, "free");
    RESOLVE(library->calloc, handle, prefix, "calloc");
    RESOLVE(library->realloc, handle, prefix, "realloc");
    RESOLVE(library->reallocarray, handle, prefix, "reallocarray");
    if (reallocarray_is_diverted(handle)) library->reallocarray = NULL;
    RESOLVE(library->aligned_alloc, handle, prefix, "aligned_alloc");
    RESOLVE(library->posix_memalign, handle, prefix, "posix_memalign");
    RESOLVE(library->memalign, handle, prefix, "memalign");
    RESOLVE(library->valloc, handle, prefix, "valloc");
    RESOLVE(library->malloc_usable_size, handle, prefix, "malloc_usable_size");
    if (library->malloc_usable_size == NULL) // as mimalloc and others call it
        RESOLVE(library->malloc_usable_size, handle, prefix, "usable_size");
    RESOLVE(library->malloc_trim, handle, prefix, "malloc_trim");
    RESOLVE(library->consistent, handle, "", HD_CONSISTENT_SYMBOL);
    RESOLVE(library->capacity, handle, "", HD_CAPACITY_SYMBOL);
}

static void offer(struct hd_allocator *allocator, const struct functions *library)
{
    allocator->allocate = allocate;
    allocator->release = release;
    allocator->allocate_zeroed = library->calloc != NULL ? allocate_zeroed : NULL;
    allocator->resize = library->realloc != NULL ? resize : NULL;
    allocator->resize_array = library->reallocarray != NULL ? resize_array : NULL;
    allocator->allocate_aligned = library->aligned_alloc != NULL ? allocate_aligned : NULL;
    allocator->allocate_posix = library->posix_memalign != NULL ? allocate_posix : NULL;
    allocator->allocate_memalign = library->memalign != NULL ? allocate_memalign : NULL;
    allocator->allocate_page_aligned = library->valloc != NULL ? allocate_page_aligned : NULL;
    allocator->usable_size = library->malloc_usable_size != NULL ? usable_size : NULL;
    allocator->trim = library->malloc_trim != NULL ? trim : NULL;
    allocator->consistent = library->consistent != NULL ? consistent : NULL;
    allocator->capacity = library->capacity != NULL ? capacity : NULL;
}

static const struct hd_load_watch *load_watch;

void hd_shared_object_watch(const struct hd_load_watch *watch) { load_watch = watch; }

// LeakSanitizer's, NULL where it is not linked: what is allocated in between is no leak.
__attribute__((weak)) void __lsan_disable(void);
__attribute__((weak)) void __lsan_enable(void);

/// While it is loaded a library may allocate from this process's malloc for good, and keep the
/// pointer in memory of its own, where LeakSanitizer does not look: tcmalloc does.
static void *load(const char *file)
{
    if (__lsan_disable != NULL) __lsan_disable();
    void *handle = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (__lsan_enable != NULL) __lsan_enable();
    return handle;
}

/// dlopen takes memory from libc's malloc, which may move the break: room is made first, so that
/// what the watch sees is the library's doing.
static void *load_watched(const char *file)
{
    void *handle = dlopen(file, RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD);
    if (handle == NULL && load_watch != NULL) {
        free(malloc((size_t)64 << 10));
        load_watch->before();
    }
    if (handle == NULL) handle = load(file);
    if (load_watch != NULL) load_watch->after(handle);
    return handle;
}

enum hd_status hd_shared_object_open(const char *file, const char *prefix,
                                     struct hd_subject *subject, struct hd_message *message)
{
    if (library_count == LIBRARIES_MAX)
        return hd_fail(message, HD_UNAVAILABLE, "%s: more than %d libraries in one process", file,
                       LIBRARIES_MAX);
    void *handle = load_watched(file);
    if (handle == NULL) return hd_fail(message, HD_UNAVAILABLE, "cannot load it: %s", dlerror());

    struct functions *library = &libraries[library_count];
    resolve(library, handle, prefix);
    if (library->malloc == NULL || library->free == NULL)
        return hd_fail(message, HD_UNAVAILABLE,
                       "%s defines no %s%s of its own; a prefix is given as FILE:PREFIX", file,
                       prefix, library->malloc == NULL ? "malloc" : "free");
    library_count++;
    offer(&subject->allocator, library);
    subject->heap = (struct hd_heap *)library;
    return HD_OK;
}
