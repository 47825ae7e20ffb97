// SPDX-License-Identifier: MIT
/// elf_symbols.c: a name looked up in the hash table of one library.
#include "allocators/elf_symbols.h"

#include <dlfcn.h>
#include <gnu/lib-names.h>
#include <stddef.h>
#include <string.h>

#define VERSION_HIDDEN 0x8000 // of an entry of DT_VERSYM: not the default version
#define VERSION_LOCAL  0

struct symbols {
    const ElfW(Sym) *all;
    const char *strings;
    const ElfW(Half) *versions; // NULL: it has none
    const uint32_t *gnu_hash;   // NULL: it has none
    const uint32_t *hash;       // the same
};

bool hd_elf_is_libc(const struct link_map *library)
{
    const char *slash = strrchr(library->l_name, '/');
    return strcmp(slash != NULL ? slash + 1 : library->l_name, LIBC_SO) == 0;
}

// ---------------------------------------------------------------------------- dynamic section

uint64_t hd_elf_value(const struct link_map *library, int64_t tag)
{
    if (library->l_ld == NULL) return 0;
    for (const ElfW(Dyn) *entry = library->l_ld; entry->d_tag != DT_NULL; entry++)
        if (entry->d_tag == tag) return entry->d_un.d_val;
    return 0;
}

/// glibc writes the address where the table is into the section, but where it cannot write to it;
/// then it is still relative to where the library is.
const void *hd_elf_table(const struct link_map *library, int64_t tag)
{
    const uint64_t address = hd_elf_value(library, tag);
    if (address == 0) return NULL;
    return (const void *)(uintptr_t)(address < library->l_addr ? address + library->l_addr
                                                               : address);
}

// ---------------------------------------------------------------------------- hash tables

static bool is_offered(const struct symbols *symbols, uint32_t i, const char *name)
{
    const ElfW(Sym) *symbol = &symbols->all[i];
    const unsigned type = ELF64_ST_TYPE(symbol->st_info);
    if (symbol->st_shndx == SHN_UNDEF || ELF64_ST_BIND(symbol->st_info) == STB_LOCAL) return false;
    if (type != STT_FUNC && type != STT_GNU_IFUNC && type != STT_OBJECT && type != STT_NOTYPE)
        return false;
    if (symbols->versions != NULL && ((symbols->versions[i] & VERSION_HIDDEN) != 0 ||
                                      symbols->versions[i] == VERSION_LOCAL))
        return false;
    return strcmp(symbols->strings + symbol->st_name, name) == 0;
}

/// Header: buckets, first symbol hashed, words of the filter, its shift; the filter, in words of an
/// address's size; the buckets; a word for each symbol: its hash, the lowest bit set in the last of
/// a bucket.
static uint32_t find_by_gnu_hash(const struct symbols *symbols, const char *name)
{
    const uint32_t bucket_count = symbols->gnu_hash[0];
    const uint32_t first = symbols->gnu_hash[1];
    const uint32_t filter_words = symbols->gnu_hash[2] * (uint32_t)(sizeof(ElfW(Addr)) / 4);
    const uint32_t *buckets = symbols->gnu_hash + 4 + filter_words;
    const uint32_t *hashes = buckets + bucket_count;
    uint32_t hash = 5381;
    for (const unsigned char *at = (const unsigned char *)name; *at != '\0'; at++)
        hash = hash * 33 + *at;

    if (bucket_count == 0) return 0;
    uint32_t i = buckets[hash % bucket_count];
    if (i < first) return 0; // an empty bucket
    for (;; i++) {
        const uint32_t its = hashes[i - first];
        if ((its | 1) == (hash | 1) && is_offered(symbols, i, name)) return i;
        if ((its & 1) != 0) return 0;
    }
}

/// Header: buckets, symbols; the buckets; for each symbol the next of its bucket, 0 behind the
/// last.
static uint32_t find_by_hash(const struct symbols *symbols, const char *name)
{
    const uint32_t bucket_count = symbols->hash[0];
    const uint32_t *buckets = symbols->hash + 2;
    const uint32_t *next = buckets + bucket_count;
    uint32_t hash = 0;
    for (const unsigned char *at = (const unsigned char *)name; *at != '\0'; at++) {
        hash = (hash << 4) + *at;
        hash ^= (hash & 0xf0000000) >> 24;
        hash &= 0x0fffffff;
    }

    if (bucket_count == 0) return 0;
    uint32_t i = buckets[hash % bucket_count];
    while (i != 0 && !is_offered(symbols, i, name)) i = next[i];
    return i;
}

/// What the resolver of an indirect function (STT_GNU_IFUNC) is to be told depends on the machine:
/// left to the dynamic linker. A library that was loaded for another one has no handle yet.
static void *resolve(const struct link_map *library, const char *name)
{
    void *handle = dlopen(library->l_name, RTLD_NOW | RTLD_NOLOAD);
    if (handle == NULL) return NULL;
    void *address = dlsym(handle, name);
    (void)dlclose(handle); // it stays loaded, as it was
    return address;
}

void *hd_elf_symbol(const struct link_map *library, const char *name)
{
    const struct symbols symbols = {
        .all = hd_elf_table(library, DT_SYMTAB),
        .strings = hd_elf_table(library, DT_STRTAB),
        .versions = hd_elf_table(library, DT_VERSYM),
        .gnu_hash = hd_elf_table(library, DT_GNU_HASH),
        .hash = hd_elf_table(library, DT_HASH),
    };
    if (symbols.all == NULL || symbols.strings == NULL) return NULL;
    uint32_t i = 0; // no symbol
    if (symbols.gnu_hash != NULL)
        i = find_by_gnu_hash(&symbols, name);
    else if (symbols.hash != NULL)
        i = find_by_hash(&symbols, name);
    if (i == 0) return NULL;

    const ElfW(Sym) *symbol = &symbols.all[i];
    if (ELF64_ST_TYPE(symbol->st_info) == STT_GNU_IFUNC) return resolve(library, name);
    return (void *)(uintptr_t)(library->l_addr + symbol->st_value);
}
