// SPDX-License-Identifier: MIT
/// shared_object.c: from a library's symbols to a struct hd_allocator.
#include "allocators/shared_object.h"

#include "allocators/elf_symbols.h"
#include "allocators/family.h"

#include <dlfcn.h>
#include <gnu/lib-names.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// A library's own functions, NULL where it has none. They are what `struct hd_heap` is here.
struct functions {
    struct hd_family family;
    bool (*consistent)(void);
    size_t (*capacity)(void);
};

// Few, and for as long as the process runs: libraries stay loaded, and malloc may be under test.
#define LIBRARIES_MAX 64
static struct functions libraries[LIBRARIES_MAX];
static size_t library_count;

static struct functions *functions_of(struct hd_heap *heap) { return (struct functions *)heap; }

static struct hd_family *family_of(struct hd_heap *heap) { return &functions_of(heap)->family; }

// ---------------------------------------------------------------------------- calling it

static void *allocate(struct hd_heap *heap, size_t size)
{
    return family_of(heap)->malloc(size);
}

static void release(struct hd_heap *heap, void *block) { family_of(heap)->free(block); }

static void *allocate_zeroed(struct hd_heap *heap, size_t count, size_t size)
{
    return family_of(heap)->calloc(count, size);
}

static void *resize(struct hd_heap *heap, void *block, size_t size)
{
    return family_of(heap)->realloc(block, size);
}

static void *resize_array(struct hd_heap *heap, void *block, size_t count, size_t size)
{
    return family_of(heap)->reallocarray(block, count, size);
}

static void *allocate_aligned(struct hd_heap *heap, size_t alignment, size_t size)
{
    return family_of(heap)->aligned_alloc(alignment, size);
}

static int allocate_posix(struct hd_heap *heap, void **block, size_t alignment, size_t size)
{
    return family_of(heap)->posix_memalign(block, alignment, size);
}

static void *allocate_memalign(struct hd_heap *heap, size_t alignment, size_t size)
{
    return family_of(heap)->memalign(alignment, size);
}

static void *allocate_page_aligned(struct hd_heap *heap, size_t size)
{
    return family_of(heap)->valloc(size);
}

static void *allocate_pages(struct hd_heap *heap, size_t size)
{
    return family_of(heap)->pvalloc(size);
}

static size_t usable_size(struct hd_heap *heap, void *block)
{
    return family_of(heap)->malloc_usable_size(block);
}

static void trim(struct hd_heap *heap) { (void)family_of(heap)->malloc_trim(0); }

static bool consistent(struct hd_heap *heap) { return functions_of(heap)->consistent(); }

static size_t capacity(struct hd_heap *heap) { return functions_of(heap)->capacity(); }

// ---------------------------------------------------------------------------- finding it

/// Where a library's functions are looked for: among its own definitions, that libc's reallocarray
/// be not taken for one of a library that has none.
struct place {
    const struct link_map *map;
    const char *prefix;
};

static void *own_symbol(const char *name, const void *context)
{
    const struct place *place = context;
    char symbol[256];
    const int length = snprintf(symbol, sizeof symbol, "%s%s", place->prefix, name);
    if (length < 0 || (size_t)length >= sizeof symbol) return NULL;
    return hd_elf_symbol(place->map, symbol);
}

/// The C library, of which there is one in front of all: by the list that the dynamic linker keeps
/// for debuggers. dlopen would take memory from libc's malloc, even for what is loaded already.
static struct link_map *find_libc(void)
{
    for (struct link_map *map = _r_debug.r_map; map != NULL; map = map->l_next)
        if (hd_elf_is_libc(map)) return map;
    return NULL;
}

/// The C library's reallocarray calls realloc by name. In a process that has another malloc in
/// front, a sanitizer's or a preloaded one, it would put the block into that one's heap.
static bool reallocarray_is_diverted(const struct link_map *map)
{
    if (&hd_malloc_gives_way != NULL) return false;
    return map == find_libc() && dlsym(RTLD_DEFAULT, "realloc") != hd_elf_symbol(map, "realloc");
}

/// The bits of an address as a function pointer, see family.c.
#define TAKE(member, address)                                                                      \
    do {                                                                                           \
        void *address_ = (address);                                                                \
        memcpy(&(member), &address_, sizeof address_);                                             \
    } while (0)

static void resolve(struct functions *library, const struct link_map *map, const char *prefix)
{
    struct hd_family *family = &library->family;
    const struct place place = {map, prefix};
    hd_family_find(family, own_symbol, &place);
    if (reallocarray_is_diverted(map)) family->reallocarray = NULL;
    if (family->malloc_usable_size == NULL) // as mimalloc and others call it
        TAKE(family->malloc_usable_size, own_symbol("usable_size", &place));
    TAKE(library->consistent, hd_elf_symbol(map, HD_CONSISTENT_SYMBOL));
    TAKE(library->capacity, hd_elf_symbol(map, HD_CAPACITY_SYMBOL));
}

static void offer(struct hd_allocator *allocator, const struct functions *library)
{
    const struct hd_family *family = &library->family;
    allocator->allocate = allocate;
    allocator->release = release;
    allocator->allocate_zeroed = family->calloc != NULL ? allocate_zeroed : NULL;
    allocator->resize = family->realloc != NULL ? resize : NULL;
    allocator->resize_array = family->reallocarray != NULL ? resize_array : NULL;
    allocator->allocate_aligned = family->aligned_alloc != NULL ? allocate_aligned : NULL;
    allocator->allocate_posix = family->posix_memalign != NULL ? allocate_posix : NULL;
    allocator->allocate_memalign = family->memalign != NULL ? allocate_memalign : NULL;
    allocator->allocate_page_aligned = family->valloc != NULL ? allocate_page_aligned : NULL;
    allocator->allocate_pages = family->pvalloc != NULL ? allocate_pages : NULL;
    allocator->usable_size = family->malloc_usable_size != NULL ? usable_size : NULL;
    allocator->trim = family->malloc_trim != NULL ? trim : NULL;
    allocator->consistent = library->consistent != NULL ? consistent : NULL;
    allocator->capacity = library->capacity != NULL ? capacity : NULL;
}

static const struct hd_load_watch *load_watch;

void hd_shared_object_watch(const struct hd_load_watch *watch) { load_watch = watch; }

// While a library is loaded whose constructors have not begun: what was loaded last before it.
static const struct link_map *loaded_before;

static const struct link_map *loaded_last(void)
{
    const struct link_map *map = _r_debug.r_map;
    while (map->l_next != NULL)
        map = map->l_next;
    return map;
}

static void tell_bound(const struct link_map *library)
{
    loaded_before = NULL;
    if (load_watch != NULL && load_watch->bound != NULL) load_watch->bound(library);
}

/// A shared object that a C compiler links begins with code (DT_INIT, of crti.o) that calls this
/// function where a program defines it, and its constructors run after that. The first that calls
/// may be what the library depends on: all are bound by then. The library itself was mapped first.
/// Meant for profilers; called for the program too, and for all it starts with.
__attribute__((visibility("default"))) void __gmon_start__(void);
void __gmon_start__(void)
{
    if (loaded_before != NULL) tell_bound(loaded_before->l_next);
}

// LeakSanitizer's, NULL where it is not linked: what is allocated in between is no leak.
__attribute__((weak)) void __lsan_disable(void);
__attribute__((weak)) void __lsan_enable(void);

static void give_way(bool gives)
{
    if (&hd_malloc_gives_way != NULL) hd_malloc_gives_way = gives;
}

/// While it is loaded a library may allocate from this process's malloc for good, and keep the
/// pointer in memory of its own, where LeakSanitizer does not look: tcmalloc does.
static void *open_unwatched(const char *file)
{
    if (__lsan_disable != NULL) __lsan_disable();
    give_way(false);
    void *handle = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    give_way(true);
    if (__lsan_enable != NULL) __lsan_enable();
    return handle;
}

/// dlopen takes memory from libc's malloc, which may move the break: room is made first, so that
/// what the watch sees is the library's doing.
static void make_room(void)
{
    void *volatile room = malloc((size_t)64 << 10); // the pair is not to be optimised away
    free(room);
}

/// The library where it is loaded already. For libc without dlopen, see find_libc.
static struct link_map *find_loaded(const char *file)
{
    struct link_map *libc = find_libc();
    if (libc != NULL && (strcmp(file, LIBC_SO) == 0 || strcmp(file, libc->l_name) == 0))
        return libc;
    return dlopen(file, RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD);
}

static struct link_map *load_new(const char *file)
{
    if (load_watch != NULL) {
        make_room();
        load_watch->before();
    }
    loaded_before = loaded_last();
    struct link_map *map = open_unwatched(file);
    if (map != NULL && loaded_before != NULL) tell_bound(map);
    loaded_before = NULL;
    return map;
}

/// glibc's handles are its link_maps: dlopen answers them, and so are they told to the watch.
static struct link_map *load(const char *file)
{
    struct link_map *map = find_loaded(file);
    if (map != NULL)
        tell_bound(map);
    else
        map = load_new(file);
    if (load_watch != NULL) load_watch->after(map);
    return map;
}

enum hd_status hd_shared_object_open(const char *file, const char *prefix,
                                     struct hd_subject *subject, struct hd_message *message)
{
    if (library_count == LIBRARIES_MAX)
        return hd_fail(message, HD_UNAVAILABLE, "%s: more than %d libraries in one process", file,
                       LIBRARIES_MAX);
    const struct link_map *map = load(file);
    if (map == NULL) return hd_fail(message, HD_UNAVAILABLE, "cannot load it: %s", dlerror());

    struct functions *library = &libraries[library_count];
    resolve(library, map, prefix);
    if (library->family.malloc == NULL || library->family.free == NULL)
        return hd_fail(message, HD_UNAVAILABLE,
                       "%s defines no %s%s of its own; a prefix is given as FILE:PREFIX", file,
                       prefix, library->family.malloc == NULL ? "malloc" : "free");
    library_count++;
    offer(&subject->allocator, library);
    subject->heap = (struct hd_heap *)library;
    subject->library = map;
    return HD_OK;
}
