// SPDX-License-Identifier: MIT
/// owner.c: ranges of code, found by a symbol or an address in each.
#include "harness/tap/owner.h"

#include "harness/tap/tap.h"

#include <link.h>
#include <stddef.h>
#include <sys/auxv.h>

#define RANGES_MAX 8

struct range {
    uintptr_t start;
    uintptr_t end;
};

static struct range excluded[RANGES_MAX];
static size_t excluded_count;

bool hd_owner_is_allocator(uintptr_t from)
{
    for (size_t i = 0; i < excluded_count; i++)
        if (from - excluded[i].start < excluded[i].end - excluded[i].start) return false;
    return true;
}

void hd_tap_exclude(uintptr_t start, uintptr_t end)
{
    HD_ASSERT(excluded_count < RANGES_MAX);
    excluded[excluded_count++] = (struct range){start, end};
}

// Of a sanitizer's runtime, linked in or shared; the linker leaves it NULL where there is none.
extern void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

/// The executable segments of the object that holds one of these addresses.
static int exclude_object(struct dl_phdr_info *info, size_t size, void *data)
{
    (void)size;
    const uintptr_t *addresses = data; // ended by 0
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || (segment->p_flags & PF_X) == 0) continue;
        const uintptr_t start = info->dlpi_addr + segment->p_vaddr;
        for (const uintptr_t *address = addresses; *address != 0; address++) {
            if (*address - start >= segment->p_memsz) continue;
            hd_tap_exclude(start, start + segment->p_memsz);
            break;
        }
    }
    return 0;
}

/// Some code of the dynamic linker; 0 in a static program.
static uintptr_t in_linker(void)
{
    const uintptr_t base = getauxval(AT_BASE);
    if (base == 0) return 0;
    const ElfW(Ehdr) *header = (const ElfW(Ehdr) *)base;
    return base + header->e_entry;
}

void hd_owner_open(void)
{
    uintptr_t addresses[4] = {(uintptr_t)hd_owner_open, 0};
    size_t count = 1;
    const uintptr_t others[] = {in_linker(), (uintptr_t)__sanitizer_set_death_callback};
    for (size_t i = 0; i < 2; i++)
        if (others[i] != 0) addresses[count++] = others[i];
    (void)dl_iterate_phdr(exclude_object, addresses);
}
