// SPDX-License-Identifier: MIT
/// elf_symbols.h: what a loaded library's own tables say of its symbols.
///
/// Read without the dynamic linker: dlsym takes memory from libc's malloc for the text of a
/// failure, and where libc's malloc is under test nobody else may have called it. System V gABI,
/// chapter 5; the GNU hash table and symbol versions as glibc has them.
#ifndef HD_ELF_SYMBOLS_H
#define HD_ELF_SYMBOLS_H

#include <link.h>
#include <stdbool.h>
#include <stdint.h>

/// True for the C library.
bool hd_elf_is_libc(const struct link_map *library);

/// The value of an entry of the library's dynamic section, as DT_RELASZ: 0 when it has none.
uint64_t hd_elf_value(const struct link_map *library, int64_t tag);

/// The address of a table that the dynamic section tells of, as DT_SYMTAB: NULL when it has none.
const void *hd_elf_table(const struct link_map *library, int64_t tag);

/// The address of the symbol that the library itself defines, for others to see, in its default
/// version; NULL when there is none. What it only depends on is not searched.
/// Calls malloc only for an indirect function, which none of glibc's own is that allocates.
void *hd_elf_symbol(const struct link_map *library, const char *name);

#endif
