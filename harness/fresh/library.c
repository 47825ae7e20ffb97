// SPDX-License-Identifier: MIT
/// library.c: segments from the program headers, sections from the file.
#include "harness/fresh/library.h"

#include "allocators/elf_symbols.h"
#include "harness/tap/got.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/// The C library's, which gives a thread its block where it has none yet.
struct tls_index {
    unsigned long module;
    unsigned long offset;
};
extern void *__tls_get_addr(struct tls_index *index);

// ---------------------------------------------------------------------------- coverage

/// Sections of a library built with -fsanitize-coverage, in which it counts: the engine reads them.
static bool is_counted_in(const char *name)
{
    return strcmp(name, "__sancov_cntrs") == 0 || strcmp(name, "__sancov_bools") == 0 ||
           strcmp(name, "__sancov_guards") == 0;
}

static bool visit_sections(const struct link_map *library, const uint8_t *file, size_t size,
                           bool (*visit)(void *context, uintptr_t start, uintptr_t end),
                           void *context)
{
    const ElfW(Ehdr) *header = (const ElfW(Ehdr) *)file;
    if (size < sizeof *header || header->e_shentsize != sizeof(ElfW(Shdr))) return true;
    const uint64_t end = header->e_shoff + (uint64_t)header->e_shnum * sizeof(ElfW(Shdr));
    if (header->e_shoff > size || end > size || header->e_shstrndx >= header->e_shnum) return true;
    const ElfW(Shdr) *sections = (const ElfW(Shdr) *)(file + header->e_shoff);
    const ElfW(Shdr) *names = &sections[header->e_shstrndx];
    if (names->sh_offset > size || names->sh_size > size - names->sh_offset) return true;
    for (size_t i = 0; i < header->e_shnum; i++) {
        if (sections[i].sh_name >= names->sh_size) continue;
        const char *name = (const char *)file + names->sh_offset + sections[i].sh_name;
        const size_t room = names->sh_size - sections[i].sh_name;
        if (strnlen(name, room) == room || !is_counted_in(name)) continue;
        const uintptr_t start = library->l_addr + sections[i].sh_addr;
        if (!visit(context, start, start + sections[i].sh_size)) return false;
    }
    return true;
}

bool hd_library_visit_counters(const struct link_map *library,
                               bool (*visit)(void *context, uintptr_t start, uintptr_t end),
                               void *context)
{
    struct stat stat;
    const int fd = open(library->l_name, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return true;
    void *file = MAP_FAILED;
    const bool told = fstat(fd, &stat) == 0 && stat.st_size > 0;
    if (told) file = mmap(NULL, (size_t)stat.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    (void)close(fd);
    if (file == MAP_FAILED) return true;
    const bool all = visit_sections(library, file, (size_t)stat.st_size, visit, context);
    (void)munmap(file, (size_t)stat.st_size);
    return all;
}

static bool leave_out(void *image, uintptr_t start, uintptr_t end)
{
    return hd_image_leave_out(image, start, end);
}

// ---------------------------------------------------------------------------- users

static bool needs(const struct link_map *user, const char *name)
{
    const char *strings = hd_elf_table(user, DT_STRTAB);
    for (const ElfW(Dyn) *entry = user->l_ld; strings != NULL && entry->d_tag != DT_NULL; entry++)
        if (entry->d_tag == DT_NEEDED && strcmp(strings + entry->d_un.d_val, name) == 0)
            return true;
    return false;
}

/// Whether the program or another library was linked with it.
static bool is_needed(const struct link_map *library)
{
    const char *slash = strrchr(library->l_name, '/');
    const char *name = slash != NULL ? slash + 1 : library->l_name;
    for (const struct link_map *map = _r_debug.r_map; map != NULL; map = map->l_next)
        if (map != library && needs(map, name)) return true;
    return false;
}

bool hd_library_is_process_malloc(const struct link_map *library)
{
    void *process = dlsym(RTLD_DEFAULT, "malloc");
    return process != NULL && process == hd_elf_symbol(library, "malloc");
}

// ---------------------------------------------------------------------------- segments

struct search {
    struct hd_image *image;
    const struct link_map *library;
    const struct hd_space *space;
    bool shared;
    bool kept;
};

static bool is_it(const struct dl_phdr_info *info, const struct link_map *library)
{
    for (size_t i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_DYNAMIC)
            return info->dlpi_addr + info->dlpi_phdr[i].p_vaddr == (uintptr_t)library->l_ld;
    return false;
}

/// The end of what the dynamic linker made read-only at the start of a segment: whole pages.
static uintptr_t relro_end(const struct dl_phdr_info *info)
{
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        if (segment->p_type == PT_GNU_RELRO)
            return hd_page_of(info->dlpi_addr + segment->p_vaddr + segment->p_memsz);
    }
    return 0;
}

/// What of the whole pages can be written.
static bool keep_pages(const struct search *search, uintptr_t start, uintptr_t end,
                       enum hd_image_kind kind)
{
    uintptr_t at = start;
    const struct hd_region *region;
    while (at < end && (region = hd_space_find(search->space, at)) != NULL && region->start < end) {
        const uintptr_t until = region->end < end ? region->end : end;
        if ((region->prot & PROT_WRITE) == 0) {
            if (!hd_image_keep(search->image, start, region->start, kind)) return false;
            start = until;
        }
        at = until;
    }
    return hd_image_keep(search->image, start, end, kind);
}

/// Behind what is in the file the segment is anonymous memory.
static bool keep_segment(const struct search *search, const struct dl_phdr_info *info,
                         const ElfW(Phdr) * segment)
{
    const enum hd_image_kind in_file = search->shared ? HD_IMAGE_SHARED : HD_IMAGE_FILE_PAGES;
    const enum hd_image_kind behind = search->shared ? HD_IMAGE_SHARED : HD_IMAGE_ANONYMOUS;
    const uintptr_t address = info->dlpi_addr + segment->p_vaddr;
    uintptr_t start = hd_page_of(address);
    const uintptr_t end = hd_page_from(address + segment->p_memsz);
    const uintptr_t relro = relro_end(info);
    if (relro > start && relro <= end) start = relro;
    uintptr_t file_end = hd_page_from(address + segment->p_filesz);
    if (file_end < start) file_end = start;
    return keep_pages(search, start, file_end, in_file) &&
           keep_pages(search, file_end, end, behind);
}

/// The block may not be there until the thread comes to it, or does not look as if it were.
static bool keep_tls(const struct search *search, const struct dl_phdr_info *info,
                     const ElfW(Phdr) * segment)
{
    const enum hd_image_kind kind = search->shared ? HD_IMAGE_SHARED : HD_IMAGE_BYTES;
    struct tls_index index = {.module = info->dlpi_tls_modid, .offset = 0};
    const uintptr_t start = (uintptr_t)__tls_get_addr(&index);
    return hd_image_keep(search->image, start, start + segment->p_memsz, kind);
}

static int keep(struct dl_phdr_info *info, size_t size, void *data)
{
    (void)size;
    struct search *search = data;
    if (!is_it(info, search->library)) return 0;
    search->kept = true;
    for (size_t i = 0; i < info->dlpi_phnum && search->kept; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        if (segment->p_type == PT_LOAD && (segment->p_flags & PF_W) != 0)
            search->kept = keep_segment(search, info, segment);
        else if (segment->p_type == PT_TLS && segment->p_memsz > 0)
            search->kept = keep_tls(search, info, segment);
    }
    return 1;
}

bool hd_library_keep(struct hd_image *image, const struct link_map *library,
                     const struct hd_space *space)
{
    struct search search = {
        .image = image, .library = library, .space = space, .shared = is_needed(library)};
    if (!hd_library_visit_counters(library, leave_out, image)) return false;
    (void)dl_iterate_phdr(keep, &search);
    return search.kept;
}

// ---------------------------------------------------------------------------- imports

static const char *const family[] = {
    "malloc",         "calloc",         "realloc",         "free",
    "reallocarray",   "aligned_alloc",  "posix_memalign",  "memalign",
    "valloc",         "pvalloc",        "__libc_malloc",   "__libc_calloc",
    "__libc_realloc", "__libc_free",    "__libc_memalign", "__libc_reallocarray",
    "__libc_valloc",  "__libc_pvalloc",
};

static struct {
    const struct link_map *library;
    bool found;
} importing; // hd_got_lookup has no context

/// Patches nothing: the words that would be patched are the imports.
static hd_got_function look_at_import(const char *name)
{
    for (size_t i = 0; i < sizeof family / sizeof family[0]; i++)
        if (strcmp(name, family[i]) == 0 && hd_elf_symbol(importing.library, name) == NULL)
            importing.found = true;
    return NULL;
}

bool hd_library_imports_malloc(const struct link_map *library)
{
    importing.library = library;
    importing.found = false;
    (void)hd_got_patch(library, look_at_import);
    return importing.found;
}
