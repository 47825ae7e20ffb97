// SPDX-License-Identifier: MIT
/// got.c: the words through which a library calls the functions that it imports, overwritten.
///
/// What the library calls by these words is seen, and nothing else: neither the system calls that
/// libc makes for it in other functions, nor those it makes by itself in assembly.
#include "harness/tap/got.h"

#include "allocators/elf_symbols.h"
#include "harness/tap/raw.h"
#include "harness/tap/way.h"

#include <link.h>
#include <stddef.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>

// Relocations by which a word becomes the address of a symbol, in each machine's ABI.
#if defined(__x86_64__)
#define WORD_OF_CALL  R_X86_64_JUMP_SLOT
#define WORD_OF_TABLE R_X86_64_GLOB_DAT
#define WORD_OF_DATA  R_X86_64_64
#elif defined(__aarch64__)
#define WORD_OF_CALL  R_AARCH64_JUMP_SLOT
#define WORD_OF_TABLE R_AARCH64_GLOB_DAT
#define WORD_OF_DATA  R_AARCH64_ABS64
#else
#error "another machine has other relocations"
#endif

// ---------------------------------------------------------------------------- read-only words

struct range {
    uintptr_t start;
    uintptr_t end;
};

struct search {
    const struct link_map *library;
    struct range relro;
};

/// What the dynamic linker made read-only after it had bound the library: whole pages.
static int find_relro(struct dl_phdr_info *info, size_t size, void *data)
{
    (void)size;
    struct search *search = data;
    const uintptr_t page = getauxval(AT_PAGESZ);
    struct range relro = {0, 0};
    bool is_it = false;
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        const uintptr_t start = info->dlpi_addr + segment->p_vaddr;
        if (segment->p_type == PT_DYNAMIC) is_it = start == (uintptr_t)search->library->l_ld;
        if (segment->p_type == PT_GNU_RELRO)
            relro = (struct range){start & ~(page - 1), (start + segment->p_memsz) & ~(page - 1)};
    }
    if (is_it) search->relro = relro;
    return is_it;
}

static bool protect(const struct range *range, int prot)
{
    const uintptr_t size = range->end - range->start;
    return size == 0 || HD_RAW4(SYS_mprotect, range->start, size, (uint64_t)prot, 0) == 0;
}

// ---------------------------------------------------------------------------- patching

static bool is_word(const ElfW(Rela) *relocation)
{
    const uint64_t type = ELF64_R_TYPE(relocation->r_info);
    return type == WORD_OF_CALL || type == WORD_OF_TABLE ||
           (type == WORD_OF_DATA && relocation->r_addend == 0);
}

/// How many words of one table of relocations are hooked now.
static size_t patch_table(const struct link_map *library, int64_t table, int64_t table_size,
                          hd_got_lookup *lookup)
{
    const ElfW(Sym) *symbols = hd_elf_table(library, DT_SYMTAB);
    const char *strings = hd_elf_table(library, DT_STRTAB);
    const ElfW(Rela) *relocations = hd_elf_table(library, table);
    if (symbols == NULL || strings == NULL || relocations == NULL) return 0;
    size_t patched = 0;
    for (size_t i = 0; i < hd_elf_value(library, table_size) / sizeof relocations[0]; i++) {
        if (!is_word(&relocations[i])) continue;
        const ElfW(Sym) *symbol = &symbols[ELF64_R_SYM(relocations[i].r_info)];
        const hd_got_function hook = lookup(strings + symbol->st_name);
        if (hook == NULL) continue;
        memcpy((void *)(library->l_addr + relocations[i].r_offset), &hook, sizeof hook);
        patched++;
    }
    return patched;
}

size_t hd_got_patch(const struct link_map *library, hd_got_lookup *lookup)
{
    struct search search = {.library = library};
    (void)dl_iterate_phdr(find_relro, &search);
    if (!protect(&search.relro, PROT_READ | PROT_WRITE)) return 0;
    const size_t patched = patch_table(library, DT_JMPREL, DT_PLTRELSZ, lookup) +
                           patch_table(library, DT_RELA, DT_RELASZ, lookup);
    HD_ASSERT(protect(&search.relro, PROT_READ));
    return patched;
}

/// libc's own malloc makes its calls inside libc, by no such word; what else libc would be patched
/// in is none of an allocator's.
static bool library_loaded(void *handle)
{
    const struct link_map *library = handle; // glibc's handles are its link_maps
    return !hd_elf_is_libc(library) && hd_got_patch(library, hd_got_hook) > 0;
}

static enum hd_status open_got(struct hd_message *message)
{
    (void)message;
    return HD_OK; // nothing of the machine is needed until a library is loaded
}

const struct hd_way hd_way_got = {.open = open_got, .library_loaded = library_loaded};
