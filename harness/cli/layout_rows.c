// SPDX-License-Identifier: MIT
/// layout_rows.c: from the kernel's list of mappings, the tap's map of owners and the harness's own
/// memory to rows.
#include "harness/cli/layout.h"

#include "harness/cli/grow.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define JOB_FILE "/memfd:heapduel-job" // what parent and child share

/// A line of /proc/self/maps.
struct mapping {
    uintptr_t start;
    uintptr_t end;
    char rights[5];
    char *path; // "" for none
};

// ---------------------------------------------------------------------------- whose

static bool starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static const char *what_of_file(const char *rights)
{
    if (rights[2] == 'x') return "text";
    return rights[1] == 'w' ? "data" : "read-only data";
}

/// The base name of a path, without the mark of a file that is gone.
static char *base_name(char *path)
{
    char *deleted = strstr(path, " (deleted)");
    if (deleted != NULL) *deleted = '\0';
    char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/// Of memory that the tap does not know as the allocator's: by the file mapped. `below` is the row
/// that ends where this one begins, NULL: none does.
static void set_owner(struct hd_layout_row *row, char *path, const char *program,
                      const struct hd_layout_row *below)
{
    row->whose = HD_WHOSE_PROGRAM;
    row->owner = "program";
    row->what = what_of_file(row->rights);
    if (strcmp(path, program) == 0) return;
    if (starts_with(path, "[heap]") || starts_with(path, "[stack]")) {
        row->what = *(path + 1) == 'h' ? "heap, from before" : "stack";
    } else if (starts_with(path, JOB_FILE)) {
        row->whose = HD_WHOSE_HARNESS;
        row->owner = "harness";
        row->what = "record";
    } else if (*path == '[') {
        row->whose = HD_WHOSE_KERNEL;
        row->owner = "kernel";
        row->what = path;
    } else if (*path != '\0') {
        row->whose = HD_WHOSE_LIBRARY;
        row->owner = base_name(path);
    } else if (below != NULL && below->rights[1] == 'w' && row->rights[1] == 'w' &&
               (strcmp(below->what, "data") == 0)) {
        row->whose = below->whose; // what a file's data has beyond the file
        row->owner = below->owner;
        row->what = "bss";
    } else {
        row->whose = HD_WHOSE_OTHER;
        row->owner = "other";
        row->what = "mapping";
    }
}

// ---------------------------------------------------------------------------- parts of a mapping

/// What the part of a mapping that begins at an address is, and where that part ends.
struct part {
    uintptr_t end;
    bool ours;
    enum hd_owner owner;
};

static void look_among_ours(const struct hd_snapshot *snapshot, uintptr_t at, struct part *part)
{
    for (size_t i = 0; i < snapshot->ours_count; i++) {
        const struct hd_arena_range *range = &snapshot->ours[i];
        if (range->start <= at && at < range->end) {
            part->ours = true;
            if (range->end < part->end) part->end = range->end;
        } else if (range->start > at && range->start < part->end) {
            part->end = range->start;
        }
    }
}

/// The first region that ends behind `at`; the count of them when none does.
static size_t region_behind(const struct hd_snapshot *snapshot, uintptr_t at)
{
    size_t low = 0;
    size_t high = snapshot->region_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (snapshot->regions[middle].end > at)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/// A region ends where the break is, its last page behind it.
static void look_among_regions(const struct hd_snapshot *snapshot, uintptr_t at, struct part *part)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    const size_t i = region_behind(snapshot, at);
    if (i == snapshot->region_count) return;
    const struct hd_region *region = &snapshot->regions[i];
    if (region->start > at) {
        if (region->start < part->end) part->end = region->start;
        return;
    }
    part->owner = region->owner;
    const bool next_to = i + 1 < snapshot->region_count && region[1].start == region->end;
    const uintptr_t end = next_to ? region->end : (region->end + page - 1) & ~(page - 1);
    if (end < part->end) part->end = end;
}

static void add_row(struct hd_layout *layout, const struct mapping *mapping, uintptr_t start,
                    const struct part *part, const char *program)
{
    const struct hd_layout_row *last =
        layout->count > 0 ? &layout->rows[layout->count - 1] : NULL;
    struct hd_layout_row row = {.start = start, .end = part->end};
    memcpy(row.rights, mapping->rights, sizeof row.rights);
    if (part->ours) {
        row.whose = HD_WHOSE_HARNESS;
        row.owner = "harness";
        row.what = "mapping";
    } else if (hd_owner_is_allocators(part->owner)) {
        row.whose = HD_WHOSE_ALLOCATOR;
        row.owner = "allocator";
        row.what = part->owner == HD_OWNER_BREAK ? "heap" : "mapping";
    } else if (part->owner == HD_OWNER_FOREIGN) {
        row.whose = HD_WHOSE_FOREIGN;
        row.owner = "foreign";
        row.what = starts_with(mapping->path, "[heap]") ? "heap" : "mapping";
    } else {
        set_owner(&row, mapping->path, program,
                  last != NULL && last->end == start ? last : NULL);
    }
    layout->rows = hd_grow(layout->rows, layout->count, &layout->capacity, sizeof *layout->rows);
    layout->rows[layout->count++] = row;
}

static void add_mapping(struct hd_layout *layout, const struct mapping *mapping,
                        const struct hd_snapshot *snapshot, const char *program)
{
    for (uintptr_t at = mapping->start; at < mapping->end;) {
        struct part part = {.end = mapping->end};
        look_among_ours(snapshot, at, &part);
        if (!part.ours) look_among_regions(snapshot, at, &part);
        add_row(layout, mapping, at, &part, program);
        at = part.end;
    }
}

// ---------------------------------------------------------------------------- the whole

/// Cuts the line; false when it is none.
static bool parse_line(char *line, struct mapping *mapping)
{
    int path_at = 0;
    if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s %*s %*s %*s %n", &mapping->start,
               &mapping->end, mapping->rights, &path_at) != 3 ||
        path_at == 0 || mapping->start >= mapping->end)
        return false;
    mapping->path = line + path_at;
    return true;
}

static void number_rows(struct hd_layout *layout)
{
    uint64_t mappings = 0;
    uint64_t ours = 0;
    uint64_t others = 0;
    for (size_t i = 0; i < layout->count; i++) {
        struct hd_layout_row *row = &layout->rows[i];
        if (row->whose == HD_WHOSE_ALLOCATOR && strcmp(row->what, "mapping") == 0)
            row->number = ++mappings;
        else if (row->whose == HD_WHOSE_HARNESS)
            row->number = ++ours;
        else if (row->whose == HD_WHOSE_OTHER)
            row->number = ++others;
        for (size_t k = 0; row->number == 0 && row->origin == 0; k++)
            if (layout->rows[k].number == 0 && strcmp(layout->rows[k].owner, row->owner) == 0)
                row->origin = layout->rows[k].start;
    }
}

static void place_blocks(struct hd_layout *layout, const struct hd_snapshot *snapshot)
{
    size_t next = 0;
    layout->blocks = snapshot->blocks_live;
    for (size_t i = 0; i < layout->count; i++) {
        struct hd_layout_row *row = &layout->rows[i];
        while (next < snapshot->block_count && snapshot->blocks[next].address < row->start)
            next++;
        row->blocks = &snapshot->blocks[next];
        for (; next < snapshot->block_count && snapshot->blocks[next].address < row->end; next++)
            row->block_count++;
    }
    for (size_t i = 0; i < snapshot->block_count; i++)
        layout->live += snapshot->blocks[i].size;
}

static void add_up(struct hd_layout *layout)
{
    for (size_t i = 0; i < layout->count; i++) {
        const struct hd_layout_row *row = &layout->rows[i];
        if (row->whose != HD_WHOSE_ALLOCATOR) continue;
        if (starts_with(row->rights, "---"))
            layout->reserved += row->end - row->start;
        else
            layout->mapped += row->end - row->start;
    }
}

void hd_layout_open(struct hd_layout *layout, const struct hd_snapshot *snapshot,
                    const char *program)
{
    *layout = (struct hd_layout){.break_at = snapshot->brk_end};
    size_t capacity = 0; // hd_grow makes room for more than one such item
    layout->text = hd_grow(NULL, 0, &capacity, snapshot->maps_size + 1);
    memcpy(layout->text, snapshot->maps, snapshot->maps_size);
    layout->text[snapshot->maps_size] = '\0';
    char *line = layout->text;
    for (char *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        struct mapping mapping;
        *end = '\0';
        if (parse_line(line, &mapping)) add_mapping(layout, &mapping, snapshot, program);
    }
    number_rows(layout);
    place_blocks(layout, snapshot);
    add_up(layout);
}

void hd_layout_close(struct hd_layout *layout)
{
    free(layout->rows);
    free(layout->text);
    *layout = (struct hd_layout){0};
}
