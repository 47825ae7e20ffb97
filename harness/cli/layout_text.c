// SPDX-License-Identifier: MIT
/// layout_text.c: an address space for a person, from low to high.
#include "harness/cli/layout.h"

#include "harness/cli/size_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define BLOCKS_SHOWN 8 // of a mapping, half of them from each end

#define PLACE_WIDTH 27 // two addresses of 12 digits

#define GREEN "\033[32m"
#define RED   "\033[31m"
#define PLAIN "\033[0m"

#define PLACE_TEXT_MAX 320

/// What a row is called where addresses are not wanted.
static const char *name_of(const struct hd_layout_row *row)
{
    if (row->whose == HD_WHOSE_ALLOCATOR) return row->number != 0 ? "map" : "brk";
    return row->owner;
}

static void put_place(const struct hd_layout_row *row, bool relative, char text[PLACE_TEXT_MAX])
{
    const bool alone = row->whose == HD_WHOSE_KERNEL || strcmp(row->what, "stack") == 0;
    if (!relative)
        (void)snprintf(text, PLACE_TEXT_MAX, "%012" PRIxPTR "-%012" PRIxPTR, row->start, row->end);
    else if (alone)
        (void)snprintf(text, PLACE_TEXT_MAX, "%s", row->what);
    else if (row->number != 0)
        (void)snprintf(text, PLACE_TEXT_MAX, "%s%" PRIu64, name_of(row), row->number);
    else if (row->start == row->origin)
        (void)snprintf(text, PLACE_TEXT_MAX, "%s", name_of(row));
    else
        (void)snprintf(text, PLACE_TEXT_MAX, "%s+%#" PRIxPTR, name_of(row),
                       row->start - row->origin);
}

static const char *color_of(const struct hd_layout_row *row)
{
    if (row->whose == HD_WHOSE_ALLOCATOR) return GREEN;
    return row->whose == HD_WHOSE_FOREIGN ? RED : "";
}

// ---------------------------------------------------------------------------- one row

static void print_block(const struct hd_layout_row *row, const struct hd_snapshot_block *block)
{
    (void)printf("      slot %-6" PRIu32 " +%#-10" PRIxPTR " %zu byte%s, %zu usable\n", block->slot,
                 block->address - row->start, block->size, block->size == 1 ? "" : "s",
                 block->usable);
}

static void print_blocks(const struct hd_layout_row *row, bool all)
{
    const size_t count = row->block_count;
    const bool shortened = !all && count > BLOCKS_SHOWN + 1; // not to write a line about one
    for (size_t i = 0; i < count; i++) {
        if (shortened && i == BLOCKS_SHOWN / 2) {
            const size_t left_out = count - BLOCKS_SHOWN;
            (void)printf("      ... %zu more blocks\n", left_out);
            i += left_out;
        }
        print_block(row, &row->blocks[i]);
    }
}

static void print_row(const struct hd_layout_view *view, const struct hd_layout_row *row)
{
    char place[PLACE_TEXT_MAX];
    char size[HD_SIZE_TEXT_MAX];
    put_place(row, view->relative, place);
    (void)printf("  %s%-*s %10s  %s  %-20s  %s%s\n", view->color ? color_of(row) : "", PLACE_WIDTH,
                 place, hd_size_text(row->end - row->start, size), row->rights, row->owner, row->what,
                 view->color && *color_of(row) != '\0' ? PLAIN : "");
    print_blocks(row, view->all);
}

static void print_gap(size_t bytes)
{
    char size[HD_SIZE_TEXT_MAX];
    (void)printf("  %-*s %10s        gap\n", PLACE_WIDTH, "", hd_size_text(bytes, size));
}

// ---------------------------------------------------------------------------- the whole

/// The break lies behind a row's end or in it; `below` NULL: in no row.
static void print_break(const struct hd_layout *layout, const struct hd_layout_row *below,
                        bool relative)
{
    if (below != NULL)
        (void)printf("      break       +%#" PRIxPTR "\n", layout->break_at - below->start);
    else if (relative)
        (void)printf("  break\n");
    else
        (void)printf("  %012" PRIxPTR "  break\n", layout->break_at);
}

static void print_rows(const struct hd_layout_view *view, const struct hd_layout *layout)
{
    const uintptr_t break_at = layout->break_at;
    uintptr_t at = 0;
    for (size_t i = 0; i < layout->count; i++) {
        const struct hd_layout_row *row = &layout->rows[i];
        const bool heap_next = break_at > at && break_at <= row->start;
        if (heap_next && at != 0) print_break(layout, NULL, view->relative);
        if (at != 0 && row->start > at && !view->relative) print_gap(row->start - at);
        print_row(view, row);
        if (break_at > row->start && break_at <= row->end)
            print_break(layout, row, view->relative);
        at = row->end;
    }
}

static void print_sums(const struct hd_layout *layout)
{
    char mapped[HD_SIZE_TEXT_MAX];
    char reserved[HD_SIZE_TEXT_MAX];
    char live[HD_SIZE_TEXT_MAX];
    char waste[HD_SIZE_TEXT_MAX];
    const size_t more = layout->mapped > layout->live ? layout->mapped - layout->live : 0;
    (void)printf("  the allocator's: %s mapped, %s reserved; %s live in %zu block%s; %s waste\n",
                 hd_size_text(layout->mapped, mapped), hd_size_text(layout->reserved, reserved),
                 hd_size_text(layout->live, live), layout->blocks, layout->blocks == 1 ? "" : "s",
                 hd_size_text(more, waste));
}

void hd_layout_text(const struct hd_layout_view *view)
{
    const struct hd_trials *trials = view->trials;
    for (size_t i = 0; i < trials->result_count; i++) {
        const struct hd_snapshot *snapshot = trials->results[i].snapshot;
        (void)printf("%s%s\n", i > 0 ? "\n" : "", trials->roster.names[i]);
        if (snapshot == NULL) {
            (void)printf("  it did not come to the end of the trace\n");
            continue;
        }
        struct hd_layout layout;
        hd_layout_open(&layout, snapshot, view->program);
        print_rows(view, &layout);
        if (snapshot->blocks_live > snapshot->block_count)
            (void)printf("  and %zu more blocks, that found no room\n",
                         snapshot->blocks_live - snapshot->block_count);
        print_sums(&layout);
        hd_layout_close(&layout);
    }
}
