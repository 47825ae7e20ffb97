// SPDX-License-Identifier: MIT
/// pause_libfuzzer.c: the counters as they were, the program's and the library's. Without an engine
/// the program has none.
#include "harness/fuzz/pause.h"

#include "allocators/status.h"
#include "harness/fresh/library.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// The linker's names for the section of -fsanitize-coverage=inline-8bit-counters.
extern uint8_t __start___sancov_cntrs[] __attribute__((weak));
extern uint8_t __stop___sancov_cntrs[] __attribute__((weak));

#define SECTIONS_MAX 8

/// Counters, and what they were.
static struct section {
    uint8_t *start;
    size_t size;
} sections[SECTIONS_MAX];
static size_t section_count;
static uint8_t kept[(size_t)1 << 22]; // of one section after the other
static size_t kept_size;

/// Those that find no room are not put back: then checks count as coverage.
static bool add_section(void *context, uintptr_t start, uintptr_t end)
{
    (void)context;
    const size_t size = end - start;
    if (section_count == SECTIONS_MAX || size > sizeof kept - kept_size) return false;
    sections[section_count++] = (struct section){(uint8_t *)start, size};
    kept_size += size;
    return true;
}

void hd_coverage_watch(const struct link_map *library)
{
    section_count = kept_size = 0;
    HD_ASSERT(
        add_section(NULL, (uintptr_t)__start___sancov_cntrs, (uintptr_t)__stop___sancov_cntrs));
    if (library != NULL) (void)hd_library_visit_counters(library, add_section, NULL);
}

void hd_coverage_pause(void)
{
    uint8_t *to = kept;
    for (size_t i = 0; i < section_count; to += sections[i++].size)
        if (sections[i].size > 0) memcpy(to, sections[i].start, sections[i].size);
}

void hd_coverage_resume(void)
{
    const uint8_t *from = kept;
    for (size_t i = 0; i < section_count; from += sections[i++].size)
        if (sections[i].size > 0) memcpy(sections[i].start, from, sections[i].size);
}
